import { Text, Title } from "@mantine/core";
import {
  IconBan,
  IconBuilding,
  IconChecklist,
  IconForms,
  IconHistory,
  IconKey,
  IconMailOff,
  IconRobot,
  IconSend,
  IconUsers,
} from "@tabler/icons-react";
import type { ComponentType } from "react";
import type { Permission } from "#core/access/permissions.ts";
import { paths } from "../app/paths.ts";
import { useSession } from "../app/session.ts";
import { PageHeader } from "../ui/PageHeader.tsx";
import css from "./SettingsPage.module.css";

type Section = {
  readonly href: string;
  readonly title: string;
  readonly words: string;
  readonly icon: ComponentType<{ size?: number; stroke?: number }>;
  readonly needs: Permission;
};

const sections: readonly Section[] = [
  {
    href: paths.contentSettings(),
    title: "Content settings",
    words: "Who the mail is from: company, postal address, links, colours, texts.",
    icon: IconBuilding,
    needs: "settings:read",
  },
  {
    href: paths.sending(),
    title: "Sending",
    words: "Mail servers to send by, and the domains that mail is signed for.",
    icon: IconSend,
    needs: "settings:read",
  },
  {
    href: paths.bounces(),
    title: "Bounces and complaints",
    words: "What comes back after sending, and what follows from it.",
    icon: IconMailOff,
    needs: "settings:read",
  },
  {
    href: paths.tracking(),
    title: "Tracking",
    words: "How people are told from machines that open mail, and the keys that sign links.",
    icon: IconRobot,
    needs: "settings:read",
  },
  {
    href: paths.topics(),
    title: "Topics and consent",
    words: "What people can subscribe to, and whether they must opt in.",
    icon: IconChecklist,
    needs: "contacts:read",
  },
  {
    href: paths.attributes(),
    title: "Contact attributes",
    words: "What you know of contacts besides name and address.",
    icon: IconForms,
    needs: "contacts:read",
  },
  {
    href: paths.suppressions(),
    title: "Suppressed addresses",
    words: "Addresses that are never mailed, and why.",
    icon: IconBan,
    needs: "contacts:read",
  },
  {
    href: paths.users(),
    title: "People",
    words: "Who may use this workspace, with which role.",
    icon: IconUsers,
    needs: "users:write",
  },
  {
    href: paths.apiKeys(),
    title: "API keys",
    words: "Access for other programs.",
    icon: IconKey,
    needs: "keys:write",
  },
  {
    href: paths.auditLog(),
    title: "Audit log",
    words: "Who did what, and when.",
    icon: IconHistory,
    needs: "audit:read",
  },
];

/** The way to every setting that whoever is signed in may see. */
export function SettingsPage() {
  const { permissions } = useSession();
  return (
    <>
      <PageHeader title="Settings" />
      <ul className={css.sections}>
        {sections
          .filter(({ needs }) => permissions.includes(needs))
          .map(({ href, title, words, icon: Icon }) => (
            <li key={href} className={css.section}>
              <span className={css.icon} aria-hidden>
                <Icon size={20} stroke={1.7} />
              </span>
              <div>
                <Title order={2} fz="md">
                  <a href={href} className={css.link}>
                    {title}
                  </a>
                </Title>
                <Text size="sm" c="dimmed">
                  {words}
                </Text>
              </div>
            </li>
          ))}
      </ul>
    </>
  );
}
