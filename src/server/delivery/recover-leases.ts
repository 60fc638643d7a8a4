import { deliveryIdOf } from "#core/delivery/delivery-id.ts";
import type { Outcome } from "#core/smtp/outcome.ts";
import { type Database, type News, sql, type Transaction } from "../platform/index.ts";
import { decideFate } from "./fate.ts";
import { type JournalReading, readJournal } from "./journal/journal.ts";
import { isSurelyDead } from "./journal/owner.ts";
import type { Noted } from "./journal/record.ts";
import { type FateRow, mergeFates } from "./record-fates.ts";
import { findSnapshot } from "./snapshot.ts";

/** What recovery needs from the sender around it. */
export type RecoveryHost = {
  readonly db: Database;
  readonly news: News;
  readonly journalDirectory: string;
  readonly now: () => Date;
  /** The clock by which senders name themselves. */
  readonly ownerNow: () => Date;
  readonly random: () => number;
  /** [D15] How long what was begun is tried. */
  readonly patienceMilliseconds: number;
  /** Whether doubtful deliveries of a mailing may be sent once more. */
  readonly mayResendDoubtful: (designation: "commercial" | "transactional") => Promise<boolean>;
};

/**
 * [D8] Takes up what senders left behind that are no more: for each place that was begun and has no fate, the journal of
 * its sender decides. Answered: the fate is written down. About to be completed and not answered: in doubt. Not in the
 * journal at all: surely not sent, so it is sent. Where the journal does not say all (another machine, a power
 * cut), what it does not mention is in doubt as well. A lease of a living process is taken up only once it has run
 * out, also one of this very process that the database was away from for too long. Returns how many were taken up.
 */
export async function recoverLeases(host: RecoveryHost): Promise<number> {
  const owners = await host.db.rows<{ owner: string }>(sql`
    select lease_owner as owner from delivery_chunks where finished_at is null and lease_owner is not null
    union select lease_owner from delivery_retries where lease_owner is not null`);
  let count = 0;
  for (const { owner } of owners) {
    const left = leftBy(host, owner);
    while (await recoverChunk(host, left)) count++;
    while (await recoverRetries(host, left)) count++;
  }
  return count;
}

/** A sender that may be gone, and its journal, read once when it is first needed. */
type Left = { readonly owner: string; readonly isDead: boolean; readonly journal: () => JournalReading };

function leftBy({ journalDirectory, ownerNow }: RecoveryHost, owner: string): Left {
  let reading: JournalReading | undefined;
  return {
    owner,
    isDead: isSurelyDead(owner, ownerNow()),
    journal: () => {
      reading ??= readJournal(journalDirectory, owner, ownerNow());
      return reading;
    },
  };
}

type ChunkRow = {
  id: string;
  mailing_id: string;
  designation: "commercial" | "transactional";
  intended: number;
  returned: number[];
  contact_ids: string[];
  visit_ids: string[];
  expires_at: Date | null;
};

function recoverChunk(host: RecoveryHost, { owner, isDead, ...left }: Left): Promise<boolean> {
  return host.db.transaction(async (tx) => {
    const chunk = await tx.first<ChunkRow>(sql`
      select chunk.id, chunk.mailing_id, mailing.designation, chunk.intended, chunk.returned, chunk.contact_ids, chunk.visit_ids,
        chunk.expires_at
      from delivery_chunks chunk join mailings mailing on mailing.id = chunk.mailing_id
      where chunk.finished_at is null and chunk.lease_owner = ${owner} and (${isDead} or chunk.lease_until < now())
      order by chunk.id limit 1 for update of chunk skip locked`);
    if (!chunk) return false;
    const open = await placesWithoutFate(tx, chunk);
    const journal = left.journal();
    const untouched: number[] = [];
    const rows: FateRow[] = [];
    for (const place of open) {
      const noted = journal.noted.get(deliveryIdOf(chunk.id, place));
      if (!noted && journal.isComplete) untouched.push(place);
      else rows.push(await fateOf(host, tx, chunk, place, noted));
    }
    await mergeFates(tx, host.news, rows);
    await tx.run(sql`
      update delivery_chunks set returned = ${[...chunk.returned, ...untouched]}::int[], lease_owner = null, lease_until = null,
        lease_epoch = lease_epoch + 1 where id = ${chunk.id}`);
    return true;
  });
}

/** Places below the mark that are neither in the log nor put off nor known to be untouched. */
async function placesWithoutFate(tx: Transaction, chunk: ChunkRow): Promise<number[]> {
  const rows = await tx.rows<{ place: number }>(sql`
    select begun.place::int as place
    from unnest(${chunk.contact_ids}::bigint[], ${chunk.visit_ids}::bigint[]) with ordinality as one(contact_id, visit_id, nth)
    cross join lateral (select one.nth - 1 as place) begun
    where begun.place < ${chunk.intended} and begun.place <> all(${chunk.returned}::int[])
      and not exists (select from delivery_log log where log.mailing_id = ${chunk.mailing_id}
                      and log.contact_id = one.contact_id and log.visit_id = one.visit_id)
      and not exists (select from delivery_retries where delivery_id = ${deliveryIdOf(chunk.id, 0)}::bigint + begun.place)
    order by begun.place`);
  return rows.map(({ place }) => place);
}

