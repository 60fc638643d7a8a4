import { reservePlaces } from "#core/delivery/domain-pace.ts";
import { recoversAt } from "#core/delivery/receiver-pace.ts";
import { type Database, type Log, type Queries, sql, type Transaction } from "../platform/index.ts";
import { domainOf, limitOf, paceNow, type SlowedPace, slowdownOf } from "./hear-receivers.ts";
import { keepTrying } from "./keep-trying.ts";
import type { Parcel } from "./parcel.ts";

/** A rule: so many messages in so many seconds to these domains together. */
export type DomainPace = {
  readonly name: string;
  readonly domains: string[];
  readonly messages: number;
  readonly perSeconds: number;
};

type Held = { readonly parcel: Parcel; readonly pace: string; readonly at: Date; readonly now: Date };
type Judged = { readonly leaves: readonly Parcel[]; readonly held: readonly Held[] };

/** [D25] Lets parcels to a paced domain through at its pace; without a rule it costs one look at an empty map. */
export class DomainPaces {
  readonly #db: Database;
  readonly #log: Log;
  #paceOf: ReadonlyMap<string, string> = new Map();

  constructor(db: Database, log: Log) {
    this.#db = db;
    this.#log = log;
  }

  async survey(): Promise<void> {
    const rules = await this.#db.rows<{ name: string; domain: string }>(
      sql`select name, unnest(domains) as domain from domain_paces`,
    );
    this.#paceOf = new Map(rules.map(({ name, domain }) => [domain, name]));
  }

  /** Returns the parcels that may leave now. The others are put off uncharged until their time, and settled. */
  async admit(parcels: readonly Parcel[], routeId: string, endsAt: Date | null): Promise<readonly Parcel[]> {
    if (this.#paceOf.size === 0) return parcels;
    const paced = Map.groupBy(parcels, ({ addressKey }) => this.#paceOf.get(domainOf(addressKey)));
    const free = paced.get(undefined) ?? [];
    if (free.length === parcels.length) return parcels;
    let judged: Judged = { leaves: [], held: [] };
    // Repeating changes nothing that was committed: only places are lost.
    await keepTrying(this.#log, async () => {
      judged = await this.#db.transaction((tx) => judge(tx, paced, routeId, endsAt));
    });
    for (const { parcel } of judged.held) parcel.holder.settled(parcel);
    return [...free, ...judged.leaves];
  }
}

async function judge(
  tx: Transaction,
  paced: ReadonlyMap<string | undefined, readonly Parcel[]>,
  routeId: string,
  endsAt: Date | null,
): Promise<Judged> {
  const names = [...paced.keys()].filter((name) => name !== undefined);
  const states = await tx.rows<SlowedPace & { name: string; free_at: Date }>(sql`
    select name, messages, per_seconds, slowed_to, slowed_at, free_at from domain_paces
    where name = any(${names}::text[]) order by name for update`);
  const tails = await tx.rows<{ name: string; tail: Date | null; now: Date }>(sql`
    select wanted.name, clock_timestamp() as now, (
      select max(next_at) from delivery_retries where pace = wanted.name and next_at > now()) as tail
    from unnest(${names}::text[]) as wanted(name)`);
  const leaves: Parcel[] = [];
  const held: Held[] = [];
  const freeAt: Date[] = [];
  for (const { name, free_at, ...pace } of states) {
    const { tail, now } = tails.find((each) => each.name === name) ?? { tail: null, now: free_at };
    const parcels = paced.get(name) ?? [];
    const [first] = parcels;
    const isUrgent = first?.mailing.compiled.designation === "transactional";
    const who = isUrgent ? "urgent" : first?.isRetry ? "due" : "new";
    const interval = 1000 / paceNow(pace, now.getTime());
    const state = { interval, freeAt: free_at.getTime(), tail: tail?.getTime() ?? null };
    const places = reservePlaces(state, parcels.length, now.getTime(), who);
    leaves.push(...parcels.slice(0, places.granted));
    parcels.slice(places.granted).forEach((parcel, index) => {
      held.push({ parcel, pace: name, at: new Date(places.later[index] ?? now.getTime()), now });
    });
    freeAt.push(new Date(places.freeAt));
  }
  // A rule that was removed a moment ago holds nobody.
  for (const [name, parcels] of paced)
    if (name !== undefined && !states.some((state) => state.name === name)) leaves.push(...parcels);
  await tx.run(sql`
    update domain_paces pace set free_at = moved.free_at
    from unnest(${states.map(({ name }) => name)}::text[], ${freeAt}::timestamptz[]) as moved(name, free_at)
    where pace.name = moved.name`);
  if (held.length > 0) await putOff(tx, held, routeId, endsAt);
  return { leaves, held };
}

