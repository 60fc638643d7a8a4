import { refuse } from "#contract/errors.ts";
import type { Actor } from "#core/access/actor.ts";
import { toId } from "#core/kernel/ids.ts";
import { audit } from "../access/index.ts";
import { type Database, loadStatement, type Queries, sql } from "../platform/index.ts";
import { deliveryChannel } from "./enqueue-recipients.ts";
import { findMailing, type MailingRow } from "./store.ts";

const statement = loadStatement(import.meta.url, "./queries/hold-late.sql");

/** A sender says so often that it is alive, and leases nothing after four minutes without: see lease-chunk.sql. */
const beatSeconds = 20;

/**
 * [D72] Says that a sender is alive. The first one after a while in which none was holds what would leave late, before anybody leases
 * anything: the others wait for it.
 */
export async function beat(db: Database): Promise<void> {
  const isFresh = await db.first(sql`
    select from sender_watch where beat_at > now() - make_interval(secs => ${beatSeconds})`);
  if (isFresh) return;
  await db.transaction(async (tx) => {
    const watch = await tx.first<{ beat_at: Date }>(sql`select beat_at from sender_watch for update`);
    if (watch) await holdLate(tx, { since: watch.beat_at });
    await tx.run(sql`update sender_watch set beat_at = clock_timestamp()`);
  });
}

/**
 * [D72] Holds what would leave late after a time in which nothing could: since a moment, or since each of these mailings was paused,
 * which is to be called before they run again.
 */
export async function holdLate(
  tx: Queries,
  silence: { readonly since: Date } | { readonly pausedMailings: readonly string[] },
): Promise<void> {
  await tx.named(statement, "since" in silence ? [silence.since, null] : [null, silence.pausedMailings]);
}

/** [D72] What a person decides about the late deliveries of a mailing: they leave now, or never. */
export async function decideLate(
  db: Database,
  actor: Actor,
  id: string,
  decision: "send" | "skip",
): Promise<MailingRow> {
  return db.transaction(async (tx) => {
    if (!(await findMailing(tx, id))) refuse("delivery.mailing-not-found");
    const isSent = decision === "send";
    // What somebody lets go is planned anew.
    const change = isSent ? sql`late = null, available_at = now(), planned_at = now()` : sql`late = 'skip'`;
    const chunks = await tx.rows<{ messages: number }>(sql`
      update delivery_chunks set ${change} where mailing_id = ${id} and late = 'held' and finished_at is null
      returning size - intended + cardinality(returned) as messages`);
    if (chunks.length === 0) refuse("delivery.nothing-late");
    await audit(tx, actor, {
      action: isSent ? "mailing.late-sent" : "mailing.late-skipped",
      subjectKind: "mailing",
      subjectId: toId("mailing", id),
      details: { messages: chunks.reduce((sum, { messages }) => sum + messages, 0) },
    });
    await tx.run(sql`select pg_notify(${deliveryChannel}, '')`);
    return (await findMailing(tx, id)) ?? refuse("delivery.mailing-not-found");
  });
}
