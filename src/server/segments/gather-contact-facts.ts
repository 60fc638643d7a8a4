import { commercialCategories } from "#core/consent/may-send.ts";
import { toId } from "#core/kernel/ids.ts";
import type { Condition } from "#core/segments/condition.ts";
import type { ContactFacts, InteractionFact } from "#core/segments/facts.ts";
import { matches } from "#core/segments/matches.ts";
import { rulesOf, segmentIdsOf } from "#core/segments/references.ts";
import type { SegmentSource } from "#core/segments/to-sql.ts";
import { loadStatement, type Queries } from "../platform/index.ts";

const gather = loadStatement(import.meta.url, "./queries/gather-contact-facts.sql");
const gatherInteractions = loadStatement(import.meta.url, "./queries/gather-interaction-facts.sql");

type Row = Omit<ContactFacts, "topicIds" | "interactions" | "segmentIds" | "visits"> & {
  readonly topicIds: readonly string[];
  readonly staticSegmentIds: readonly string[];
  readonly visits: ContactFacts["visits"];
};
type InteractionRow = InteractionFact & { readonly links: readonly (string | null)[] };

/**
 * Gathers what a condition asks about one contact (row number); undefined if there is no such contact.
 * `sources` are the segments that the condition names; of interactions only the kinds that occur in it are read.
 */
export async function gatherContactFacts(
  db: Queries,
  contactId: string,
  asked: {
    readonly condition: Condition;
    readonly sources: ReadonlyMap<string, SegmentSource>;
    readonly now: Date;
  },
): Promise<ContactFacts | undefined> {
  const { condition, sources, now } = asked;
  const [row] = await db.named<Row>(gather, [contactId, now, commercialCategories]);
  if (!row) return undefined;
  const conditions = [condition, ...[...sources.values()].flatMap(conditionOf)];
  const kinds = conditions
    .flatMap(rulesOf)
    .flatMap((rule) => (rule.kind === "interaction" ? [rule.interaction] : []));
  const interactions = await db.named<InteractionRow>(gatherInteractions, [contactId, [...new Set(kinds)]]);
  const { staticSegmentIds, topicIds, visits, ...rest } = row;
  const facts: ContactFacts = {
    ...rest,
    topicIds: topicIds.map((id) => toId("topic", id)),
    visits: visits.map((visit) => ({ ...visit, journeyId: toId("journey", visit.journeyId) })),
    interactions: interactions.map(interactionOf),
    segmentIds: staticSegmentIds.map((id) => toId("segment", id)),
  };
  return { ...facts, segmentIds: segmentsAround(condition, facts, sources, now) };
}

function conditionOf(source: SegmentSource): Condition[] {
  return source.kind === "dynamic" ? [source.condition] : [];
}

/** The segments that a condition names and the contact is in, dynamic ones judged from the inside out. */
function segmentsAround(
  condition: Condition,
  facts: ContactFacts,
  sources: ReadonlyMap<string, SegmentSource>,
  now: Date,
): readonly string[] {
  return segmentIdsOf(condition).filter((id) => {
    const source = sources.get(id);
    if (source?.kind !== "dynamic") return facts.segmentIds.includes(id);
    const inner = { ...facts, segmentIds: segmentsAround(source.condition, facts, sources, now) };
    return matches(source.condition, inner, { now, timeZone: source.timeZone });
  });
}

function interactionOf(row: InteractionRow): InteractionFact {
  const { messageId, journeyId, eventId, links } = row;
  return {
    ...row,
    messageId: messageId && toId("message", messageId),
    journeyId: journeyId && toId("journey", journeyId),
    eventId: eventId && toId("event", eventId),
    links: links.filter((link) => link !== null),
  };
}
