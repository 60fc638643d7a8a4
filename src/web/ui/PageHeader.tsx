import { Anchor, Group, Text, Title } from "@mantine/core";
import { IconChevronLeft } from "@tabler/icons-react";
import { type ReactNode, useEffect } from "react";
import css from "./PageHeader.module.css";

/** The top of a page: its one `h1`, which also names the window; a way back; and at most one primary action. */
export function PageHeader({
  title,
  windowTitle,
  lead,
  back,
  badge,
  actions,
}: {
  readonly title: ReactNode;
  /** The window's name if `title` is not plain text. */
  readonly windowTitle?: string;
  /** One sentence or fact below the title. */
  readonly lead?: ReactNode;
  readonly back?: { readonly label: string; readonly href: string };
  readonly badge?: ReactNode;
  readonly actions?: ReactNode;
}) {
  const name = windowTitle ?? (typeof title === "string" ? title : "Postroad");
  useEffect(() => {
    document.title = `${name} · Postroad`;
  }, [name]);
  return (
    <header className={css.header}>
      <div className={css.words}>
        {back && (
          <Anchor href={back.href} size="sm" className={css.back}>
            <IconChevronLeft aria-hidden size={15} />
            {back.label}
          </Anchor>
        )}
        <Group gap="sm" align="center">
          <Title order={1} className={css.title}>
            {title}
          </Title>
          {badge}
        </Group>
        {lead && (
          <Text component="div" c="dimmed" size="sm" className={css.lead}>
            {lead}
          </Text>
        )}
      </div>
      {actions && <div className={css.actions}>{actions}</div>}
    </header>
  );
}
