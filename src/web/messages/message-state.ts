import type { messageStates } from "#contract/messages.ts";

type State = (typeof messageStates)[number];

/** The life-cycle states in words, with the tone that helps to tell them apart. */
export const stateWords: Record<
  State,
  { readonly label: string; readonly tone: "good" | "warn" | "info" | "quiet" }
> = {
  draft: { label: "Draft", tone: "quiet" },
  live: { label: "Live", tone: "good" },
  "live-with-edits": { label: "Live, edits pending", tone: "info" },
  stopped: { label: "Stopped", tone: "warn" },
  archived: { label: "Archived", tone: "quiet" },
};
