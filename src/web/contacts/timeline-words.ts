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
  forward: "Forwarded",
  unsubscribe: "Unsubscribed through",
  bounce: "Bounced:",
  complaint: "Complained about",
  registered: "Registered for an event",
  "registration-cancelled": "Cancelled a registration",
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
      if (["registered", "registration-cancelled", "form-submitted"].includes(kind))
        return interactionWords[kind] ?? kind;
      return `${interactionWords[kind] ?? kind} ${message}`;
    case "delivery":
      return `${deliveryWords[kind] ?? kind} ${message}`;
    case "journey":
      return `Passed ${details.tile ? `“${details.tile}”` : "a tile"} in ${journeyName ? `“${journeyName}”` : "a journey"}`;
    case "consent": {
      const about = details.topic ? `“${details.topic}”` : "all commercial mail";
      return kind === "granted" ? `Agreed to ${about}` : `Withdrew from ${about}`;
    }
  }
}

const shownDetails = ["link", "reason", "reply", "source", "wording", "category"];

/** What else is known of it, as short facts. */
export function timelineFacts({ details, isMachine }: Entry): readonly string[] {
  const facts = shownDetails.flatMap((key) => (details[key] ? [details[key]] : []));
  return isMachine ? [...facts, "believed to be a machine"] : facts;
}
