import { z } from "zod";

/** [J30] Every state a journey can be in, and what may be done in it. Quoted by the database constraint and the tests. */
export const journeyStateSchema = z.enum(["draft", "live", "paused", "stopped", "completed"]);
export type JourneyState = z.infer<typeof journeyStateSchema>;

export type JourneyAction =
  | "edit"
  | "go-live"
  | "pause"
  | "resume"
  | "stop"
  | "complete"
  | "archive"
  | "update-messages";

const allowedIn = {
  edit: ["draft"],
  "go-live": ["draft"],
  pause: ["live"],
  resume: ["paused"],
  stop: ["live", "paused"],
  complete: ["live"],
  archive: ["draft", "stopped", "completed"],
  "update-messages": ["live", "paused"],
} as const satisfies Record<JourneyAction, readonly JourneyState[]>;

/** Says whether an action is possible in a state. */
export function canDo(action: JourneyAction, state: JourneyState): boolean {
  return statesFor(action).includes(state);
}

/** The states in which an action is possible. */
export function statesFor(action: JourneyAction): readonly JourneyState[] {
  return allowedIn[action];
}
