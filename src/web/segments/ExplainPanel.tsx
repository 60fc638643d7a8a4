import { Button, Group, Text, TextInput } from "@mantine/core";
import { IconCheck, IconX } from "@tabler/icons-react";
import { useState } from "react";
import { segmentRoutes } from "#contract/segments.ts";
import type { Definition } from "#core/segments/condition.ts";
import type { Explanation } from "#core/segments/explain.ts";
import { useCall } from "../app/api.ts";
import { Panel } from "../ui/Panel.tsx";
import { problemOf } from "../ui/problem.ts";
import css from "./segments.module.css";

/** Says why one contact is or is not meant, rule by rule. */
export function ExplainPanel({ definition }: { readonly definition: Definition | undefined }) {
  const [contact, setContact] = useState("");
  const explain = useCall(segmentRoutes.explain);
  const found = explain.data;
  return (
    <Panel title="Why is someone in, or not?">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (definition && contact.trim()) explain.mutate({ body: { definition, contact } });
        }}
      >
        <Group align="end" gap="xs" wrap="nowrap">
          <TextInput
            label="Address of a contact"
            placeholder="ana@example.com"
            style={{ flex: 1 }}
            value={contact}
            error={explain.error ? problemOf(explain.error).title : undefined}
            onChange={(event) => setContact(event.currentTarget.value)}
          />
          <Button type="submit" variant="default" disabled={!definition} loading={explain.isPending}>
            Explain
          </Button>
        </Group>
      </form>
      <div aria-live="polite">
        {found && !explain.error && (
          <>
            <Text size="sm" mt="md" fw={600}>
              {found.contact.email} {found.explanation.verdict ? "is in." : "is not in."}
            </Text>
            <ul className={css.tree}>
              <Branch part={found.explanation} />
            </ul>
          </>
        )}
      </div>
    </Panel>
  );
}

function Branch({ part }: { readonly part: Explanation }) {
  const Sign = part.verdict ? IconCheck : IconX;
  return (
    <li>
      <div className={css.verdict} data-verdict={part.verdict}>
        <Sign size={16} role="img" aria-label={part.verdict ? "Yes:" : "No:"} />
        <Text size="sm">
          {part.words}
          {part.because && (
            <Text span c="dimmed">
              {` ${part.because}`}
            </Text>
          )}
        </Text>
      </div>
      {part.of.length > 0 && (
        <ul className={css.tree}>
          {placed(part.of).map(({ each, key }) => (
            <Branch key={key} part={each} />
          ))}
        </ul>
      )}
    </li>
  );
}

function placed(parts: readonly Explanation[]) {
  return parts.map((each, index) => ({ each, key: `${index} ${each.words}` }));
}