async function fateOf(
  host: RecoveryHost,
  tx: Transaction,
  chunk: ChunkRow,
  place: number,
  noted: Noted | undefined,
): Promise<FateRow> {
  const found = await findSnapshot(tx, chunk.id, place);
  const patience = new Date(host.now().getTime() + host.patienceMilliseconds);
  const expiresAt = chunk.expires_at && chunk.expires_at < patience ? chunk.expires_at : patience;
  const attempt = { attempt: 1, doubts: 0, expiresAt };
  const address = found?.recipient.address ?? "";
  return {
    mailingId: chunk.mailing_id,
    contactId: chunk.contact_ids[place] ?? "0",
    visitId: chunk.visit_ids[place] ?? "0",
    deliveryId: deliveryIdOf(chunk.id, place),
    ...attempt,
    isRetry: false,
    routeId: null,
    address,
    addressKey: await keyOf(tx, chunk.contact_ids[place] ?? "0", address),
    fate: decideFate(
      outcomeOf(noted),
      { ...attempt, mayResendDoubtful: await host.mayResendDoubtful(chunk.designation) },
      host.now(),
      host.random(),
    ),
  };
}

async function keyOf(tx: Transaction, contactId: string, address: string): Promise<string> {
  const contact = await tx.first<{ email_key: string }>(sql`
    select email_key from contacts where id = ${contactId} and email = ${address}`);
  return contact?.email_key ?? address.toLowerCase();
}

type Decidable = Parameters<typeof decideFate>[0];

/** What a journal's last word on a delivery means. The server's text is lost with the process, its code is not. */
function outcomeOf(noted: Noted | undefined): Decidable {
  const reply = noted?.reply;
  if (!reply)
    return {
      kind: "in-doubt",
      message: "The sender was stopped while the message may have been on its way.",
    };
  const said = { ...reply, lines: ["(noted by the sender before it was stopped)"] };
  const kind = Math.floor(reply.code / 100);
  const message = `${reply.code} (noted by the sender before it was stopped)`;
  if (kind === 2) return { kind: "accepted", reply: said };
  if (kind === 5) return { kind: "refused", phase: "dot", reply: said, message };
  return { kind: "deferred", phase: "dot", reply: said, message } satisfies Outcome;
}

type RetryRow = {
  delivery_id: string;
  mailing_id: string;
  contact_id: string;
  visit_id: string;
  address: string;
  attempts: number;
  doubts: number;
  expires_at: Date;
  designation: "commercial" | "transactional";
};

function recoverRetries(host: RecoveryHost, { owner, isDead, ...left }: Left): Promise<boolean> {
  return host.db.transaction(async (tx) => {
    const rows = await tx.rows<RetryRow>(sql`
      select retry.*, mailing.designation from delivery_retries retry join mailings mailing on mailing.id = retry.mailing_id
      where retry.lease_owner = ${owner} and (${isDead} or retry.lease_until < now())
      order by retry.delivery_id limit 500 for update of retry skip locked`);
    if (rows.length === 0) return false;
    const journal = left.journal();
    const untouched = rows.filter((row) => !wasStarted(row, journal));
    const fates: FateRow[] = [];
    for (const row of rows)
      if (wasStarted(row, journal)) fates.push(await fateOfRetry(host, tx, row, journal));
    await mergeFates(tx, host.news, fates);
    await tx.run(sql`
      update delivery_retries set lease_owner = null, lease_until = null
      where delivery_id = any(${untouched.map(({ delivery_id }) => delivery_id)}::bigint[])`);
    return true;
  });
}

/** Whether this attempt may have left: noted, or not surely unnoted. */
function wasStarted({ delivery_id, attempts }: RetryRow, { isComplete, noted }: JournalReading): boolean {
  return !isComplete || noted.get(delivery_id)?.attempt === attempts + 1;
}

async function fateOfRetry(
  host: RecoveryHost,
  tx: Transaction,
  row: RetryRow,
  { noted }: JournalReading,
): Promise<FateRow> {
  const entry = noted.get(row.delivery_id);
  const attempt = { attempt: row.attempts + 1, doubts: row.doubts, expiresAt: row.expires_at };
  return {
    mailingId: row.mailing_id,
    contactId: row.contact_id,
    visitId: row.visit_id,
    deliveryId: row.delivery_id,
    ...attempt,
    isRetry: true,
    routeId: null,
    address: row.address,
    addressKey: await keyOf(tx, row.contact_id, row.address),
    fate: decideFate(
      outcomeOf(entry?.attempt === attempt.attempt ? entry : undefined),
      { ...attempt, mayResendDoubtful: await host.mayResendDoubtful(row.designation) },
      host.now(),
      host.random(),
    ),
  };
}
