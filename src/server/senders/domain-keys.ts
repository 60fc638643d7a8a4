import { createPrivateKey } from "node:crypto";
import { type Platform, sql } from "../platform/index.ts";
import type { DkimKey } from "./dkim.ts";

/** What a private key is sealed for: a box moved to another domain or selector does not open. */
export const keyPurpose = (domain: string, selector: string) => `dkim/${domain}/${selector}`;

/** Finds the active keys of a domain; a From address at a subdomain is signed by its nearest parent that has keys. */
export type DomainKeys = { readonly keysFor: (domain: string) => readonly DkimKey[] };

type KeyRow = { domain: string; selector: string; algorithm: DkimKey["algorithm"]; private_key_box: Buffer };

/** Reads all active keys once. A key that cannot be opened (another instance key) is left out and said in the log. */
export async function findDomainKeys({
  db,
  secrets,
  log,
}: Pick<Platform, "db" | "secrets" | "log">): Promise<DomainKeys> {
  const rows = await db.rows<KeyRow>(sql`
    select domain.domain, key.selector, key.algorithm, key.private_key_box
    from dkim_keys key join sending_domains domain on domain.id = key.domain_id
    where key.is_active order by key.id`);
  const byDomain = new Map<string, DkimKey[]>();
  for (const { domain, selector, algorithm, private_key_box } of rows) {
    try {
      const key = createPrivateKey({
        key: secrets.open(private_key_box, keyPurpose(domain, selector)),
        format: "der",
        type: "pkcs8",
      });
      byDomain.set(domain, [...(byDomain.get(domain) ?? []), { domain, selector, algorithm, key }]);
    } catch {
      log.error({ domain, selector }, "this DKIM key was sealed with another instance key; make a new one");
    }
  }
  return {
    keysFor(domain) {
      for (let name = domain.toLowerCase(); name.includes("."); name = name.slice(name.indexOf(".") + 1)) {
        const keys = byDomain.get(name);
        if (keys) return keys;
      }
      return [];
    },
  };
}
