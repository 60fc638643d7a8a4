import { Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import css from "./Panel.module.css";

/** A bounded part of a page with its own heading. */
export function Panel({
  title,
  lead,
  actions,
  tone,
  children,
}: {
  readonly title?: ReactNode;
  readonly lead?: ReactNode;
  readonly actions?: ReactNode;
  readonly tone?: "bad";
  readonly children?: ReactNode;
}) {
  return (
    <section className={css.panel} data-tone={tone}>
      {(title || actions) && (
        <div className={css.top}>
          <div>
            {title && <Title order={2}>{title}</Title>}
            {lead && (
              <Text c="dimmed" size="sm" mt={2} component="div" maw="72ch">
                {lead}
              </Text>
            )}
          </div>
          {actions && <div className={css.actions}>{actions}</div>}
        </div>
      )}
      {children}
    </section>
  );
}
