import { Stack, TextInput } from "@mantine/core";
import { useRef } from "react";
import type { Draft } from "./draft.ts";
import type { EditorNames } from "./HtmlEditor.tsx";
import { PersonaliseMenu } from "./PersonaliseMenu.tsx";

/** Name, subject and preheader: each may be personalised. */
export function MessageFields({
  draft,
  onChange,
  names,
}: {
  readonly draft: Draft;
  readonly onChange: (part: Partial<Draft>) => void;
  readonly names: EditorNames;
}) {
  return (
    <Stack gap="xs">
      <TextInput
        label="Name"
        name="name"
        value={draft.name}
        onChange={(event) => onChange({ name: event.currentTarget.value })}
      />
      <Personalised
        label="Subject"
        name="subject"
        value={draft.subject}
        onChange={(subject) => onChange({ subject })}
        names={names}
      />
      <Personalised
        label="Preheader"
        name="preheader"
        description="The line that inboxes show after the subject."
        value={draft.preheader}
        onChange={(preheader) => onChange({ preheader })}
        names={names}
      />
    </Stack>
  );
}

/** A one-line text with a picker that puts a field where the cursor is. */
export function Personalised({
  label,
  name,
  description,
  placeholder,
  value,
  onChange,
  names,
}: {
  readonly label: string;
  readonly name: string;
  readonly description?: string;
  readonly placeholder?: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly names: EditorNames;
}) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <TextInput
      ref={input}
      label={label}
      name={name}
      description={description}
      placeholder={placeholder}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      rightSection={
        <PersonaliseMenu
          label={`Personalise ${label.toLowerCase()}`}
          names={names}
          onPick={(text) => {
            const at = input.current?.selectionStart ?? value.length;
            const end = input.current?.selectionEnd ?? at;
            onChange(value.slice(0, at) + text + value.slice(end));
            input.current?.focus();
          }}
        />
      }
    />
  );
}
