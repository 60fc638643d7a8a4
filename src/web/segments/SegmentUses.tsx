import { Anchor, List, Text } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { segmentRoutes } from "#contract/segments.ts";
import { ask } from "../app/api.ts";
import { paths } from "../app/paths.ts";
import { Panel } from "../ui/Panel.tsx";
import { StatusBadge } from "../ui/StatusBadge.tsx";

/** Journeys and segments that use a segment. */
export function SegmentUses({ id }: { readonly id: string }) {
  const { data } = useSuspenseQuery(ask(segmentRoutes.uses, { params: { id } }));
  return (
    <>
      <Panel title="Journeys">
        {data.journeys.length === 0 && <Text c="dimmed">No journey uses it.</Text>}
        <List spacing="xs">
          {data.journeys.map((journey) => (
            <List.Item key={journey.id}>
              <Anchor href={paths.journey({ id: journey.id })}>{journey.name}</Anchor>{" "}
              <StatusBadge tone={journey.state === "live" ? "good" : "quiet"}>{journey.state}</StatusBadge>
            </List.Item>
          ))}
        </List>
      </Panel>
      <Panel title="Segments">
        {data.segments.length === 0 && <Text c="dimmed">No other segment contains it.</Text>}
        <List spacing="xs">
          {data.segments.map((segment) => (
            <List.Item key={segment.id}>
              <Anchor href={paths.segment({ id: segment.id })}>{segment.name}</Anchor>
            </List.Item>
          ))}
        </List>
      </Panel>
    </>
  );
}
