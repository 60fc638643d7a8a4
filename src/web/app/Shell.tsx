import { ActionIcon, Drawer, Kbd, UnstyledButton } from "@mantine/core";
import { useDisclosure, useHotkeys, useMediaQuery } from "@mantine/hooks";
import { IconMenu2, IconSearch } from "@tabler/icons-react";
import { Outlet, useLocation } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { phoneQuery } from "../ui/DataTable.tsx";
import { CommandPalette } from "./CommandPalette.tsx";
import { ConnectionBanner } from "./ConnectionBanner.tsx";
import { Mark } from "./Mark.tsx";
import { pages } from "./pages.ts";
import { paths } from "./paths.ts";
import { placeOf, places } from "./places.ts";
import { SendingBanner } from "./SendingBanner.tsx";
import css from "./Shell.module.css";
import { SignedIn } from "./SignedIn.tsx";
import { UserMenu } from "./UserMenu.tsx";

const isWideAt = (pathname: string) =>
  pages.some(
    ({ path, isWide }) => isWide && new RegExp(`^${path.replace(/\$\w+/g, "[^/]+")}$`).test(pathname),
  );

/** The frame of every page after signing in: navigation, the connection's state, and the page in its landmark. */
export function Shell() {
  return (
    <SignedIn>
      <Frame />
    </SignedIn>
  );
}

function Frame() {
  const { pathname } = useLocation();
  const main = useRef<HTMLElement>(null);
  const arrivedAt = useRef(pathname);
  const isPhone = useMediaQuery(phoneQuery, undefined, { getInitialValueInEffect: false });
  const [isPaletteOpen, palette] = useDisclosure(false);
  const [isMenuOpen, menu] = useDisclosure(false);
  useHotkeys([["mod+K", palette.open]], []);

  // A new page is announced and read from its start; the first one is left to the browser.
  useEffect(() => {
    if (arrivedAt.current === pathname) return;
    arrivedAt.current = pathname;
    menu.close();
    main.current?.focus();
  }, [pathname, menu.close]);

  return (
    <div className={css.shell}>
      <a href="#main" className={css.skip}>
        Skip to the page
      </a>
      {isPhone ? (
        <section className={css.topbar} aria-label="Top">
          <ActionIcon
            variant="subtle"
            color="gray"
            size="lg"
            aria-label="Open navigation"
            onClick={menu.open}
          >
            <IconMenu2 aria-hidden size={20} />
          </ActionIcon>
          <a href={paths.home()} className={css.brand}>
            <Mark size={24} /> Postroad
          </a>
          <ActionIcon variant="subtle" color="gray" size="lg" aria-label="Go to…" onClick={palette.open}>
            <IconSearch aria-hidden size={20} />
          </ActionIcon>
        </section>
      ) : (
        <nav aria-label="Main" className={css.rail}>
          <a href={paths.home()} className={css.brand}>
            <Mark /> Postroad
          </a>
          <Navigation pathname={pathname} onGoTo={palette.open} />
        </nav>
      )}
      <Drawer opened={isPhone === true && isMenuOpen} onClose={menu.close} size={280} title="Postroad">
        <nav aria-label="Main" className={css.drawer}>
          <Navigation pathname={pathname} onGoTo={palette.open} />
        </nav>
      </Drawer>
      <main id="main" ref={main} tabIndex={-1} className={css.main} data-wide={isWideAt(pathname)}>
        <ConnectionBanner />
        <SendingBanner />
        <Outlet />
      </main>
      <CommandPalette isOpen={isPaletteOpen} onClose={palette.close} />
    </div>
  );
}

function Navigation({ pathname, onGoTo }: { readonly pathname: string; readonly onGoTo: () => void }) {
  const here = placeOf(pathname);
  const built = places.filter(({ href }) => pages.some(({ path }) => path === href));
  return (
    <>
      <UnstyledButton className={css.goto} onClick={onGoTo}>
        <IconSearch aria-hidden size={16} />
        <span>Go to…</span>
        <Kbd size="xs">{navigator.platform.startsWith("Mac") ? "⌘" : "Ctrl"} K</Kbd>
      </UnstyledButton>
      <div className={css.places}>
        {built.map(({ label, href, icon: Icon }) => (
          <a key={href} href={href} className={css.place} aria-current={here === href ? "page" : undefined}>
            <Icon aria-hidden size={19} stroke={1.7} />
            {label}
          </a>
        ))}
      </div>
      <UserMenu />
    </>
  );
}
