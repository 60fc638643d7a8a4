import { Alert, SegmentedControl, Stack, Textarea } from "@mantine/core";
import { useMemo } from "react";
import { textFromHtml } from "#core/messages/text-from-html.ts";
import type { Draft } from "./draft.ts";

/** The plain-text part: made from the HTML, or written by hand. */
export function TextPart({
  draft,
  onChange,
}: {
  readonly draft: Draft;
  readonly onChange: (part: Partial<Draft>) => void;
}) {
  const made = useMemo(() => textFromHtml(draft.html), [draft.html]);
  const isOwn = draft.text !== null;
  return (
    <Stack gap="sm">
      <SegmentedControl
        aria-label="Plain text"
        value={isOwn ? "own" : "made"}
        onChange={(value) => onChange({ text: value === "own" ? made : null })}
        data={[
          { value: "made", label: "Made from the HTML" },
          { value: "own", label: "Written by hand" },
        ]}
        style={{ alignSelf: "flex-start" }}
      />
      {isOwn && (
        <Alert color="gray">
          It needs its own subscription-centre link and postal address; the error check looks at both parts.
        </Alert>
      )}
      <Textarea
        label="Plain text of the message"
        name="text"
        readOnly={!isOwn}
        value={draft.text ?? made}
        onChange={(event) => onChange({ text: event.currentTarget.value })}
        autosize
        minRows={16}
        maxRows={28}
        styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)", fontSize: 13 } }}
      />
    </Stack>
  );
}
