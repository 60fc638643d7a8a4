import type { JourneyState } from "#core/journeys/lifecycle.ts";
import type { Tone } from "../ui/StatusBadge.tsx";

/** The words and tone of each state. */
export const stateWords: Readonly<Record<JourneyState, { readonly label: string; readonly tone: Tone }>> = {
  draft: { label: "Draft", tone: "quiet" },
  live: { label: "Live", tone: "good" },
  paused: { label: "Paused", tone: "warn" },
  stopped: { label: "Stopped", tone: "bad" },
  completed: { label: "Completed", tone: "info" },
};
