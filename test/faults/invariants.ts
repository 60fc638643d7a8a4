import { type Database, sql } from "#server/platform/index.ts";
import type { WitnessLine } from "#test/witness-log.ts";
import { proveAll } from "../../src/cli/verify.ts";

type Row = {
  delivery_id: string;
  address: string;
  outcome: string;
  doubts: number;
  /** When the last intent for it was begun; null if it never was. */
  begun_at: Date | null;
};

/** How much the clocks of this process and of the database, on one machine, may differ as read. */
const clockGrain = 50;

/**
 * What contradicts the invariants of delivery once all is quiet: `postroad verify`, and the sink's own log held against the
 * ledger. `ambiguous` is how many final dots the faults may have left without an answer. Empty if all hold.
 */
export async function contradictions(
  db: Database,
  witnessed: readonly WitnessLine[],
  ambiguous: number,
): Promise<string[]> {
  const found: string[] = [];
  const said: string[] = [];
  if (!(await proveAll(db, (line) => said.push(line)))) found.push(...said);

  const rows = await db.rows<Row>(sql`
    select log.delivery_id, log.address, log.outcome, log.doubts,
      (select min(snapshot.at) from delivery_snapshots snapshot
       where snapshot.chunk_id = log.delivery_id / 1024
         and log.delivery_id % 1024 between snapshot.first_place and snapshot.last_place) as begun_at
    from delivery_log log`);
  const ledger = new Map(rows.map((row) => [row.delivery_id, row]));
  const taken = witnessed.filter(({ kind }) => kind === "accepted");
  if (taken.some(({ to, messageId }) => to === "" && messageId !== ""))
    found.push("I-02: content went to nobody.");
  // The lone dot that takes a server out of an envelope it refused is no message.
  const accepted = Map.groupBy(
    taken.filter(({ messageId }) => messageId !== ""),
    ({ messageId }) => /^<(\d+)\./.exec(messageId)?.[1] ?? messageId,
  );
  for (const [id, copies] of accepted) {
    const row = ledger.get(id);
    if (copies.length > 1 + (row?.doubts ?? 0))
      found.push(`I-01: ${id} is at the sink ${copies.length} times.`);
    if (!row) found.push(`I-02: ${id} is at the sink and has no fate.`);
    else if (row.outcome !== "accepted" && row.outcome !== "in-doubt")
      found.push(`I-02: ${id} is at the sink and is said to be ${row.outcome}.`);
    else if (
      !row.begun_at ||
      copies.some(({ at }) => at.getTime() + clockGrain < (row.begun_at?.getTime() ?? 0))
    )
      found.push(`I-02: ${id} was at the sink before its intent.`);
    if (row && copies.some(({ to }) => to !== row.address))
      found.push(`I-02: ${id} went to ${copies[0]?.to} and is logged for ${row.address}.`);
  }
  for (const { delivery_id, outcome } of rows)
    if (outcome === "accepted" && !accepted.has(delivery_id))
      found.push(`I-03: ${delivery_id} is said to be accepted and never was at the sink.`);

  const doubtful = rows.filter(({ outcome }) => outcome === "in-doubt").length;
  if (doubtful > ambiguous)
    found.push(`I-05: ${doubtful} are in doubt, only ${ambiguous} can be for what was done.`);

  const late = await db.rows<{ delivery_id: string }>(sql`
    select log.delivery_id
    from delivery_log log join suppressions stop on stop.address_key = lower(log.address) and stop.source <> 'bounce'
    where log.outcome in ('accepted', 'in-doubt') and stop.since + interval '1 second' < (
      select min(snapshot.at) from delivery_snapshots snapshot
      where snapshot.chunk_id = log.delivery_id / 1024
        and log.delivery_id % 1024 between snapshot.first_place and snapshot.last_place)`);
  for (const { delivery_id } of late)
    found.push(`I-11: ${delivery_id} was begun after its address was stopped.`);
  return found;
}
