import type { Listening, Step } from "#core/journeys/plan.ts";
import type { LiveJourney } from "./live-journey.ts";

/**
 * What counts for a trigger, as the statements take it: kind, event, message, mailings (null: any), and the tiles since
 * whose passing it counts. [J14]
 */
export function whatCounts(
  journey: LiveJourney,
  listening: Listening,
): readonly [string, string | null, string | null, readonly string[] | null, readonly string[]] {
  switch (listening.by) {
    case "event":
      return [listening.kind, listening.eventId, null, null, sendTiles(journey)];
    case "message":
      return [listening.kind, null, listening.messageId, null, sendTiles(journey)];
    case "tile":
      return [listening.kind, null, null, journey.mailings.get(listening.tileId) ?? [], [listening.tileId]];
  }
}

function sendTiles({ plan }: LiveJourney): string[] {
  return plan.steps.flatMap((step) => (step.kind === "send" ? [step.id] : []));
}

/** False if nothing can have counted yet, because the tile just passed is the one since which it counts. */
export function needsLook(from: Step, listening: Listening): boolean {
  return from.kind !== "send" || (listening.by === "tile" && listening.tileId !== from.id);
}
