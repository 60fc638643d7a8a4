import fc from "fast-check";
import type { ContactFacts, InteractionFact, VisitFact } from "#core/segments/facts.ts";
import { worldChoices, worldDays, worldIds, worldMoments, worldTexts } from "./arbitrary-condition.ts";

/** Where an interaction of the world came from: a mailing (of a message, perhaps by a journey) and a link in it. */
export const worldMailings = [
  { id: 1, messageId: "msg_1", journeyId: "jrn_1", kind: "journey" },
  { id: 2, messageId: "msg_2", journeyId: "jrn_2", kind: "journey" },
  { id: 3, messageId: "msg_1", journeyId: null, kind: "transactional" },
  { id: 4, messageId: "msg_2", journeyId: null, kind: "test" },
] as const;
/** Link tables by message; numbers mean different links in different messages. */
export const worldLinks = {
  msg_1: [
    { number: 1, url: "https://example.com/a", label: "Read" },
    { number: 2, url: "https://example.com/b", label: "Register" },
  ],
  msg_2: [
    { number: 1, url: "https://example.com/b", label: "Other" },
    { number: 2, url: null, label: "Register" },
  ],
} as const;

export type Hit = {
  readonly kind: string;
  readonly mailing: (typeof worldMailings)[number] | null;
  readonly linkNumber: number | null;
  readonly eventId: string | null;
  readonly isMachine: boolean;
  readonly at: Date;
};
export type Receipt = {
  readonly mailing: (typeof worldMailings)[number];
  readonly outcome: string;
  readonly at: Date;
};

/** A contact of the world, closer to its rows than to what conditions see. */
export type WorldContact = {
  readonly columns: ContactFacts["columns"];
  readonly createdAt: Date;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** Consent by topic; "all" is the topic of all commercial mail. */
  readonly consents: readonly { readonly topicId: string; readonly granted: boolean }[];
  readonly suppression: "none" | "active" | "expiring" | "lifted" | "expired" | "of-forwards";
  readonly staticSegmentIds: readonly string[];
  readonly hits: readonly Hit[];
  readonly receipts: readonly Receipt[];
  readonly visits: readonly VisitFact[];
};

const moment = fc.constantFrom(...worldMoments);
const column = fc.option(fc.constantFrom("", ...worldTexts), { freq: 4 });
const junk = fc.constantFrom<unknown>(
  null,
  "",
  [],
  {},
  true,
  false,
  0,
  5,
  5.5,
  "5",
  "2026-02-30",
  "2026-03-29T10:15:30Z",
  [["pro"]],
  [{ total: 5 }],
  { pro: 1 },
);
const written = {
  note: fc.constantFrom("", ...worldTexts),
  age: fc.constantFrom(-1, 0, 0.1, 5, 5.5, 1e21),
  vip: fc.boolean(),
  birthday: fc.constantFrom(...worldDays),
  seen_at: moment.map((at) => at.toISOString()),
  plan: fc.constantFrom(...worldChoices),
  interests: fc.array(fc.constantFrom(...worldChoices), { maxLength: 3 }),
  orders: fc.array(
    fc.oneof(
      {
        weight: 6,
        arbitrary: fc.record(
          {
            total: fc.constantFrom<unknown>(0, 5, 5.5, "5", null),
            status: fc.constantFrom("paid", "Bonn", "", "pro"),
            placed: fc.constantFrom(...worldDays),
          },
          { requiredKeys: [] },
        ),
      },
      { weight: 1, arbitrary: junk },
    ),
    { maxLength: 4 },
  ),
  count: fc.constantFrom(0, 5),
};
const orJunk = <Value>(good: fc.Arbitrary<Value>) =>
  fc.oneof({ weight: 7, arbitrary: good as fc.Arbitrary<unknown> }, { weight: 1, arbitrary: junk });

