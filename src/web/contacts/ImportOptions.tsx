import { Checkbox, Radio, Select, SimpleGrid, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { importRoutes } from "#contract/imports.ts";
import { topicRoutes } from "#contract/topics.ts";
import { ask, type InputOf } from "../app/api.ts";
import { paths } from "../app/paths.ts";
import { fromLocalInput, toLocalInput } from "./contact-values.ts";
import type { Import } from "./import-words.ts";

type Change = InputOf<typeof importRoutes.configure>["body"];
type Consent = NonNullable<Import["consent"]>;

/** What to do with people who are here already, and with consent that the people in the file gave. */
export function ImportOptions({
  wanted,
  onChange,
}: {
  readonly wanted: Import;
  readonly onChange: (change: Change) => void;
}) {
  // Held here too, so that a click shows at once and not when the server has answered.
  const [onDuplicate, setOnDuplicate] = useState(wanted.onDuplicate);
  const [consent, setConsent] = useState(wanted.consent);
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="xl">
      <Radio.Group
        label="People who are here already"
        value={onDuplicate}
        onChange={(value) => {
          const chosen = value === "skip" ? "skip" : "update";
          setOnDuplicate(chosen);
          onChange({ onDuplicate: chosen });
        }}
      >
        <Stack gap="xs" mt="xs">
          <Radio value="update" label="Update them with what the file says" />
          <Radio value="skip" label="Leave them as they are" />
        </Stack>
      </Radio.Group>
      <ConsentOption
        consent={consent}
        onChange={(next) => {
          setConsent(next);
          onChange({ consent: next });
        }}
      />
    </SimpleGrid>
  );
}

function ConsentOption({
  consent,
  onChange,
}: {
  readonly consent: Consent | null;
  readonly onChange: (consent: Consent | null) => void;
}) {
  const { data } = useSuspenseQuery(ask(topicRoutes.list, {}));
  const first = data.items[0];
  if (!first)
    return (
      <Text size="sm" c="dimmed">
        To record that the people in the file agreed to receive mail, <a href={paths.topics()}>add a topic</a>{" "}
        first.
      </Text>
    );
  return (
    <Stack gap="sm">
      <Checkbox
        label="These people agreed to receive mail, and I can prove it"
        description="Goes into the ledger of consent. Nobody who withdrew is brought back by it."
        checked={consent !== null}
        onChange={(event) =>
          onChange(event.currentTarget.checked ? { topicId: first.id, wording: "", givenAt: null } : null)
        }
      />
      {consent && (
        <>
          <Select
            label="To which topic"
            allowDeselect={false}
            data={data.items.map(({ id, name }) => ({ value: id, label: name }))}
            value={consent.topicId}
            onChange={(topicId) => topicId && onChange({ ...consent, topicId })}
          />
          <Textarea
            label="How it was given"
            description="For example the text of the form they filled in"
            autosize
            minRows={2}
            defaultValue={consent.wording}
            onBlur={(event) => onChange({ ...consent, wording: event.currentTarget.value })}
          />
          <TextInput
            label="When"
            description="The moment of the import, if you leave it empty"
            type="datetime-local"
            defaultValue={toLocalInput(consent.givenAt)}
            onBlur={(event) => onChange({ ...consent, givenAt: fromLocalInput(event.currentTarget.value) })}
          />
        </>
      )}
    </Stack>
  );
}
