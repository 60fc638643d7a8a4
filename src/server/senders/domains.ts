import { refuse } from "#contract/errors.ts";
import type { CheckedKey } from "#core/senders/check-dkim.ts";
import type { DomainFinding } from "#core/senders/domain-finding.ts";
import type { KeyVerdict } from "#core/senders/published-key.ts";
import { decideSigning, type KeyFacts, type Signing, type whenKeysDiffer } from "#core/senders/signing.ts";
import { type Queries, type Sql, sql } from "../platform/index.ts";

/** A domain that mail is signed for. */
export type DomainRow = {
  readonly id: string;
  readonly domain: string;
  readonly ifKeyDiffers: (typeof whenKeysDiffer)[number];
  readonly checkedAt: Date | null;
  readonly findings: readonly DomainFinding[];
  readonly createdAt: Date;
  readonly keys: readonly KeyRow[];
};

export type KeyRow = {
  readonly id: string;
  readonly selector: string;
  readonly algorithm: CheckedKey["algorithm"];
  readonly publicKey: string;
  readonly isActive: boolean;
  readonly published: KeyVerdict | null;
  readonly wasSeen: boolean;
  readonly isForced: boolean;
  readonly signingSince: string | null;
  readonly retiredAt: string | null;
  readonly replacesId: string | null;
  readonly createdAt: string;
};

function selectDomains(where: Sql): Sql {
  return sql`
    select domain.id, domain.domain, if_key_differs as "ifKeyDiffers", domain.checked_at as "checkedAt", domain.findings,
      domain.created_at as "createdAt",
      coalesce((
        select jsonb_agg(jsonb_build_object('id', key.id::text, 'selector', selector, 'algorithm', algorithm, 'publicKey', public_key,
                         'isActive', is_active, 'published', published, 'wasSeen', was_seen, 'isForced', is_forced,
                         'signingSince', signing_since, 'retiredAt', retired_at, 'replacesId', replaces_id::text,
                         'createdAt', key.created_at) order by key.id)
        from dkim_keys key where key.domain_id = domain.id), '[]') as keys
    from sending_domains domain where ${where} order by domain.domain`;
}

export function listDomains(db: Queries): Promise<DomainRow[]> {
  return db.rows<DomainRow>(selectDomains(sql`true`));
}

/** One domain, or a refusal. */
export async function getDomain(db: Queries, id: string): Promise<DomainRow> {
  return (
    (await db.first<DomainRow>(selectDomains(sql`domain.id = ${id}`))) ?? refuse("senders.domain-not-found")
  );
}

/** Adds a domain; returns its row id, or undefined if it is there already. */
export async function insertDomain(tx: Queries, domain: string): Promise<string | undefined> {
  const row = await tx.first<{ id: string }>(sql`
    insert into sending_domains (domain) values (${domain}) on conflict (domain) do nothing returning id`);
  return row?.id;
}

export async function setIfKeyDiffers(
  tx: Queries,
  id: string,
  what: DomainRow["ifKeyDiffers"],
): Promise<void> {
  await tx.run(sql`update sending_domains set if_key_differs = ${what} where id = ${id}`);
}

export async function deleteDomain(tx: Queries, id: string): Promise<void> {
  await tx.run(sql`delete from sending_domains where id = ${id}`);
}

/** The keys as the decisions of core see them. */
export function keyFactsOf({ keys }: Pick<DomainRow, "keys">): KeyFacts[] {
  return keys.map((key) => ({ ...key, life: lifeOf(key) }));
}

export function lifeOf({ isActive, retiredAt }: Pick<KeyRow, "isActive" | "retiredAt">): KeyFacts["life"] {
  return isActive ? "signing" : retiredAt === null ? "waiting" : "retired";
}

export function signingOf(domain: Pick<DomainRow, "keys" | "ifKeyDiffers">): Signing {
  return decideSigning(keyFactsOf(domain), domain.ifKeyDiffers);
}
