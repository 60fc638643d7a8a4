import { type DnsBook, valuesOf } from "./dns-book.ts";
import { type DomainFinding, findingsAbout, noAnswer } from "./domain-finding.ts";
import {
  judgePublishedKey,
  keyRecordName,
  keyRecordValue,
  type PublicKey,
  verdictWords,
} from "./published-key.ts";
import { isDueForRenewal, type KeyLife, removableAt, renewAfterDays } from "./signing.ts";

export type CheckedKey = PublicKey & {
  readonly life: KeyLife;
  /** Milliseconds; null: it never signed, or has not retired. */
  readonly signingSince: number | null;
  readonly retiredAt: number | null;
};

const why = "A signature lets receivers see that the mail is yours and was not changed on the way.";

/** Looks at the record of each key, for what its life asks of it. */
export function checkDkim(
  domain: string,
  keys: readonly CheckedKey[],
  book: DnsBook,
  now: number,
): DomainFinding[] {
  if (keys.length === 0)
    return [
      findingsAbout("dkim", domain, why)(
        "error",
        "There is no key, so mail is not signed.",
        "Make a key and publish its record.",
      ),
    ];
  return keys.map((key) =>
    key.retiredAt === null
      ? checkLiving(domain, key, book, now)
      : checkRetired(domain, key, key.retiredAt, book, now),
  );
}

function checkLiving(domain: string, key: CheckedKey, book: DnsBook, now: number): DomainFinding {
  const name = keyRecordName(domain, key.selector);
  const answer = book.ask("TXT", name);
  const verdict = judgePublishedKey(key, answer);
  const record = { name, type: "TXT", value: keyRecordValue(key) } as const;
  const finding = findingsAbout("dkim", name, why, valuesOf(answer));
  if (verdict === undefined)
    return finding("unknown", noAnswer(answer.kind === "failed" ? answer.reason : ""), null, record);
  if (verdict === "right") {
    if (key.life === "waiting") return finding("good", "The key is published and can sign.", null, record);
    if (key.signingSince !== null && isDueForRenewal(key.signingSince, now))
      return finding(
        "advice",
        `The key is published. It has been signing for more than ${renewAfterDays} days.`,
        "Replace it: whoever got hold of an old key can sign in your name.",
        record,
      );
    return finding("good", "The key is published and signs.", null, record);
  }
  if (verdict === "testing")
    return finding("warning", verdictWords.testing, "Remove t=y from the record.", record);
  const misplaced = verdict === "missing" ? findMisplaced(domain, name, key, book) : undefined;
  const severity = key.life === "waiting" ? "warning" : "error";
  if (misplaced) return finding(severity, misplaced, "Enter the name without the domain at its end.", record);
  return finding(severity, verdictWords[verdict], fixes[verdict], record);
}

const fixes = {
  missing: "Publish this record. It is looked up again by itself.",
  different: "Replace what is there by this record.",
  revoked: "Publish this record again, or make another key.",
  several: "Leave only this record at the name.",
} as const;

/** Many panels add the domain to what is typed: the record is then at name.domain. */
function findMisplaced(domain: string, name: string, key: PublicKey, book: DnsBook): string | undefined {
  const doubled = `${name}.${domain}`;
  const isThere = judgePublishedKey(key, book.ask("TXT", doubled)) === "right";
  return isThere ? `The key was published at ${doubled}: the domain stands there twice.` : undefined;
}

function checkRetired(
  domain: string,
  key: CheckedKey,
  retiredAt: number,
  book: DnsBook,
  now: number,
): DomainFinding {
  const name = keyRecordName(domain, key.selector);
  const answer = book.ask("TXT", name);
  const finding = findingsAbout(
    "dkim",
    name,
    "Mail that this key signed may still be on its way.",
    valuesOf(answer),
  );
  if (answer.kind === "failed") return finding("unknown", noAnswer(answer.reason));
  const isThere = judgePublishedKey(key, answer) !== "missing";
  const day = new Date(removableAt(retiredAt)).toISOString().slice(0, 10);
  if (now < removableAt(retiredAt))
    return isThere
      ? finding("good", `This key does not sign any more. Keep its record until ${day}.`)
      : finding("advice", `The record of this retired key is gone already; it was to stay until ${day}.`);
  return isThere
    ? finding(
        "advice",
        "This key does not sign any more.",
        "Remove this record from DNS, then delete the key.",
      )
    : finding("good", "This key and its record are not needed any more. Delete the key.");
}