const attributes = fc.record(
  {
    note: orJunk(written.note),
    age: orJunk(written.age),
    vip: orJunk(written.vip),
    birthday: orJunk(written.birthday),
    seen_at: orJunk(written.seen_at),
    plan: orJunk(written.plan),
    interests: orJunk(written.interests),
    orders: orJunk(written.orders),
    count: orJunk(written.count),
  },
  { requiredKeys: [] },
);

const hit: fc.Arbitrary<Hit> = fc.record({
  kind: fc.constantFrom("open", "click", "registered", "unsubscribe", "x:purchase"),
  mailing: fc.option(fc.constantFrom(...worldMailings), { freq: 4 }),
  linkNumber: fc.option(fc.constantFrom(1, 2), { freq: 3 }),
  eventId: fc.option(fc.constantFrom(...worldIds.events), { freq: 2 }),
  isMachine: fc.boolean(),
  at: moment,
});

const visit: fc.Arbitrary<VisitFact> = fc.record({
  journeyId: fc.constantFrom(...worldIds.journeys),
  isFinished: fc.boolean(),
  nodeId: fc.constantFrom(...worldIds.nodes),
  passedNodeIds: fc.uniqueArray(fc.constantFrom(...worldIds.nodes)),
});

export const worldContact: fc.Arbitrary<WorldContact> = fc.record({
  columns: fc.record({
    email: fc.constantFrom("Ana@Example.com", "bo@example.org", "ü@bücher.example"),
    first_name: column,
    last_name: column,
    language: column,
    time_zone: column,
    country: column,
    city: column,
  }),
  createdAt: moment,
  attributes,
  consents: fc.uniqueArray(
    fc.record({ topicId: fc.constantFrom("all", ...worldIds.topics), granted: fc.boolean() }),
    { selector: ({ topicId }) => topicId, maxLength: 3 },
  ),
  suppression: fc.constantFrom("none", "none", "active", "expiring", "lifted", "expired", "of-forwards"),
  staticSegmentIds: fc.subarray(worldIds.staticSegments),
  hits: fc.array(hit, { maxLength: 6 }),
  receipts: fc.array(
    fc.record({
      mailing: fc.constantFrom(...worldMailings),
      outcome: fc.constantFrom("accepted", "accepted", "skipped"),
      at: moment,
    }),
    { maxLength: 3 },
  ),
  // The database allows one visit per journey.
  visits: fc.uniqueArray(visit, {
    selector: ({ journeyId }) => journeyId,
    maxLength: 2,
  }),
});

/** What conditions see of a contact, by the rules of the ledgers it comes from. Dynamic segments are left to the caller. */
export function factsOf(contact: WorldContact): ContactFacts {
  const isOptedOut = contact.consents.some(({ topicId, granted }) => topicId === "all" && !granted);
  return {
    columns: contact.columns,
    createdAt: contact.createdAt,
    attributes: contact.attributes,
    topicIds: isOptedOut
      ? []
      : contact.consents.filter(({ granted }) => granted).map(({ topicId }) => topicId),
    isMailable: !isOptedOut && !["active", "expiring"].includes(contact.suppression),
    segmentIds: contact.staticSegmentIds,
    interactions: [...contact.hits.map(hitFact), ...contact.receipts.flatMap(receiptFact)],
    visits: contact.visits,
  };
}

function hitFact({ kind, mailing, linkNumber, eventId, isMachine, at }: Hit): InteractionFact {
  const links = mailing ? worldLinks[mailing.messageId].filter(({ number }) => number === linkNumber) : [];
  return {
    kind,
    messageId: mailing?.messageId ?? null,
    journeyId: mailing?.journeyId ?? null,
    eventId,
    links: links.flatMap(({ url, label }) => (url === null ? [label] : [url, label])),
    isMachine,
    at,
  };
}

function receiptFact({ mailing, outcome, at }: Receipt): InteractionFact[] {
  if (outcome !== "accepted" || mailing.kind === "test") return [];
  const { messageId, journeyId } = mailing;
  return [{ kind: "received", messageId, journeyId, eventId: null, links: [], isMachine: false, at }];
}
