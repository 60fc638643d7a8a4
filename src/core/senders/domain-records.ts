export const domainChecks = ["spf", "dkim", "dmarc"] as const;
export type DomainCheck = (typeof domainChecks)[number];

/** A TXT record to publish. */
export type WantedRecord = {
  readonly check: DomainCheck;
  readonly name: string;
  readonly type: "TXT";
  readonly value: string;
};

/** What a look into DNS gave for one name: texts, nothing there, or no answer at all. */
export type Lookup =
  | { readonly kind: "found"; readonly texts: readonly string[] }
  | { readonly kind: "absent" }
  | { readonly kind: "failed"; readonly reason: string };

export type RecordFinding = WantedRecord & {
  readonly state: "ok" | "missing" | "wrong" | "unknown";
  readonly message: string;
};

type PublishedKey = {
  readonly selector: string;
  readonly algorithm: "rsa-sha256" | "ed25519-sha256";
  /** Base64, as it stands in the record. */
  readonly publicKey: string;
};

/** The records that make receivers trust mail from a domain. Advice: the sender's relay may ask for more in SPF. */
export function wantedRecords(domain: string, keys: readonly PublishedKey[]): WantedRecord[] {
  return [
    ...keys.map(
      ({ selector, algorithm, publicKey }): WantedRecord => ({
        check: "dkim",
        name: `${selector}._domainkey.${domain}`,
        type: "TXT",
        value: `v=DKIM1; k=${algorithm === "rsa-sha256" ? "rsa" : "ed25519"}; p=${publicKey}`,
      }),
    ),
    { check: "spf", name: domain, type: "TXT", value: "v=spf1 a mx ~all" },
    { check: "dmarc", name: `_dmarc.${domain}`, type: "TXT", value: "v=DMARC1; p=none" },
  ];
}

/** Compares what DNS says with what it should say. Texts are whole: split strings are joined already. */
export function judgeRecord(wanted: WantedRecord, lookup: Lookup): RecordFinding {
  const found = (state: RecordFinding["state"], message: string): RecordFinding => ({
    ...wanted,
    state,
    message,
  });
  if (lookup.kind === "failed")
    return found("unknown", `DNS did not answer (${lookup.reason}). Try again later.`);
  const texts = lookup.kind === "found" ? lookup.texts : [];
  switch (wanted.check) {
    case "dkim":
      return judgeDkim(wanted, texts, found);
    case "spf":
      return judgeSpf(texts, found);
    case "dmarc":
      return judgeDmarc(texts, found);
  }
}

type Found = (state: RecordFinding["state"], message: string) => RecordFinding;

/** RFC 6376, section 3.6.1: tags in any order, spaces anywhere, an empty p= revokes. */
function judgeDkim(wanted: WantedRecord, texts: readonly string[], found: Found): RecordFinding {
  const keyOf = (text: string) => tagsOf(text).get("p")?.replace(/\s/g, "");
  const keys = texts.filter((text) => tagsOf(text).has("p"));
  if (keys.length === 0)
    return found("missing", "There is no key at this name. Publish the record as shown.");
  if (keys.length > 1)
    return found("wrong", "There is more than one key at this name. Leave only the one shown.");
  const [text = ""] = keys;
  if (keyOf(text) === "")
    return found("wrong", "The key at this name is revoked (p= is empty). Publish the record as shown.");
  if (keyOf(text) !== keyOf(wanted.value))
    return found(
      "wrong",
      "Another key is published at this name: signatures would fail. Publish the record as shown.",
    );
  if ((tagsOf(text).get("t") ?? "").split(":").some((flag) => flag.trim() === "y"))
    return found(
      "wrong",
      "The record says that the domain is testing (t=y), so receivers may ignore signatures. Remove it.",
    );
  return found("ok", "The key is published.");
}

/** RFC 7208, sections 3.2, 4.5 and 4.6.4: one record, at most ten look-ups. What the includes hold is not looked into. */
function judgeSpf(texts: readonly string[], found: Found): RecordFinding {
  const records = texts.filter((text) => /^v=spf1( |$)/i.test(text));
  if (records.length === 0)
    return found(
      "missing",
      "There is no SPF record. Publish one that names the servers of your relay; the one shown is a start.",
    );
  if (records.length > 1)
    return found("wrong", "There is more than one SPF record, which makes all of them invalid. Join them.");
  const [record = ""] = records;
  const terms = record.split(/ +/).slice(1);
  const lookups = terms.filter((term) => /^[+?~-]?(a|mx|ptr|include:|exists:)|^redirect=/i.test(term)).length;
  if (lookups > 10)
    return found("wrong", `The SPF record needs ${lookups} look-ups; more than 10 make it invalid.`);
  if (/(^| )\+?all( |$)/i.test(record))
    return found("wrong", "The SPF record lets everybody send (+all). End it with ~all or -all.");
  if (!/[~-]all$|redirect=/i.test(record))
    return found("wrong", "The SPF record does not end with ~all or -all.");
  return found("ok", `Published: ${record}. Make sure that it names the servers of your relay.`);
}

/** RFC 9989: one record; `pct` is gone and does no harm. */
function judgeDmarc(texts: readonly string[], found: Found): RecordFinding {
  const records = texts.filter((text) => /^v=DMARC1(;|\s|$)/i.test(text));
  if (records.length === 0)
    return found(
      "missing",
      "There is no DMARC record here. Large mailbox providers refuse bulk mail without one.",
    );
  if (records.length > 1)
    return found("wrong", "There is more than one DMARC record, which makes all of them invalid.");
  const policy = tagsOf(records[0] ?? "")
    .get("p")
    ?.trim()
    .toLowerCase();
  if (policy === undefined || !["none", "quarantine", "reject"].includes(policy))
    return found("wrong", "The DMARC record has no policy. Add p=none, p=quarantine or p=reject.");
  return found(
    "ok",
    policy === "none"
      ? "Published with p=none: receivers watch and report. Move to p=quarantine when reports are clean."
      : `Published with p=${policy}.`,
  );
}

function tagsOf(text: string): Map<string, string> {
  return new Map(
    text.split(";").flatMap((tag) => {
      const at = tag.indexOf("=");
      return at < 0 ? [] : [[tag.slice(0, at).trim().toLowerCase(), tag.slice(at + 1).trim()] as const];
    }),
  );
}
