import { Alert, SegmentedControl, Stack, Text, Textarea } from "@mantine/core";
import { useState } from "react";
import type { Condition } from "#core/segments/condition.ts";
import { describeCondition } from "#core/segments/describe.ts";
import type { TextProblem } from "#core/segments/text/lex.ts";
import { printCondition } from "#core/segments/text/print.ts";
import { readCondition } from "#core/segments/text/read-condition.ts";
import { SegmentPicker } from "./pickers.tsx";
import { useConditionSchema } from "./useNames.ts";

type Props = {
  readonly value: Condition | null;
  readonly onChange: (condition: Condition) => void;
};

/** The rule of an `if`: membership of a segment, or any rule in the readable language of segments. */
export function ConditionField({ value, onChange }: Props) {
  const schema = useConditionSchema();
  const segmentId = value?.kind === "segment" ? value.segmentId : null;
  const [mode, setMode] = useState(value === null || segmentId ? "segment" : "rule");
  return (
    <Stack gap="sm">
      <SegmentedControl
        fullWidth
        value={mode}
        onChange={setMode}
        aria-label="Kind of condition"
        data={[
          { value: "segment", label: "In a segment" },
          { value: "rule", label: "A rule" },
        ]}
      />
      {mode === "segment" ? (
        <SegmentPicker
          label="Yes, if a member of"
          value={segmentId}
          valueName={schema.catalog.segment.find(({ id }) => id === segmentId)?.name}
          onChange={(id) => onChange({ kind: "segment", segmentId: id })}
        />
      ) : (
        <RuleField value={value} onChange={onChange} />
      )}
    </Stack>
  );
}

function RuleField({ value, onChange }: Props) {
  const schema = useConditionSchema();
  const [text, setText] = useState(() => (value ? printCondition(value, schema.catalog) : ""));
  const [problems, setProblems] = useState<readonly TextProblem[]>([]);
  function read(next: string): void {
    setText(next);
    const found = readCondition(next, schema);
    setProblems(found.ok || next.trim() === "" ? [] : found.error);
    if (found.ok) onChange(found.value);
  }
  return (
    <>
      <Textarea
        label="Yes, if"
        description={'For instance: city = "Bonn" and not clicked("Invite", last 30 days)'}
        value={text}
        onChange={({ currentTarget }) => read(currentTarget.value)}
        autosize
        minRows={3}
        spellCheck={false}
        styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
      />
      {problems.length > 0 ? (
        <Alert color="red" variant="light" role="status">
          {problems.map(({ line, column, message, suggestion }) => (
            <Text key={`${line}:${column}:${message}`} size="sm">
              Line {line}, column {column}: {message} {suggestion && `Did you mean ${suggestion}?`}
            </Text>
          ))}
        </Alert>
      ) : (
        value && (
          <Text size="sm" c="dimmed">
            In words: {describeCondition(value, schema)}
          </Text>
        )
      )}
    </>
  );
}
