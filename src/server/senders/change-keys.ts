import { generateKeyPair, type KeyObject } from "node:crypto";
import { promisify } from "node:util";
import { type Queries, sql, type Transaction } from "../platform/index.ts";
import type { Secrets } from "../platform/secrets.ts";
import type { DkimKey } from "./dkim.ts";
import { keyPurpose } from "./domain-keys.ts";
import type { DomainRow, KeyRow } from "./domains.ts";

const makePair = promisify(generateKeyPair);

/** Makes a key pair and keeps the private half sealed. RSA has 2048 bits (RFC 8301, section 3.2). Takes some 100 ms. */
export async function addKey(
  tx: Transaction,
  secrets: Secrets,
  domain: Pick<DomainRow, "id" | "domain">,
  key: {
    readonly selector: string;
    readonly algorithm: DkimKey["algorithm"];
    readonly isActive: boolean;
    readonly replacesId?: string | null;
  },
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
    insert into dkim_keys (domain_id, selector, algorithm, public_key, private_key_box, is_active, replaces_id, signing_since)
    values (${domain.id}, ${key.selector}, ${key.algorithm}, ${publishedForm(publicKey)}, ${box}, ${key.isActive},
            ${key.replacesId ?? null}, case when ${key.isActive} then now() end)`);
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

/** Lets keys sign from now on. `isForced`: although their record was not found. */
export async function startKeys(
  tx: Queries,
  keyIds: readonly string[],
  { isForced, at }: { readonly isForced: boolean; readonly at: Date },
): Promise<void> {
  await tx.run(sql`
    update dkim_keys set is_active = true, retired_at = null, is_forced = ${isForced}, replaces_id = null,
      signing_since = coalesce(signing_since, ${at})
    where id = any(${keyIds}::bigint[])`);
}

/** [S5] Keys sign no more; their records stay in DNS for a while. */
export async function retireKeys(tx: Queries, keyIds: readonly string[], at: Date): Promise<void> {
  await tx.run(sql`
    update dkim_keys set is_active = false, is_forced = false, retired_at = ${at} where id = any(${keyIds}::bigint[]) and is_active`);
}

export async function deleteKey(tx: Queries, keyId: string): Promise<void> {
  await tx.run(sql`delete from dkim_keys where id = ${keyId} and not is_active`);
}
