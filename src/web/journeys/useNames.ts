import { useSuspenseQuery } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";
import { segmentRoutes } from "#contract/segments.ts";
import type { Names } from "#core/journeys/describe.ts";
import type { Graph } from "#core/journeys/graph.ts";
import type { Schema } from "#core/segments/check-condition.ts";
import { describeCondition } from "#core/segments/describe.ts";
import { ask } from "../app/api.ts";
import { formatDateTime } from "../ui/format.ts";
import type { Saved } from "./useJourneyDraft.ts";

/** Everything that conditions and tiles can name. */
export function useConditionSchema(): Schema {
  return useSuspenseQuery({ ...ask(segmentRoutes.schema, {}), staleTime: 60_000 }).data;
}

/** The names of what the drawn graph refers to, also of what was chosen just now and is not saved yet. */
export function useNames(graph: Graph, saved: Saved): Names {
  const schema = useConditionSchema();
  return useMemo(() => {
    const named = (list: readonly { id: string; name: string }[]) =>
      Object.fromEntries(list.map(({ id, name }) => [id, { name }]));
    // What the server says of the saved graph comes last: the schema may be a minute old and miss what is new.
    return {
      segments: { ...named(schema.catalog.segment), ...saved.names.segments },
      events: { ...named(schema.catalog.event), ...saved.names.events },
      messages: {
        ...Object.fromEntries(schema.catalog.message.map(({ id, name }) => [id, { name, isLive: true }])),
        ...saved.names.messages,
      },
      conditions: Object.fromEntries(
        graph.tiles.flatMap((tile) =>
          tile.kind === "if" && tile.condition ? [[tile.id, describeCondition(tile.condition, schema)]] : [],
        ),
      ),
    };
  }, [schema, graph, saved]);
}

/** Shows moments in the journey's time zone, in the reader's language. */
export function useShowTime(timeZone: string): (moment: Date) => string {
  return useCallback((moment: Date) => `${formatDateTime(moment, { timeZone })} (${timeZone})`, [timeZone]);
}
