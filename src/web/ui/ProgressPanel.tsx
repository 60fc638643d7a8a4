import { Progress, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { formatDuration, formatShare } from "./format.ts";
import { Panel } from "./Panel.tsx";

/** Long work under way: how far, how fast, how long yet, and how to stop it. */
export function ProgressPanel({
  title,
  share,
  rate,
  secondsLeft,
  actions,
  children,
}: {
  readonly title: string;
  /** 0..1. */
  readonly share: number;
  /** Such as "21,000 rows/s". */
  readonly rate?: string | undefined;
  readonly secondsLeft?: number | undefined;
  readonly actions?: ReactNode;
  readonly children?: ReactNode;
}) {
  const facts = [
    formatShare(share),
    rate,
    secondsLeft === undefined ? undefined : `about ${formatDuration(secondsLeft)} left`,
  ].filter((fact) => fact !== undefined);
  return (
    <Panel title={title} actions={actions}>
      <Progress.Root size="lg" radius="xl">
        <Progress.Section value={Math.min(100, Math.max(0, share * 100))} aria-label={title} />
      </Progress.Root>
      <Text size="sm" c="dimmed" mt="xs" role="status">
        {facts.join(" · ")}
      </Text>
      {children}
    </Panel>
  );
}
