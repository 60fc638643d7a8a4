import { generateKeyPair, type KeyObject } from "node:crypto";
import { promisify } from "node:util";
import { refuse } from "#contract/errors.ts";
import { type RecordFinding, wantedRecords } from "#core/senders/domain-records.ts";
import { type Queries, type Sql, sql, type Transaction } from "../platform/index.ts";
import type { Secrets } from "../platform/secrets.ts";
import type { DkimKey } from "./dkim.ts";
import { keyPurpose } from "./domain-keys.ts";

/** A domain that mail is signed for. */
export type DomainRow = {
  readonly id: string;
  readonly domain: string;
  readonly checkedAt: Date | null;
  readonly findings: readonly RecordFinding[];
  readonly createdAt: Date;
  readonly keys: readonly KeyRow[];
};

export type KeyRow = {
  readonly id: string;
  readonly selector: string;
  readonly algorithm: DkimKey["algorithm"];
  readonly publicKey: string;
  readonly isActive: boolean;
  readonly createdAt: string;
};

function selectDomains(where: Sql): Sql {
  return sql`
    select domain.id, domain.domain, domain.checked_at as "checkedAt", domain.findings, domain.created_at as "createdAt",
      coalesce((
        select jsonb_agg(jsonb_build_object('id', key.id::text, 'selector', selector, 'algorithm', algorithm, 'publicKey', public_key,
                         'isActive', is_active, 'createdAt', key.created_at) order by key.id)
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

const makePair = promisify(generateKeyPair);

/** Makes a key pair and keeps the private half sealed. RSA has 2048 bits (RFC 8301, section 3.2). Takes some 100 ms. */
export async function addKey(
  tx: Transaction,
  secrets: Secrets,
  domain: Pick<DomainRow, "id" | "domain">,
  key: { readonly selector: string; readonly algorithm: DkimKey["algorithm"]; readonly isActive: boolean },
): Promise<void> {
  const { publicKey, privateKey } =
    key.algorithm === "rsa-sha256"
      ? await makePair("rsa", { modulusLength: 2048 })
      : await makePair("ed25519");
  const box = secrets.seal(
    privateKey.export({ format: "der", type: "pkcs8" }),
    keyPurpose(domain.domain, key.selector),
  );
  await tx.run(sql`
    insert into dkim_keys (domain_id, selector, algorithm, public_key, private_key_box, is_active)
    values (${domain.id}, ${key.selector}, ${key.algorithm}, ${publishedForm(publicKey)}, ${box}, ${key.isActive})`);
}

/** The p= of the record: RSA as a SubjectPublicKeyInfo (RFC 6376, section 3.6.1), Ed25519 as its bare 32 bytes (RFC 8463). */
function publishedForm(key: KeyObject): string {
  const der = key.export({ format: "der", type: "spki" });
  return (key.asymmetricKeyType === "ed25519" ? der.subarray(-32) : der).toString("base64");
}

/** A selector that this domain has never used: p1, p2 … */
export function freshSelector(keys: readonly Pick<KeyRow, "selector">[]): string {
  const used = keys.map(({ selector }) => Number(/^p(\d+)$/.exec(selector)?.[1] ?? 0));
  return `p${Math.max(0, ...used) + 1}`;
}

/** Switches signing with a key on or off; false if the domain has no such key. */
export async function switchKey(
  tx: Queries,
  domainId: string,
  keyId: string,
  isActive: boolean,
): Promise<boolean> {
  return (
    (await tx.run(
      sql`update dkim_keys set is_active = ${isActive} where id = ${keyId} and domain_id = ${domainId}`,
    )) === 1
  );
}

export async function setFindings(
  tx: Queries,
  id: string,
  findings: readonly RecordFinding[],
  at: Date,
): Promise<void> {
  await tx.run(sql`
    update sending_domains set findings = ${JSON.stringify(findings)}::jsonb, checked_at = ${at} where id = ${id}`);
}

export async function deleteDomain(tx: Queries, id: string): Promise<void> {
  await tx.run(sql`delete from sending_domains where id = ${id}`);
}

/** The records to publish with what was last found of each; those never looked up are unknown. */
export function recordsOf({ domain, keys, findings }: DomainRow): RecordFinding[] {
  return wantedRecords(domain, keys).map(
    (wanted) =>
      findings.find(
        ({ name, value, check }) => name === wanted.name && value === wanted.value && check === wanted.check,
      ) ?? {
        ...wanted,
        state: "unknown",
        message: "Not looked up yet.",
      },
  );
}
