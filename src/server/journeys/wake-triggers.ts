import { z } from "zod";
import type { Step } from "#core/journeys/plan.ts";
import { type Clock, loadStatement, type NewsItem, type Transaction } from "#server/platform/index.ts";
import { whatCounts } from "./listening.ts";
import { holdMovers, type LiveJourney, type LoadLiveJourneys } from "./live-journey.ts";

const wake = loadStatement(import.meta.url, "./queries/wake.sql");

const row = z.coerce.string().regex(/^[0-9]+$/);

/** What tracking says about one interaction. More than this may be in it. */
export const interactedSchema = z.object({
  kind: z.string(),
  contactId: row,
  agent: z.enum(["human", "machine"]).default("human"),
  eventId: row.nullish(),
  messageId: row.nullish(),
  mailingId: row.nullish(),
});
export type Interacted = z.infer<typeof interactedSchema>;

/**
 * Wakes visits that wait at a trigger for what these contacts did. [J14] A hint: the engine reads the ledger again.
 * Paused journeys are woken too, so that nothing is lost. [J32]
 */
export async function wakeTriggers(
  { clock, load }: { readonly clock: Clock; readonly load: LoadLiveJourneys },
  tx: Transaction,
  news: readonly NewsItem[],
): Promise<void> {
  const happened = news.map(({ payload }) => interactedSchema.parse(payload));
  const people = happened.filter(({ agent, contactId }) => agent === "human" && contactId !== "0");
  if (people.length === 0) return;
  for (const journey of await load(tx, ["live", "paused"])) {
    const waking = journey.plan.steps.flatMap((step) => {
      const contactIds = step.kind === "trigger" ? contactsFor(journey, step, people) : [];
      return contactIds.length > 0 ? [{ tileId: step.id, contactIds }] : [];
    });
    if (waking.length === 0) continue;
    // A batch under way may be bringing these very contacts to the trigger without having seen what they did.
    await holdMovers(tx, journey.journeyId);
    for (const { tileId, contactIds } of waking)
      await tx.named(wake, [journey.journeyId, journey.versionId, tileId, contactIds, clock.now()]);
  }
}

function contactsFor(
  journey: LiveJourney,
  { listening }: Extract<Step, { kind: "trigger" }>,
  happened: readonly Interacted[],
): string[] {
  const [kind, eventId, messageId, mailingIds] = whatCounts(journey, listening);
  const matching = happened.filter(
    (each) =>
      each.kind === kind &&
      (eventId === null || each.eventId === eventId) &&
      (messageId === null || each.messageId === messageId) &&
      (mailingIds === null || (each.mailingId != null && mailingIds.includes(each.mailingId))),
  );
  return [...new Set(matching.map(({ contactId }) => contactId))];
}
