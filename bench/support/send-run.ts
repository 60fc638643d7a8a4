import { enqueueFromSql, ensureMailing } from "#server/delivery/index.ts";
import { type Database, sql } from "#server/platform/index.ts";
import type { CountingSink, SinkCounts } from "../sink/counting-sink.ts";
import { startRole } from "./role-processes.ts";
import { type Sampler, type Stretch, startSampler, stretchOf } from "./sampler.ts";
import { waitUntil } from "./wait-until.ts";
import type { Workplace } from "./workplace.ts";

/** Hands the first so many contacts to the sender, as a send tile does. */
export async function enqueueAll(
  db: Database,
  messageVersionId: string,
  contacts: number,
): Promise<{ mailingId: string; seconds: number }> {
  const start = performance.now();
  const mailingId = await db.transaction(async (tx) => {
    const id = await ensureMailing(tx, { kind: "journey", messageVersionId });
    await enqueueFromSql(tx, {
      mailingId: id,
      from: sql`select id as contact_id, id as visit_id from contacts order by id limit ${contacts}`,
    });
    return id;
  });
  return { mailingId, seconds: (performance.now() - start) / 1000 };
}

export type Run = {
  readonly sampler: Sampler;
  readonly seen: SinkCounts;
  /** From the start of the sender processes to the last fate in the ledger. */
  readonly seconds: number;
};

export async function sendAll(
  { db, environment, postgresPid }: Workplace,
  sink: CountingSink,
  mailingId: string,
  { contacts, processes }: { readonly contacts: number; readonly processes: number },
): Promise<Run> {
  const startedAt = performance.now();
  const senders = await startRole("sender", environment, processes);
  const parts = { senders: senders.pids, PostgreSQL: [postgresPid], sink: [sink.pid] };
  const sampler = startSampler(parts, "senders", async () => (await sink.counts()).messages);
  try {
    await waitUntil(
      "A fate for every delivery",
      60 + contacts / 200,
      () => readLedger(db, mailingId),
      ({ fates }) => fates >= contacts,
    );
    return { sampler, seconds: (performance.now() - startedAt) / 1000, seen: await sink.counts() };
  } finally {
    await sampler.stop();
    await senders.stop();
  }
}

export type Ledger = { readonly fates: number; readonly accepted: number; readonly idSum: bigint };

export async function readLedger(db: Database, mailingId: string): Promise<Omit<Ledger, "idSum">> {
  const row = await db.first<{ fates: string; accepted: string }>(sql`
    select coalesce(sum(total) filter (where outcome <> 'queued'), 0) as fates,
           coalesce(sum(total) filter (where outcome = 'accepted'), 0) as accepted
    from mailing_totals where mailing_id = ${mailingId}`);
  return { fates: Number(row?.fates ?? 0), accepted: Number(row?.accepted ?? 0) };
}

/** The sum of the ids of all accepted deliveries. */
export async function sumIds(db: Database, mailingId: string): Promise<bigint> {
  const row = await db.first<{ sum: string }>(sql`
    select coalesce(sum(delivery_id), 0) as sum from delivery_log where mailing_id = ${mailingId} and outcome = 'accepted'`);
  return BigInt(row?.sum ?? 0);
}

/** The steady middle: from 10 % to 90 % of the messages. */
export function steadyMiddle({ sampler }: Run, contacts: number): Stretch | undefined {
  return stretchOf(sampler.samples, contacts, [0.1, 0.9]);
}
