import { Avatar, Menu, UnstyledButton, useMantineColorScheme } from "@mantine/core";
import { IconCheck, IconDeviceDesktop, IconLogout, IconMoon, IconSun, IconUser } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { accessRoutes } from "#contract/access.ts";
import { notify } from "../ui/notify.tsx";
import { call } from "./api.ts";
import { useGo } from "./navigation.ts";
import { paths } from "./paths.ts";
import css from "./Shell.module.css";
import { useSession } from "./session.ts";

const schemes = [
  { value: "auto", label: "As the system", icon: IconDeviceDesktop },
  { value: "light", label: "Light", icon: IconSun },
  { value: "dark", label: "Dark", icon: IconMoon },
] as const;

/** Who is signed in, with the account, the colours and the way out. */
export function UserMenu() {
  const { actor } = useSession();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const client = useQueryClient();
  const go = useGo();
  async function signOut(): Promise<void> {
    try {
      await call(accessRoutes.signOut, {});
      go(paths.signIn());
      client.clear();
    } catch (error) {
      notify.failed(error);
    }
  }
  return (
    <Menu width={216} position="top-start">
      <Menu.Target>
        <UnstyledButton className={css.user}>
          <Avatar size={32} radius="xl" name={actor.name} color="spruce" aria-hidden />
          <span className={css.userWords}>
            <strong>{actor.name}</strong>
            <span>{actor.role}</span>
          </span>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item component="a" href={paths.account()} leftSection={<IconUser aria-hidden size={16} />}>
          Your account
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>Colours</Menu.Label>
        {schemes.map(({ value, label, icon: Icon }) => (
          <Menu.Item
            key={value}
            role="menuitemradio"
            aria-checked={colorScheme === value}
            closeMenuOnClick={false}
            leftSection={<Icon aria-hidden size={16} />}
            rightSection={colorScheme === value ? <IconCheck aria-hidden size={16} /> : undefined}
            onClick={() => setColorScheme(value)}
          >
            {label}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout aria-hidden size={16} />} onClick={() => void signOut()}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
