import { Text, Title } from "@mantine/core";
import { type ReactNode, useEffect } from "react";
import css from "./BareFrame.module.css";

/** The frame of pages before signing in: the name of the product, one heading, one form. */
export function BareFrame({
  title,
  lead,
  children,
}: {
  readonly title: string;
  readonly lead?: ReactNode;
  readonly children: ReactNode;
}) {
  useEffect(() => {
    document.title = `${title} · Postroad`;
  }, [title]);
  return (
    <main className={css.frame}>
      <div className={css.brand}>
        <img src="/mark.svg" alt="" width={30} height={30} /> Postroad
      </div>
      <section className={css.card}>
        <Title order={1}>{title}</Title>
        {lead && (
          <Text c="dimmed" size="sm" mt={4} component="div">
            {lead}
          </Text>
        )}
        <div className={css.body}>{children}</div>
      </section>
    </main>
  );
}
