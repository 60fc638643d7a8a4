import { rateAt, type Slowdown, slowDown, temporaryPace } from "#core/delivery/receiver-pace.ts";
import { type Database, type Log, sql, type Transaction } from "../platform/index.ts";
import { deliveryChannel } from "./enqueue-recipients.ts";
import type { FateRow } from "./record-fates.ts";

/** A pace as far as it may be slowed down. */
export type SlowedPace = {
  readonly messages: number;
  readonly per_seconds: number;
  readonly slowed_to: number | null;
  readonly slowed_at: Date | null;
};

export const limitOf = ({ messages, per_seconds }: Pick<SlowedPace, "messages" | "per_seconds">): number =>
  messages / per_seconds;

export const slowdownOf = ({
  slowed_to,
  slowed_at,
}: Pick<SlowedPace, "slowed_to" | "slowed_at">): Slowdown | null =>
  slowed_to === null || slowed_at === null ? null : { to: slowed_to, at: slowed_at.getTime() };

/** Messages a second that a pace allows now. */
export const paceNow = (pace: SlowedPace, now: number): number =>
  rateAt(limitOf(pace), slowdownOf(pace), now);

export const domainOf = (addressKey: string): string => addressKey.slice(addressKey.lastIndexOf("@") + 1);

/** How far back it is counted what a domain took. */
const countedMilliseconds = 10_000;

/**
 * [D110] Hears in the fates of a sender which receiving domains say that mail comes too fast, and slows their paces down for all
 * senders: one transaction per group of fates that has such a word in it, nothing otherwise.
 */
export class ReceiverEar {
  readonly #db: Database;
  readonly #log: Log;
  #took = new Map<string, number>();
  #tookBefore: ReadonlyMap<string, number> = new Map();
  #since = performance.now();

  constructor(db: Database, log: Log) {
    this.#db = db;
    this.#log = log;
  }

  async hear(rows: readonly FateRow[]): Promise<void> {
    this.#turnPage();
    const said = new Map<string, string>();
    for (const { fate, addressKey } of rows) {
      if (fate.kind === "again" && fate.slowsDomain) said.set(domainOf(addressKey), fate.answer.text);
      else if (fate.kind === "final" && fate.outcome === "accepted") {
        const domain = domainOf(addressKey);
        this.#took.set(domain, (this.#took.get(domain) ?? 0) + 1);
      }
    }
    if (said.size === 0) return;
    const seconds = (performance.now() - this.#since + countedMilliseconds) / 1000;
    const heard = [...said].map(([domain, reply]) => ({
      domain,
      reply,
      tookPerSecond: ((this.#took.get(domain) ?? 0) + (this.#tookBefore.get(domain) ?? 0)) / seconds,
    }));
    // Whoever is not heard now says it again.
    await this.#db
      .transaction((tx) => slowDownDomains(tx, heard))
      .catch((error: unknown) =>
        this.#log.error({ reason: String(error) }, "a domain could not be slowed down"),
      );
  }

  #turnPage(): void {
    const age = performance.now() - this.#since;
    if (age < countedMilliseconds) return;
    this.#tookBefore = age < 2 * countedMilliseconds ? this.#took : new Map();
    this.#took = new Map();
    this.#since = performance.now();
  }
}

type Heard = { readonly domain: string; readonly reply: string; readonly tookPerSecond: number };
type PaceRow = SlowedPace & {
  readonly name: string;
  readonly domains: readonly string[];
  readonly now: Date;
};

/** What a notification says when a domain was slowed down. */
export const paceNotice = "pace";

async function slowDownDomains(tx: Transaction, heard: readonly Heard[]): Promise<void> {
  const paces = await tx.rows<PaceRow>(sql`
    select name, domains, messages, per_seconds, slowed_to, slowed_at, clock_timestamp() as now from domain_paces
    where domains && ${heard.map(({ domain }) => domain)}::text[] order by name for update`);
  const slower = paces.flatMap((pace) => {
    const by = heard.find(({ domain }) => pace.domains.includes(domain));
    const before = slowdownOf(pace);
    const after = slowDown(limitOf(pace), before, pace.now.getTime());
    return by && after !== before ? [{ name: pace.name, ...after, reply: by.reply }] : [];
  });
  if (slower.length > 0)
    await tx.run(sql`
      update domain_paces pace set slowed_to = said.slowed_to, slowed_at = said.slowed_at, slowed_by = said.reply
      from unnest(${slower.map(({ name }) => name)}::text[], ${slower.map(({ to }) => to)}::float8[],
        ${slower.map(({ at }) => new Date(at))}::timestamptz[], ${slower.map(({ reply }) => reply)}::text[]
      ) as said(name, slowed_to, slowed_at, reply)
      where pace.name = said.name`);
  const fresh = heard.filter(({ domain }) => !paces.some(({ domains }) => domains.includes(domain)));
  if (fresh.length + slower.length > 0)
    await tx.run(sql`select pg_notify(${deliveryChannel}, ${paceNotice})`);
  if (fresh.length === 0) return;
  const made = fresh.map(({ tookPerSecond }) => temporaryPace(tookPerSecond, 0));
  // Another sender may have heard the same a moment ago.
  await tx.run(sql`
    insert into domain_paces (name, domains, messages, per_seconds, is_temporary, slowed_to, slowed_at, slowed_by)
    select '@' || domain, array[domain], messages, per_seconds, true, slowed_to, clock_timestamp(), reply
    from unnest(${fresh.map(({ domain }) => domain)}::text[], ${made.map(({ messages }) => messages)}::int[],
      ${made.map(({ perSeconds }) => perSeconds)}::int[], ${made.map(({ slowdown }) => slowdown.to)}::float8[],
      ${fresh.map(({ reply }) => reply)}::text[]) as said(domain, messages, per_seconds, slowed_to, reply)
    order by domain
    on conflict (name) do nothing`);
}
