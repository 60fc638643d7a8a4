import { Anchor, Button, List, Loader, Text } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { z } from "zod";
import { type SegmentContact, segmentRoutes } from "#contract/segments.ts";
import type { Definition } from "#core/segments/condition.ts";
import { ask } from "../app/api.ts";
import { paths } from "../app/paths.ts";
import { formatClock, formatCount } from "../ui/format.ts";
import { Panel } from "../ui/Panel.tsx";
import { problemOf } from "../ui/problem.ts";
import { StatNumber, StatRow } from "../ui/StatNumber.tsx";
import { useDebounced } from "../ui/useDebounced.ts";

/** How many contacts fit right now, and some of them. Asks again once typing rested. */
export function PreviewPanel({ definition }: { readonly definition: Definition | undefined }) {
  const rested = useDebounced(definition, 400);
  const preview = useQuery({
    ...ask(segmentRoutes.preview, { body: { definition: rested ?? everyone } }),
    enabled: rested !== undefined,
    placeholderData: keepPreviousData,
    retry: false,
  });
  const isOld = preview.isPlaceholderData || rested !== definition;
  return (
    <Panel
      title="Who fits"
      actions={
        <Button variant="default" size="xs" disabled={!rested} onClick={() => void preview.refetch()}>
          Count again
        </Button>
      }
    >
      <div aria-live="polite" aria-busy={preview.isFetching}>
        {!definition && <Text size="sm">Complete the rules to see who fits.</Text>}
        {definition && preview.error && (
          <Text size="sm" c="var(--tone-bad)">
            {problemOf(preview.error).title} {problemOf(preview.error).help}
          </Text>
        )}
        {definition && !preview.error && !preview.data && <Loader size="sm" />}
        {definition && !preview.error && preview.data && (
          <>
            <StatRow>
              <StatNumber
                label="Contacts"
                value={formatCount(preview.data.total, "contact")}
                note={isOld ? "Counting again…" : `as of ${formatClock(preview.data.asOf)}`}
              />
            </StatRow>
            <Sample contacts={preview.data.sample} total={preview.data.total} />
          </>
        )}
      </div>
    </Panel>
  );
}

const everyone: Definition = { timeZone: "UTC", condition: { kind: "all", of: [] } };

function Sample({
  contacts,
  total,
}: {
  readonly contacts: readonly z.output<typeof SegmentContact>[];
  readonly total: number;
}) {
  if (contacts.length === 0) return null;
  return (
    <>
      <Text size="sm" c="dimmed" mt="md">
        {total > contacts.length ? `The first ${contacts.length}` : "All of them"}
      </Text>
      <List size="sm" listStyleType="none">
        {contacts.map(({ id, email, city }) => (
          <List.Item key={id}>
            <Anchor href={paths.contact({ id })}>{email}</Anchor>
            {city && <Text span c="dimmed">{` ${city}`}</Text>}
          </List.Item>
        ))}
      </List>
    </>
  );
}
