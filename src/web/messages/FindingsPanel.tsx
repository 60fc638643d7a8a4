import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck, IconCircleX } from "@tabler/icons-react";
import type { z } from "zod";
import type { Finding, Repair } from "#contract/messages.ts";

type Item = z.output<typeof Finding>;

const fieldNames: Readonly<Record<string, string>> = {
  subject: "Subject",
  preheader: "Preheader",
  from: "From",
  fromName: "From name",
  fromAddress: "From address",
  replyTo: "Reply-to",
  html: "HTML",
  text: "Plain text",
  settings: "Content settings",
  linkTags: "Link tags",
};

/** What the check found, worst first: what, where, why, how to fix it, and a one-click repair where there is one. */
export function FindingsPanel({
  findings,
  onShow,
  onRepair,
}: {
  readonly findings: readonly Item[];
  readonly onShow: (finding: Item) => void;
  readonly onRepair: (repair: Repair) => void;
}) {
  const errors = findings.filter(({ severity }) => severity === "error").length;
  const sorted = [...findings].sort(
    (a, b) => Number(a.severity !== "error") - Number(b.severity !== "error"),
  );
  return (
    <Stack gap="sm" role="region" aria-label="Error check" aria-live="polite">
      <Alert
        color={errors > 0 ? "red" : "spruce"}
        icon={errors > 0 ? <IconCircleX aria-hidden /> : <IconCircleCheck aria-hidden />}
        title={
          errors > 0
            ? `${errors} ${errors === 1 ? "error" : "errors"} to fix before going live`
            : "The check passed"
        }
      >
        {findings.length > errors
          ? `${findings.length - errors} ${findings.length - errors === 1 ? "piece" : "pieces"} of advice below.`
          : errors === 0
            ? "Nothing else to say about this message."
            : "Fix them below, then check again."}
      </Alert>
      {sorted.map((finding) => (
        <FindingItem
          key={`${finding.code}:${finding.where.field}:${finding.where.line ?? 0}:${finding.where.column ?? 0}:${finding.message}`}
          finding={finding}
          onShow={onShow}
          onRepair={onRepair}
        />
      ))}
    </Stack>
  );
}

function FindingItem({
  finding,
  onShow,
  onRepair,
}: {
  readonly finding: Item;
  readonly onShow: (finding: Item) => void;
  readonly onRepair: (repair: Repair) => void;
}) {
  const repair = finding.repair;
  const { field, line } = finding.where;
  const place = `${fieldNames[field] ?? field}${line === undefined ? "" : `, line ${line}`}`;
  const isError = finding.severity === "error";
  return (
    <Alert
      variant="outline"
      color={isError ? "red" : "yellow.8"}
      icon={isError ? <IconCircleX aria-hidden /> : <IconAlertTriangle aria-hidden />}
      title={finding.message}
      styles={{ title: { color: isError ? "var(--tone-bad)" : "var(--tone-warn)" } }}
    >
      <Text size="sm">
        {finding.why} {finding.fix}
      </Text>
      <Group gap="xs" mt="xs">
        <Button size="compact-sm" variant="default" onClick={() => onShow(finding)}>
          Show: {place}
        </Button>
        {repair && (
          <Button size="compact-sm" variant="light" onClick={() => onRepair(repair)}>
            {repair.label}
          </Button>
        )}
      </Group>
    </Alert>
  );
}
