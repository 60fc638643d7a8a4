import { interactionKinds } from "../condition.ts";

/** How interactions are called in text: `clicked("Invite")`. Custom events are `did("purchase")`. */
const interactionWords: { readonly [kind in (typeof interactionKinds)[number]]: string } = {
  received: "received",
  open: "opened",
  click: "clicked",
  view: "viewed",
  forward: "forwarded",
  unsubscribe: "unsubscribed",
  bounce: "bounced",
  complaint: "complained",
  registered: "registered",
  "registration-cancelled": "cancelled_registration",
  "form-submitted": "submitted_form",
};

/** The interaction that a word names. */
export function interactionOfWord(word: string): string | undefined {
  return interactionKinds.find((kind) => interactionWords[kind] === word);
}

/** The word for an interaction that is not a custom event. */
export function interactionWord(interaction: string): string {
  const kind = interactionKinds.find((each) => each === interaction);
  return kind === undefined ? interaction : interactionWords[kind];
}

/** What a bare name in the brackets of an interaction refers to. */
export function subjectOf(interaction: string): "message" | "event" {
  return interaction === "registered" || interaction === "registration-cancelled" ? "event" : "message";
}

/** How states of journeys are called in text: `in_journey("Welcome")`. */
export const journeyWords = {
  in: "in_journey",
  entered: "entered_journey",
  finished: "finished_journey",
} as const;

/** Words that mean something where a rule begins; a field of that name is written in backquotes. */
export const reservedWords: readonly string[] = ["and", "or", "not", "everyone", "nobody", "mailable"];

/** Words that are followed by brackets. */
export const callWords: readonly string[] = [
  ...Object.values(interactionWords),
  "did",
  "subscribed",
  "in_segment",
  ...Object.values(journeyWords),
  "count",
  "all",
  "any",
];
