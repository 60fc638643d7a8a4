import { type Answer, tagsOf, valuesOf } from "./dns-book.ts";

export const keyVerdicts = ["right", "testing", "missing", "different", "revoked", "several"] as const;

/**
 * What DNS says of a key: as it should be; right, but marked as a test (t=y); not there; another one; withdrawn (p= is
 * empty); more than one. Undefined: DNS did not answer, which says nothing.
 */
export type KeyVerdict = (typeof keyVerdicts)[number];

export type PublicKey = {
  readonly selector: string;
  readonly algorithm: "rsa-sha256" | "ed25519-sha256";
  /** Base64, as it stands in the record. */
  readonly publicKey: string;
};

export function keyRecordName(domain: string, selector: string): string {
  return `${selector}._domainkey.${domain}`;
}

export function keyRecordValue({ algorithm, publicKey }: Omit<PublicKey, "selector">): string {
  return `v=DKIM1; k=${algorithm === "rsa-sha256" ? "rsa" : "ed25519"}; p=${publicKey}`;
}

/** RFC 6376, section 3.6.1: tags in any order, spaces anywhere, an empty p= revokes. */
export function judgePublishedKey(key: Omit<PublicKey, "selector">, answer: Answer): KeyVerdict | undefined {
  if (answer.kind === "failed") return undefined;
  const records = valuesOf(answer)
    .map(tagsOf)
    .filter((tags) => tags.has("p"));
  const [tags] = records;
  if (!tags) return "missing";
  if (records.length > 1) return "several";
  const published = tags.get("p")?.replace(/\s/g, "");
  if (published === "") return "revoked";
  const kind = tags.get("k")?.toLowerCase() || "rsa";
  if (published !== key.publicKey || kind !== (key.algorithm === "rsa-sha256" ? "rsa" : "ed25519"))
    return "different";
  const flags = (tags.get("t") ?? "").split(":").map((flag) => flag.trim().toLowerCase());
  return flags.includes("y") ? "testing" : "right";
}

/** What is wrong with a published key, in words. */
export const verdictWords: Readonly<Record<KeyVerdict, string>> = {
  right: "The key is published.",
  testing:
    "The key is published, but the record says that the domain is testing (t=y): receivers may ignore signatures.",
  missing: "There is no key at this name.",
  different: "Another key is published at this name: every signature would fail.",
  revoked: "The key at this name is withdrawn (p= is empty): every signature would fail.",
  several: "There is more than one key at this name: receivers take any of them, or none.",
};
