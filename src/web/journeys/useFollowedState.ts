import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { journeyRoutes } from "#contract/journeys.ts";
import { ask } from "../app/api.ts";
import { refreshMs } from "../app/query-client.ts";
import type { Saved } from "./useJourneyDraft.ts";

/** Notices what happens to a running journey elsewhere: that it completed by itself, or that somebody paused it. */
export function useFollowedState(saved: Saved, accept: (journey: Saved) => void): void {
  const isRunning = saved.state === "live" || saved.state === "paused";
  const seen = useQuery({
    ...ask(journeyRoutes.get, { params: { journeyId: saved.id } }),
    enabled: isRunning,
    refetchInterval: refreshMs.live,
  }).data;
  useEffect(() => {
    if (isRunning && seen && seen.updatedAt > saved.updatedAt) accept(seen);
  }, [isRunning, seen, saved, accept]);
}
