import { createPrivateKey } from "node:crypto";
import { type Platform, sql } from "../platform/index.ts";
import type { DkimKey } from "./dkim.ts";
import { listDomains, signingOf } from "./domains.ts";

/** What a private key is sealed for: a box moved to another domain or selector does not open. */
export const keyPurpose = (domain: string, selector: string) => `dkim/${domain}/${selector}`;

/** Mail from a domain that may not leave now, and why: its published keys differ from ours. */
export type HeldDomain = { readonly domain: string; readonly reason: string };

/** The keys that sign for a domain; a From address at a subdomain is signed by its nearest parent that has keys. */
export type DomainKeys = {
  readonly keysFor: (domain: string) => readonly DkimKey[];
  readonly heldFor: (domain: string) => HeldDomain | undefined;
};

type Signer = { readonly keys: DkimKey[]; readonly held: HeldDomain | undefined };

/**
 * Reads once which keys sign [S3]. A key that cannot be opened (another instance key) is left out and said in the log.
 */
export async function findDomainKeys({
  db,
  secrets,
  log,
}: Pick<Platform, "db" | "secrets" | "log">): Promise<DomainKeys> {
  const [domains, boxes] = await Promise.all([
    listDomains(db),
    db.rows<{ id: string; private_key_box: Buffer }>(
      sql`select id, private_key_box from dkim_keys where is_active`,
    ),
  ]);
  const boxOf = new Map(boxes.map(({ id, private_key_box }) => [id, private_key_box]));
  const signers = new Map<string, Signer>();
  for (const row of domains) {
    const signing = signingOf(row);
    const signer: Signer = {
      keys: [],
      held: signing.kind === "held" ? { domain: row.domain, reason: signing.reason } : undefined,
    };
    signers.set(row.domain, signer);
    for (const { id, selector, algorithm } of row.keys) {
      const box = boxOf.get(id);
      if (!box || signing.kind !== "signs" || !signing.keyIds.includes(id)) continue;
      try {
        const der = secrets.open(box, keyPurpose(row.domain, selector));
        const key = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
        signer.keys.push({ domain: row.domain, selector, algorithm, key });
      } catch {
        log.error(
          { domain: row.domain, selector },
          "this DKIM key was sealed with another instance key; make a new one",
        );
      }
    }
  }
  const signerOf = (domain: string): Signer | undefined => {
    for (let name = domain.toLowerCase(); name.includes("."); name = name.slice(name.indexOf(".") + 1)) {
      const signer = signers.get(name);
      if (signer && (signer.keys.length > 0 || signer.held)) return signer;
    }
    return undefined;
  };
  return {
    keysFor: (domain) => signerOf(domain)?.keys ?? [],
    heldFor: (domain) => signerOf(domain)?.held,
  };
}
