/** What the refusal says something about: whom or what it counts against. */
export type Blamed = "address" | "receiver" | "sender" | "message" | "product";

/** What follows for the address: never mailed again, only after several in a row, or nothing. */
export type BouncePolicy = "at-once" | "in-a-row" | "never";

type Category = {
  readonly id: string;
  readonly kind: "hard" | "soft" | "block" | "other";
  readonly blames: Blamed;
  readonly suppresses: BouncePolicy;
  /** In words for marketers. */
  readonly label: string;
  readonly words: string;
  readonly advice: string;
};

/**
 * The 16 kinds of refusal as data. A hard one proves that the address is no good; a block is about who sends or what is
 * sent and must never count against the recipient. docs/reference/bounces.md shows the same table.
 */
export const bounceTable = [
  {
    id: "invalid-mailbox",
    kind: "hard",
    blames: "address",
    suppresses: "at-once",
    label: "No such mailbox",
    words: "The address does not exist at its domain.",
    advice: "Never sent to again. Ask for the right address by other means.",
  },
  {
    id: "invalid-domain",
    kind: "hard",
    blames: "address",
    suppresses: "at-once",
    label: "No such domain",
    words: "The domain of the address does not exist or takes no mail.",
    advice: "Never sent to again. Look for typing errors such as gmial.com.",
  },
  {
    id: "inactive-mailbox",
    kind: "hard",
    blames: "address",
    suppresses: "at-once",
    label: "Mailbox closed",
    words: "The mailbox existed once and was switched off.",
    advice: "Never sent to again.",
  },
  {
    id: "full-mailbox",
    kind: "soft",
    blames: "address",
    suppresses: "in-a-row",
    label: "Mailbox full",
    words: "There is no room in the mailbox.",
    advice: "Mail later may arrive; several in a row mean that nobody reads it.",
  },
  {
    id: "temporary",
    kind: "soft",
    blames: "receiver",
    suppresses: "in-a-row",
    label: "Not now",
    words: "The receiving server could not take the message at that time.",
    advice: "It is tried again by itself.",
  },
  {
    id: "expired",
    kind: "soft",
    blames: "receiver",
    suppresses: "in-a-row",
    label: "Tried in vain",
    words: "The receiving server did not take the message within its time.",
    advice: "Mail later may arrive.",
  },
  {
    id: "routing",
    kind: "soft",
    blames: "receiver",
    suppresses: "in-a-row",
    label: "No way there",
    words: "Servers on the way could not find or reach the one of the recipient, or sent it in circles.",
    advice: "The administrators of that domain have to mend it.",
  },
  {
    id: "unclassified",
    kind: "soft",
    blames: "receiver",
    suppresses: "in-a-row",
    label: "Not understood",
    words: "The server refused without a reason that we understand.",
    advice: "Read what it answered.",
  },
  {
    id: "rate-limited",
    kind: "block",
    blames: "sender",
    suppresses: "never",
    label: "Too much at once",
    words: "The receiver takes no more mail from us for now.",
    advice: "Lower the pace of the route.",
  },
  {
    id: "reputation",
    kind: "block",
    blames: "sender",
    suppresses: "never",
    label: "Sender blocked",
    words: "Our server or domain is on a block list or has a bad reputation.",
    advice: "Look the server up in the list that the answer names, and mail only people who asked for it.",
  },
  {
    id: "authentication",
    kind: "block",
    blames: "sender",
    suppresses: "never",
    label: "Not authenticated",
    words: "SPF, DKIM or DMARC of the sending domain did not pass, or its address takes no mail.",
    advice: "Check the domain under Settings, Sending.",
  },
  {
    id: "relaying-denied",
    kind: "block",
    blames: "sender",
    suppresses: "never",
    label: "May not relay",
    words: "The server does not pass on mail for us.",
    advice: "Check the user name of the route, or whether the recipient's domain points to the right server.",
  },
  {
    id: "spam",
    kind: "block",
    blames: "message",
    suppresses: "never",
    label: "Looks like spam",
    words: "A filter took the content for spam or harmful.",
    advice: "Look at the error check of the message, its links first.",
  },
  {
    id: "policy",
    kind: "block",
    blames: "sender",
    suppresses: "never",
    label: "Against their rules",
    words: "The receiver's rules forbid the message, without saying that the address is wrong.",
    advice: "Read the answer; it often has a link that explains.",
  },
  {
    id: "too-large",
    kind: "other",
    blames: "message",
    suppresses: "never",
    label: "Too large",
    words: "The message is larger than the receiver takes.",
    advice: "Make the message smaller.",
  },
  {
    id: "protocol",
    kind: "other",
    blames: "product",
    suppresses: "never",
    label: "Our mistake",
    words: "The receiver did not understand our side of the conversation or the form of the message.",
    advice: "Report it with the answer: it is a fault of this product or of the relay.",
  },
] as const satisfies readonly Category[];

export type BounceCategory = (typeof bounceTable)[number]["id"];

const byId: ReadonlyMap<string, Category> = new Map(bounceTable.map((row) => [row.id, row]));

/** The row of a category, by the word that is stored; undefined for words of other kinds of reasons. */
export function findBounceCategory(id: string): Category | undefined {
  return byId.get(id);
}

/** What follows for the address of a bounce. */
export function policyOf(id: BounceCategory): BouncePolicy {
  return byId.get(id)?.suppresses ?? "never";
}
