import { Alert, Button, Stack, Text } from "@mantine/core";
import { IconAlertTriangle, IconCircleX } from "@tabler/icons-react";
import type { Found } from "./canvas-parts.ts";

/** What the check found: what is wrong, why it matters, what to do, and a way to the tile. */
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
    <Stack gap="xs">
      {sorted.map(({ code, severity, message, why, fix, where }) => (
        <Alert
          key={`${code} ${where.nodeId} ${message}`}
          variant="light"
          p="sm"
          color={severity === "error" ? "red" : "yellow"}
          title={message}
          icon={severity === "error" ? <IconCircleX aria-hidden /> : <IconAlertTriangle aria-hidden />}
        >
          <Text size="sm">
            {why} {fix}
          </Text>
          {onShow && where.nodeId && (
            <Button mt="xs" size="compact-sm" variant="default" onClick={() => onShow(where.nodeId ?? "")}>
              Show the tile
            </Button>
          )}
        </Alert>
      ))}
    </Stack>
  );
}
