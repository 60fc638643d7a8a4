import { Button, Code, Text, Title } from "@mantine/core";
import { IconAlertTriangle, IconRefresh } from "@tabler/icons-react";
import css from "./EmptyState.module.css";
import { problemOf } from "./problem.ts";

/** A page or part that could not be shown: what happened, what to do, and the number to quote. */
export function ProblemPanel({
  error,
  isPage = false,
  onRetry,
}: {
  readonly error: unknown;
  /** Stands for the whole page, and so has its one `h1`. */
  readonly isPage?: boolean;
  readonly onRetry?: (() => void) | undefined;
}) {
  const problem = problemOf(error);
  return (
    <section className={css.empty} role="alert">
      <div className={css.icon} aria-hidden>
        <IconAlertTriangle size={28} />
      </div>
      <Title order={isPage ? 1 : 2} fz="h2">
        {problem.title}
      </Title>
      <Text c="dimmed" maw="52ch">
        {problem.help}
      </Text>
      {problem.requestId && (
        <Text size="sm" c="dimmed">
          Request id <Code>{problem.requestId}</Code>
        </Text>
      )}
      {onRetry && (
        <div className={css.action}>
          <Button variant="default" leftSection={<IconRefresh aria-hidden size={16} />} onClick={onRetry}>
            Try again
          </Button>
        </div>
      )}
    </section>
  );
}