/** Its attempts and patience are those it would have had without waiting. */
async function putOff(
  tx: Transaction,
  held: readonly Held[],
  routeId: string,
  endsAt: Date | null,
): Promise<void> {
  const end = ({ at, now, parcel }: Held) =>
    new Date(
      Math.min(
        endsAt?.getTime() ?? Number.POSITIVE_INFINITY,
        parcel.expiresAt.getTime() + at.getTime() - now.getTime(),
      ),
    );
  const again = held.filter(({ parcel }) => parcel.isRetry);
  if (again.length > 0)
    await tx.run(sql`
      update delivery_retries retry set next_at = moved.at, pace = moved.pace, lease_owner = null, lease_until = null
      from unnest(${again.map(({ parcel }) => parcel.deliveryId)}::bigint[], ${again.map(({ at }) => at)}::timestamptz[],
                  ${again.map(({ pace }) => pace)}::text[]) as moved(delivery_id, at, pace)
      where retry.delivery_id = moved.delivery_id and retry.lease_owner is not null`);
  const fresh = held.filter(({ parcel }) => !parcel.isRetry);
  if (fresh.length > 0)
    await tx.run(sql`
      insert into delivery_retries (delivery_id, mailing_id, contact_id, visit_id, address, attempts, next_at, last_reply,
                                    expires_at, route_id, pace)
      select delivery_id, mailing_id, contact_id, visit_id, address, 0, at, 'Waits for the pace of “' || pace || '”.', expires_at,
             ${routeId}::bigint, pace
      from unnest(${fresh.map(({ parcel }) => parcel.deliveryId)}::bigint[], ${fresh.map(({ parcel }) => parcel.mailing.id)}::bigint[],
        ${fresh.map(({ parcel }) => parcel.contactId)}::bigint[], ${fresh.map(({ parcel }) => parcel.visitId)}::bigint[],
        ${fresh.map(({ parcel }) => parcel.recipient.address)}::text[], ${fresh.map(({ at }) => at)}::timestamptz[],
        ${fresh.map(end)}::timestamptz[], ${fresh.map(({ pace }) => pace)}::text[]
      ) as held(delivery_id, mailing_id, contact_id, visit_id, address, at, expires_at, pace)
      on conflict (delivery_id) do nothing`);
}

/** A pace as it is now: what waits for it, and whether its receiver slowed it down. */
export type PaceState = DomainPace & {
  /** There only because the receiver asked for it. */
  readonly isTemporary: boolean;
  readonly waiting: number;
  readonly lastAt: Date | null;
  readonly slowed: { readonly perSecond: number; readonly until: Date; readonly reply: string } | null;
};

type PaceRow = Omit<PaceState, "slowed"> &
  SlowedPace & { readonly slowed_by: string | null; readonly now: Date };

/** The rules and temporary paces by name, with what waits for each. */
export async function listDomainPaces(db: Queries): Promise<PaceState[]> {
  const rows = await db.rows<PaceRow>(sql`
    select name, domains, messages, per_seconds, per_seconds as "perSeconds", is_temporary as "isTemporary", held.waiting,
      held.last_at as "lastAt", slowed_to, slowed_at, slowed_by, clock_timestamp() as now
    from domain_paces rule cross join lateral (
      select count(*)::int as waiting, max(next_at) as last_at from delivery_retries where pace = rule.name) held
    order by name`);
  return rows.map(({ per_seconds, slowed_to, slowed_at, slowed_by, now, ...pace }) => {
    const state = { messages: pace.messages, per_seconds, slowed_to, slowed_at };
    const slowdown = slowdownOf(state);
    const until = slowdown && recoversAt(limitOf(state), slowdown);
    const isSlow = until !== null && until > now.getTime();
    const perSecond = paceNow(state, now.getTime());
    return {
      ...pace,
      slowed: isSlow ? { perSecond, until: new Date(until), reply: slowed_by ?? "" } : null,
    };
  });
}

/** Replaces all rules. What waits for one that is gone leaves as soon as its time has come. */
export async function setDomainPaces(tx: Transaction, rules: readonly DomainPace[]): Promise<void> {
  const text = JSON.stringify(rules);
  const ruled = rules.flatMap(({ domains }) => domains);
  const gone = await tx.rows<{ name: string }>(sql`
    delete from domain_paces
    where case when is_temporary then domains && ${ruled}::text[] else name <> all(${rules.map(({ name }) => name)}::text[]) end
    returning name`);
  await release(
    tx,
    gone.map(({ name }) => name),
  );
  await tx.run(sql`
    insert into domain_paces (name, domains, messages, per_seconds)
    select name, domains, messages, "perSeconds"
    from jsonb_to_recordset(${text}::jsonb) as rule(name text, domains text[], messages int, "perSeconds" int)
    on conflict (name) do update set domains = excluded.domains, messages = excluded.messages, per_seconds = excluded.per_seconds,
      is_temporary = false`);
}

/** What waits for paces that are gone may leave. */
export async function release(tx: Queries, names: readonly string[]): Promise<void> {
  if (names.length === 0) return;
  await tx.run(sql`
    update delivery_retries set pace = null, next_at = least(next_at, now())
    where pace = any(${names}::text[]) and lease_owner is null`);
}
