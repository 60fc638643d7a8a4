import { refuse } from "#contract/errors.ts";
import type { TrackingRules } from "#contract/tracking.ts";
import type { Actor } from "#core/access/actor.ts";
import { classifierVersion } from "#core/tracking/classify-hit.ts";
import { findInNetworks, type NetworkFinder, readNetwork } from "#core/tracking/networks.ts";
import { audit } from "../access/index.ts";
import { type Database, type Queries, sql, type Transaction } from "../platform/index.ts";

/** The rules by which hits are judged: those of the program, and what was set. Never changed, only followed by others. */
export type HitRules = {
  /** Names them in each verdict. */
  readonly number: number;
  readonly networks: readonly string[];
  readonly hiddenLink: boolean;
  readonly actorLabel: string;
  readonly at: Date;
};

/** The rules that hold now. */
export async function currentRules(db: Queries): Promise<HitRules> {
  const rules = await db.first<HitRules>(sql`
    select number, networks, hidden_link as "hiddenLink", actor_label as "actorLabel", at
    from hit_rules order by number desc limit 1`);
  if (!rules) throw new Error("There are no rules for hits; they are made at the start.");
  return rules;
}

/** [T50] Notes at a start that the rules of the program are others than before. */
export async function ensureRules(db: Database): Promise<void> {
  await db.transaction(async (tx) => {
    await lockRules(tx);
    await tx.run(sql`
      insert into hit_rules (classifier_version, networks, hidden_link, actor_label)
      select ${classifierVersion}, coalesce(latest.networks, '{}'), coalesce(latest.hidden_link, false), 'Postroad'
      from (select 1) one
      left join lateral (select * from hit_rules order by number desc limit 1) latest on true
      where latest.classifier_version is distinct from ${classifierVersion}`);
  });
}

/** [T51] Sets what can be set. Holds for hits that are judged from now on; what was judged can be judged again. */
export async function setRules(
  db: Database,
  actor: Actor,
  wanted: { readonly networks: readonly string[]; readonly hiddenLink: boolean },
): Promise<HitRules> {
  const networks = [...new Set(wanted.networks.map(tidied))];
  return db.transaction(async (tx) => {
    await lockRules(tx);
    await tx.run(sql`
      insert into hit_rules (classifier_version, networks, hidden_link, actor_label)
      values (${classifierVersion}, ${networks}::text[], ${wanted.hiddenLink}, ${actor.label})`);
    const rules = await currentRules(tx);
    await audit(tx, actor, {
      action: "tracking-rules.changed",
      details: { rules: rules.number, networks, hiddenLink: wanted.hiddenLink },
    });
    return rules;
  });
}

function tidied(line: string): string {
  const message = `“${line}” is no network like 192.0.2.0/24 or 2001:db8::/32.`;
  return readNetwork(line) ?? refuse("tracking.not-a-network", { problems: [{ path: "networks", message }] });
}

async function lockRules(tx: Transaction): Promise<void> {
  await tx.run(sql`lock table hit_rules in share row exclusive mode`);
}

export function presentRules({ at, networks, ...rules }: HitRules): TrackingRules {
  return { ...rules, networks: [...networks], at: at.toISOString() };
}

let known: { readonly list: string; readonly find: NetworkFinder } | undefined;

/** The finder of these rules' networks; the last one is kept, because rules change rarely and hits are many. */
export function networksOf({ networks }: HitRules): NetworkFinder {
  const list = networks.join();
  if (known?.list !== list) known = { list, find: remembering(findInNetworks(networks)) };
  return known.find;
}

const maxRemembered = 5000;

/** Addresses come again: each is looked for once. */
function remembering(find: NetworkFinder): NetworkFinder {
  const answers = new Map<string, string | undefined>();
  return (address) => {
    if (answers.has(address)) return answers.get(address);
    if (answers.size >= maxRemembered) answers.clear();
    const answer = find(address);
    answers.set(address, answer);
    return answer;
  };
}
