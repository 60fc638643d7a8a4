import { findBounceCategory } from "#core/delivery/bounce-categories.ts";
import { describeExit, nameOfKind } from "#core/journeys/describe.ts";
import { exitSchema, tileSchema } from "#core/journeys/graph.ts";

type Entry = {
  readonly source: "interaction" | "delivery" | "journey" | "consent";
  readonly kind: string;
  readonly messageName: string | null;
  readonly journeyName: string | null;
  readonly isMachine: boolean;
  readonly details: Readonly<Record<string, string>>;
};

const interactionWords: Readonly<Record<string, string>> = {
  open: "Opened",
  click: "Clicked in",
  view: "Viewed in the browser",
  trap: "Followed the hidden link of",
  forward: "Forwarded",
  unsubscribe: "Unsubscribed through",
  bounce: "Bounced:",
  complaint: "Complained about",
  registered: "Registered for",
  "registration-waiting": "Joined the waiting list of",
  "registration-cancelled": "Cancelled the registration for",
  "form-submitted": "Submitted a form",
};

const deliveryWords: Readonly<Record<string, string>> = {
  accepted: "Was sent",
  refused: "The receiving server refused",
  skipped: "Was left out of",
  "given-up": "Could not be reached with",
  "in-doubt": "May have been sent",
};

/** One thing that happened, as a sentence about the contact. */
export function timelineWords({ source, kind, messageName, journeyName, details }: Entry): string {
  const message = messageName ? `“${messageName}”` : "a message";
  switch (source) {
    case "interaction":
      if (kind.startsWith("x:")) return `Did “${kind.slice(2)}”`;
      if (kind === "form-submitted") return interactionWords[kind] ?? kind;
      if (kind.startsWith("regist"))
        return `${interactionWords[kind] ?? kind} ${details.event ? `“${details.event}”` : "an event"}`;
      return `${interactionWords[kind] ?? kind} ${message}`;
    case "delivery":
      return `${deliveryWords[kind] ?? kind} ${message}`;
    case "journey":
      return passageWords(kind, details, journeyName ? `“${journeyName}”` : "a journey");
    case "consent": {
      const about = details.topic ? `“${details.topic}”` : "all commercial mail";
      return kind === "granted" ? `Agreed to ${about}` : `Withdrew from ${about}`;
    }
  }
}

/** Passing a tile, by its own name or that of its kind, with the way taken where there were two. */
function passageWords(exit: string, { tile, tileKind }: Entry["details"], journey: string): string {
  const kind = kinds.find((each) => each === tileKind);
  if (kind === "segment-start") return `Entered ${journey}`;
  if (kind === "end") return `Reached the end of ${journey}`;
  const way = exitSchema.exclude(["next"]).safeParse(exit);
  const name = tile ?? (kind && nameOfKind(kind));
  return `Passed ${name ? `“${name}”` : "a tile"} in ${journey}${way.success ? `: ${describeExit(way.data)}` : ""}`;
}

const kinds = tileSchema.options.map(({ shape }) => shape.kind.value);

const sourceWords: Readonly<Record<string, string>> = {
  person: "recorded by hand",
  import: "by an import",
  form: "by a form",
  event: "by registering for an event",
  api: "by the API",
  "subscription-centre": "in the subscription centre",
  "one-click": "by one click in the mail program",
  mail: "by mail",
  complaint: "by a complaint",
};

const shownDetails = ["link", "reason", "reply", "source", "wording", "category"];

/** What else is known of it, as short facts. */
export function timelineFacts({ details, isMachine }: Entry): readonly string[] {
  const facts = shownDetails.flatMap((key) => (details[key] ? [wordsOf(key, details[key])] : []));
  return isMachine ? [...facts, "believed to be a machine"] : facts;
}

function wordsOf(key: string, value: string): string {
  if (key === "source") return sourceWords[value] ?? value;
  return findBounceCategory(value)?.label ?? value;
}
