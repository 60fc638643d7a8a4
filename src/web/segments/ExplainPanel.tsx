import { Button, Group, Text, TextInput } from "@mantine/core";
import { IconCheck, IconX } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { segmentRoutes } from "#contract/segments.ts";
import type { Definition } from "#core/segments/condition.ts";
import type { Explanation } from "#core/segments/explain.ts";
import { ask } from "../app/api.ts";
import { Panel } from "../ui/Panel.tsx";
import { problemOf } from "../ui/problem.ts";
import { useDebounced } from "../ui/useDebounced.ts";
import css from "./segments.module.css";

/** Says why one contact is or is not meant, rule by rule, and says it again when the rules change. */
export function ExplainPanel({ definition }: { readonly definition: Definition | undefined }) {
  const [typed, setTyped] = useState("");
  const [contact, setContact] = useState("");
  const rested = useDebounced(definition, 400);
  const explained = useQuery({
    ...ask(segmentRoutes.explain, { body: { definition: rested ?? everyone, contact } }),
    enabled: rested !== undefined && contact !== "",
    placeholderData: keepPreviousData,
    retry: false,
  });
  const found = definition && !explained.error ? explained.data : undefined;
  return (
    <Panel title="Why is someone in, or not?">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          setContact(typed.trim());
          if (typed.trim() === contact) void explained.refetch();
        }}
      >
        <Group align="end" gap="xs" wrap="nowrap">
          <TextInput
            label="Address of a contact"
            placeholder="ana@example.com"
            style={{ flex: 1 }}
            value={typed}
            error={explained.error ? problemOf(explained.error).title : undefined}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
          <Button type="submit" variant="default" disabled={!definition || typed.trim() === ""}>
            Explain
          </Button>
        </Group>
      </form>
      <div aria-live="polite" aria-busy={explained.isFetching}>
        {found && contact !== "" && (
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

const everyone: Definition = { timeZone: "UTC", condition: { kind: "all", of: [] } };

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
