import { questionKey } from "#core/senders/dns-book.ts";
import { judgeDomain } from "#core/senders/judge-domain.ts";
import { judgePublishedKey, type KeyVerdict, keyRecordName } from "#core/senders/published-key.ts";
import { nextLookMilliseconds, planTakeOver } from "#core/senders/signing.ts";
import { type Platform, type Queries, sql, type Transaction } from "../platform/index.ts";
import { retireKeys, startKeys } from "./change-keys.ts";
import { type DomainRow, getDomain, keyFactsOf, lifeOf, signingOf } from "./domains.ts";
import { askUntilClosed, type LookUp } from "./look-up-dns.ts";
import { helloNameOf } from "./test-route.ts";

export type DomainChecks = Pick<Platform, "db" | "clock" | "config" | "news" | "log">;

/** Written in the transaction in which a domain's mail may leave again: `{ domain }`. */
export const domainHealed = "senders.domain-healed";

/**
 * [S1] Looks at everything that DNS says about a domain and keeps it. Keys that were waited for take over [S5], keys that differ
 * sign no more [S3]. Nothing is locked while DNS is asked.
 */
export async function checkDomain(platform: DomainChecks, id: string, lookUp: LookUp): Promise<DomainRow> {
  const { db, clock, config } = platform;
  const before = await getDomain(db, id);
  const roads = await listRoadsOut(db);
  const now = clock.now();
  const { verdict: findings, known } = await askUntilClosed(
    (book) =>
      judgeDomain(
        {
          domain: before.domain,
          keys: before.keys.map((key) => ({
            ...key,
            life: lifeOf(key),
            signingSince: key.signingSince === null ? null : Date.parse(key.signingSince),
            retiredAt: key.retiredAt === null ? null : Date.parse(key.retiredAt),
          })),
          roads,
          helloName: helloNameOf(config.publicUrl),
          now: now.getTime(),
        },
        book,
      ),
    lookUp,
  );
  const verdicts = before.keys.flatMap((key) => {
    const name = keyRecordName(before.domain, key.selector).toLowerCase();
    const verdict = judgePublishedKey(
      key,
      known.get(questionKey({ type: "TXT", name })) ?? { kind: "failed", reason: "" },
    );
    return verdict ? [{ id: key.id, verdict }] : [];
  });
  return db.transaction(async (tx) => {
    await noteVerdicts(tx, verdicts);
    const seen = await getDomain(tx, id);
    const { starting, retiring } = planTakeOver(keyFactsOf(seen));
    await retireKeys(tx, retiring, now);
    await startKeys(tx, starting, { isForced: false, at: now });
    const after = await getDomain(tx, id);
    await tellIfHealed(platform, tx, after);
    const wait = nextLookMilliseconds(
      signingOf(after),
      keyFactsOf(after),
      findings.every(({ severity }) => severity !== "unknown"),
      now.getTime() - Math.max(0, ...after.keys.map(({ createdAt }) => Date.parse(createdAt))),
    );
    await tx.run(sql`
      update sending_domains set findings = ${JSON.stringify(findings)}::jsonb, checked_at = ${now},
        next_check_at = now() + make_interval(secs => ${wait / 1000})
      where id = ${id}`);
    return getDomain(tx, id);
  });
}

/** Says that mail of a domain may leave, for whoever held it back. */
export async function tellIfHealed(
  { news }: Pick<Platform, "news">,
  tx: Transaction,
  domain: DomainRow,
): Promise<void> {
  if (signingOf(domain).kind !== "held") await news.publish(tx, domainHealed, [{ domain: domain.domain }]);
}

async function noteVerdicts(
  tx: Queries,
  verdicts: readonly { readonly id: string; readonly verdict: KeyVerdict }[],
): Promise<void> {
  await tx.run(sql`
    update dkim_keys key set published = given.verdict,
      was_seen = was_seen or given.verdict in ('right', 'testing'),
      is_forced = is_forced and given.verdict not in ('right', 'testing')
    from unnest(${verdicts.map(({ id }) => id)}::bigint[], ${verdicts.map(({ verdict }) => verdict)}::text[]) as given(id, verdict)
    where key.id = given.id`);
}

/** The routes that mail can leave the house by. */
function listRoadsOut(
  db: Queries,
): Promise<{ routeName: string; host: string; bounceDomain: string | null }[]> {
  return db.rows(sql`
    select name as "routeName", host, bounce_domain as "bounceDomain" from routes where not is_mailbox order by id`);
}
