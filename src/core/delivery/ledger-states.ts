/** [D70] Where a delivery stands. Those with `isFate` are rows of the log, the others are not there. */
export const ledgerStates = [
  { id: "queued", isFate: false, words: "enqueued, nothing was begun" },
  { id: "begun", isFate: false, words: "its intent is committed; the first attempt is under way" },
  { id: "put-off", isFate: false, words: "waits for another attempt" },
  { id: "begun-again", isFate: false, words: "another attempt is under way" },
  { id: "accepted", isFate: true, words: "the next server took it" },
  { id: "refused", isFate: true, words: "a server said no for good" },
  { id: "skipped", isFate: true, words: "surely never left, with the reason" },
  { id: "given-up", isFate: true, words: "put off until there was no time left" },
  { id: "in-doubt", isFate: true, words: "it may have arrived" },
] as const;
export type LedgerState = (typeof ledgerStates)[number]["id"];

/**
 * [D70] What can happen to a delivery and where it stands then. Anything that is not here does not happen: the database refuses it
 * where a fate is concerned, and `docs/spec/delivery.md` shows this very table.
 *
 * An answer counts for what is in doubt or put off too: the sender that was believed to be gone heard it after all.
 */
export const ledgerEvents = [
  {
    id: "begin",
    words: "the intent of an attempt is committed",
    to: { queued: "begun", "put-off": "begun-again" },
  },
  {
    id: "give-back",
    words: "came back surely untouched",
    to: { begun: "queued", "begun-again": "put-off" },
  },
  {
    id: "accept",
    words: "2xx at the dot",
    to: { begun: "accepted", "put-off": "accepted", "begun-again": "accepted", "in-doubt": "accepted" },
  },
  {
    id: "refuse",
    words: "5xx",
    to: { begun: "refused", "put-off": "refused", "begun-again": "refused", "in-doubt": "refused" },
  },
  {
    id: "put-off",
    words: "4xx, broken or silent before the dot, or its turn by a domain's pace comes later",
    to: { begun: "put-off", "put-off": "put-off", "begun-again": "put-off", "in-doubt": "put-off" },
  },
  {
    id: "lose",
    words: "no answer to the dot, and it is held",
    to: { begun: "in-doubt", "begun-again": "in-doubt" },
  },
  {
    id: "lose-and-repeat",
    words: "no answer to the dot, and it is sent once more",
    to: { begun: "put-off", "begun-again": "put-off" },
  },
  {
    id: "bar",
    words: "may not be sent, cannot be made, is cancelled, late or past its time",
    to: {
      queued: "skipped",
      begun: "skipped",
      "put-off": "skipped",
      "begun-again": "skipped",
      "in-doubt": "skipped",
    },
  },
  {
    id: "run-out",
    words: "put off and no time left for another attempt",
    to: { begun: "given-up", "put-off": "given-up", "begun-again": "given-up", "in-doubt": "given-up" },
  },
  {
    id: "end-in-doubt",
    words: "either of these two, after an attempt that may have arrived",
    to: { "put-off": "in-doubt", "begun-again": "in-doubt" },
  },
  {
    id: "prove",
    words: "opened, clicked, reported about, or a person says that it arrived",
    to: { "in-doubt": "accepted" },
  },
  { id: "resend", words: "a person sends it once more", to: { "in-doubt": "put-off" } },
] as const satisfies readonly {
  readonly id: string;
  readonly words: string;
  readonly to: { readonly [from in LedgerState]?: LedgerState };
}[];
export type LedgerEvent = (typeof ledgerEvents)[number]["id"];

/** Facts that are noted beside a state and never change it. */
export const factsBeside = ["bounced", "complained"] as const;

/** Where a delivery stands after an event; undefined if that does not happen to it there. */
export function moveInLedger(from: LedgerState, event: LedgerEvent): LedgerState | undefined {
  const to: { readonly [state in LedgerState]?: LedgerState } =
    ledgerEvents.find(({ id }) => id === event)?.to ?? {};
  return to[from];
}

/** Whether a row of the log may be replaced by one with another outcome. */
export function mayReplaceFate(from: LedgerState, to: LedgerState): boolean {
  return ledgerEvents.some(({ id }) => moveInLedger(from, id) === to);
}

/** [D71] What never left is skipped and what found no time is given up; but what may have arrived before is in doubt. */
export function fateAfterDoubts<Outcome extends LedgerState>(
  outcome: Outcome,
  doubts: number,
): Outcome | "in-doubt" {
  return doubts > 0 && (outcome === "skipped" || outcome === "given-up") ? "in-doubt" : outcome;
}
