import { performance } from "node:perf_hooks";
import { type Database, type Log, type Queries, type Sql, sql } from "../platform/index.ts";

/** [T40] A process that takes unsubscribes and keeps them on its disk while the database is away. */
export type OptOutTaker = {
  readonly name: string;
  /** The data directory that it works on. */
  readonly node: string;
};

/** [T40] How long a taker may be silent before that is noticed, and how long everybody then waits for it. */
const silentSeconds = 10;
const patienceSeconds = 60;
/** How often a taker is to be heard: several times before its silence is noticed. */
export const takerPauseMilliseconds = 2000;
/** How old what a sender knows may be before it asks again; every batch asks once more in its own transaction. */
const knownForMilliseconds = 250;

/**
 * [T40] An SQL expression: whether a taker still owes word that its unsubscribes are in the database. `since` is a time by
 * the database's clock: from when on it must have been heard.
 */
export function someOptOutsOwed(since: Sql): Sql {
  return sql`exists (
    select from opt_out_takers taker
    where taker.heard_at < greatest((${since})::timestamptz, now() - make_interval(secs => ${silentSeconds}::int))
      and (taker.missed_at is null or taker.missed_at > now() - make_interval(secs => ${patienceSeconds}::int)))`;
}

/** What a sender knows of unsubscribes that may still wait on the disk of some process. */
export type OptOutBarrier = {
  /** True while commercial mail may be begun. Asks the database when what is known is old. */
  readonly isOpen: () => Promise<boolean>;
  /** From when on every taker must have been heard, for the transaction that begins a batch. */
  readonly since: () => string;
};

/**
 * [T40] Watches for one process. The first look, and every look after a connection was lost, sets the time from which on every
 * taker must be heard: it cannot have told, before, what it took while the database was away.
 */
export function watchOptOuts(db: Database, log: Log): OptOutBarrier {
  let since: string | undefined;
  let lossesThen = -1;
  let isOpen = false;
  let lookedAt = Number.NEGATIVE_INFINITY;
  let givenUp: ReadonlySet<string> = new Set();

  const isSettled = () => db.connectionsLost() === lossesThen;

  async function look(): Promise<void> {
    const losses = db.connectionsLost();
    const from = isSettled() ? since : undefined;
    const row = await db.first<{ since: string; is_owed: boolean; given_up: string[] }>(sql`
      with missed as (
        update opt_out_takers set missed_at = now()
        where missed_at is null and heard_at < now() - make_interval(secs => ${silentSeconds}::int)
      ), asked as materialized (select coalesce(${from ?? null}::timestamptz, clock_timestamp())::text as since)
      select since, ${someOptOutsOwed(sql`asked.since`)} as is_owed,
        array(select name from opt_out_takers where missed_at <= now() - make_interval(secs => ${patienceSeconds}::int)) as given_up
      from asked`);
    if (!row) return;
    since = row.since;
    lossesThen = losses;
    isOpen = !row.is_owed;
    lookedAt = performance.now();
    for (const name of row.given_up)
      if (!givenUp.has(name))
        log.error({ taker: name }, "mail goes on without the unsubscribes that this process may have taken");
    givenUp = new Set(row.given_up);
  }

  return {
    async isOpen() {
      if (!isOpen || !isSettled() || performance.now() - lookedAt > knownForMilliseconds) await look();
      return isOpen;
    },
    since: () => (isSettled() ? (since ?? "infinity") : "infinity"),
  };
}

/** [T40] Says that all unsubscribes that a taker took are in the database. */
export async function hearOptOutTaker(tx: Queries, { name, node }: OptOutTaker): Promise<void> {
  await tx.run(sql`
    insert into opt_out_takers (name, node, heard_at) values (${name}, ${node}, clock_timestamp())
    on conflict (name) do update set heard_at = excluded.heard_at, missed_at = null`);
}

/** The other takers that worked on this data directory, and for how long they have been silent. */
export function listTakersBeside(
  tx: Queries,
  { name, node }: OptOutTaker,
): Promise<{ name: string; silentMilliseconds: number }[]> {
  return tx.rows(sql`
    select name, (extract(epoch from clock_timestamp() - heard_at) * 1000)::float8 as "silentMilliseconds"
    from opt_out_takers where node = ${node} and name <> ${name}`);
}

export type SilentTaker = { readonly name: string; readonly heardAt: Date; readonly isWaitedFor: boolean };

/** [T41] Takers whose silence was noticed. */
export function listSilentTakers(db: Queries): Promise<SilentTaker[]> {
  return db.rows(sql`
    select name, heard_at as "heardAt", missed_at > now() - make_interval(secs => ${patienceSeconds}::int) as "isWaitedFor"
    from opt_out_takers where missed_at is not null order by name`);
}

/** [T41] Forgets takers that were not waited for any more at that time. One that comes back is known again at once. */
export async function forgetLostTakers(tx: Queries, until: Date): Promise<void> {
  await tx.run(sql`
    delete from opt_out_takers where missed_at <= ${until}::timestamptz - make_interval(secs => ${patienceSeconds}::int)`);
}

/** A taker that takes no more, and of which nothing waits. */
export async function forgetOptOutTakers(tx: Queries, names: readonly string[]): Promise<void> {
  if (names.length > 0) await tx.run(sql`delete from opt_out_takers where name = any(${[...names]}::text[])`);
}
