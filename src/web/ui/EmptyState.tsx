import { Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import css from "./EmptyState.module.css";

/** What a place is for when there is nothing in it yet, and the one next step. */
export function EmptyState({
  icon,
  title,
  children,
  action,
}: {
  readonly icon: ReactNode;
  readonly title: string;
  readonly children: ReactNode;
  /** One primary button. A link below it may be added for a second way. */
  readonly action?: ReactNode;
}) {
  return (
    <section className={css.empty} aria-label={title}>
      <div className={css.icon} aria-hidden>
        {icon}
      </div>
      <Title order={2}>{title}</Title>
      <Text c="dimmed" maw="46ch">
        {children}
      </Text>
      {action && <div className={css.action}>{action}</div>}
    </section>
  );
}
