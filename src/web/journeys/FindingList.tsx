import { Button, Text } from "@mantine/core";
import { IconAlertTriangle, IconCircleX } from "@tabler/icons-react";
import type { Found } from "./canvas-parts.ts";
import css from "./journeys.module.css";

/** What the check found, worst first: what is wrong, why it matters, what to do, and a way to the tile. */
export function FindingList({
  findings,
  onShow,
}: {
  readonly findings: readonly Found[];
  readonly onShow?: (tileId: string) => void;
}) {
  if (findings.length === 0) return null;
  const sorted = findings.toSorted((a, b) => Number(b.severity === "error") - Number(a.severity === "error"));
  return (
    <ul className={css.findings} aria-label="Problems">
      {sorted.map(({ code, severity, message, why, fix, where }) => (
        <li key={`${code} ${where.nodeId} ${message}`} className={css.finding} data-severity={severity}>
          {severity === "error" ? (
            <IconCircleX role="img" aria-label="Error" size={18} />
          ) : (
            <IconAlertTriangle role="img" aria-label="Advice" size={18} />
          )}
          <div>
            <strong>{message}</strong>
            <Text size="sm" c="var(--mantine-color-text)">
              {why} {fix}
            </Text>
            {onShow && where.nodeId && (
              <Button mt="xs" size="compact-sm" variant="default" onClick={() => onShow(where.nodeId ?? "")}>
                Show the tile
              </Button>
            )}
          </div>
        </li>
      ))}
    </ul>
  );
}
