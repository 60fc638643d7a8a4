import { useQuery } from "@tanstack/react-query";
import { useCallback } from "react";
import type { z } from "zod";
import { type JourneyNumbers, journeyRoutes } from "#contract/journeys.ts";
import { ask } from "../app/api.ts";
import type { Saved } from "./useJourneyDraft.ts";

export type TileNumbers = z.output<typeof JourneyNumbers>["tiles"][number];

/** How often live numbers are asked for while a journey runs. They are totals, so asking is cheap at any size. */
const refreshMilliseconds = 2000;

/** The numbers of every tile, kept fresh while the journey runs. Nothing before it went live. */
export function useNumbers(journey: Saved) {
  const isRunning = journey.state === "live" || journey.state === "paused";
  const query = useQuery({
    ...ask(journeyRoutes.numbers, { params: { journeyId: journey.id } }),
    enabled: journey.live !== null,
    refetchInterval: isRunning ? refreshMilliseconds : false,
  });
  const { data } = query;
  const of = useCallback(
    (tileId: string): TileNumbers | undefined => {
      if (!data) return undefined;
      const known = data.tiles.find((tile) => tile.tileId === tileId);
      return known ?? { tileId, arrived: 0, waiting: 0, passed: {}, left: {} };
    },
    [data],
  );
  return { of, at: query.dataUpdatedAt, isRunning };
}
