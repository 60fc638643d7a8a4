import { type DnsBook, parentOf, tagsOf, valuesOf } from "./dns-book.ts";
import { type DomainFinding, findingsAbout, noAnswer } from "./domain-finding.ts";

export type DmarcRecord = {
  readonly domain: string;
  readonly text: string;
  readonly tags: ReadonlyMap<string, string>;
};

/** What the tree walk found for a domain (RFC 9989, section 4.10). */
export type DmarcWalk = {
  /** The record that holds: its own, that of its organisation, or that of a public suffix. */
  readonly applies: DmarcRecord | null;
  /** Domains are aligned in relaxed mode if they are of one organisation. */
  readonly organisation: string;
  /** More than one record stands at the domain itself: all of them are ignored. */
  readonly ownTexts: readonly string[];
  readonly unanswered: string | null;
};

const mostLabels = 8;

export function walkDmarc(domain: string, book: DnsBook): DmarcWalk {
  const records: DmarcRecord[] = [];
  let ownTexts: readonly string[] = [];
  let unanswered: string | null = null;
  for (let at = domain; at !== ""; at = nextUp(at)) {
    const answer = book.ask("TXT", `_dmarc.${at}`);
    if (answer.kind === "failed") unanswered ??= `_dmarc.${at}`;
    const texts = valuesOf(answer).filter((text) => /^v\s*=\s*DMARC1\s*(;|$)/.test(text));
    if (at === domain) ownTexts = texts;
    const [text] = texts;
    if (text === undefined || texts.length > 1) continue;
    const record = { domain: at, text, tags: tagsOf(text) };
    records.push(record);
    const psd = record.tags.get("psd")?.toLowerCase();
    if (psd === "n" || (psd === "y" && at !== domain)) break;
  }
  const organisation = organisationOf(domain, records);
  const applies =
    records.find((record) => record.domain === domain) ??
    records.find((record) => record.domain === organisation) ??
    records.at(-1) ??
    null;
  return { applies, organisation, ownTexts, unanswered };
}

/** One label up; long names are cut to seven labels at once, so that nobody can make us ask for ever. */
function nextUp(domain: string): string {
  const labels = domain.split(".");
  return labels.length >= mostLabels ? labels.slice(1 - mostLabels).join(".") : parentOf(domain);
}

function organisationOf(domain: string, records: readonly DmarcRecord[]): string {
  const closed = records.find(({ tags }) => tags.get("psd")?.toLowerCase() === "n");
  if (closed) return closed.domain;
  const suffix = records.find(
    (record) => record.domain !== domain && record.tags.get("psd")?.toLowerCase() === "y",
  );
  if (suffix)
    return domain
      .split(".")
      .slice(-(suffix.domain.split(".").length + 1))
      .join(".");
  return records.at(-1)?.domain ?? domain;
}

export type Policy = "none" | "quarantine" | "reject";

/** The policy for mail from a domain; undefined: the record says nothing that can be used. */
export function policyFor(domain: string, { tags, domain: at }: DmarcRecord): Policy | undefined {
  const written = (at === domain ? undefined : tags.get("sp")) ?? tags.get("p");
  const policy = written?.toLowerCase();
  if (policy === "none" || policy === "quarantine" || policy === "reject") return policy;
  return tags.has("rua") ? "none" : undefined;
}

const why = "Gmail, Yahoo and Microsoft want a DMARC record from everybody who sends to many.";
const goneTags = ["pct", "rf", "ri"];

/** Judges the policy of a domain, and whether the return paths of its mail are aligned with it. */
export function checkDmarc(domain: string, returnPaths: readonly string[], book: DnsBook): DomainFinding[] {
  const walk = walkDmarc(domain, book);
  const found = walk.applies ? [walk.applies.text] : walk.ownTexts;
  const finding = findingsAbout("dmarc", `_dmarc.${walk.applies?.domain ?? domain}`, why, found);
  const record = {
    name: `_dmarc.${domain}`,
    type: "TXT",
    value: `v=DMARC1; p=none; rua=mailto:dmarc@${domain}`,
  } as const;
  if (walk.ownTexts.length > 1)
    return [
      finding("error", "There is more than one DMARC record: all of them are ignored.", "Leave one of them."),
    ];
  if (!walk.applies)
    return [
      walk.unanswered === null
        ? finding(
            "error",
            "There is no DMARC record, neither here nor at a parent.",
            "Publish this one; it asks for reports and changes nothing else.",
            record,
          )
        : finding("unknown", noAnswer(walk.unanswered)),
    ];
  const policy = policyFor(domain, walk.applies);
  if (policy === undefined)
    return [
      finding(
        "error",
        "The DMARC record has no policy that can be read.",
        "Add p=none, p=quarantine or p=reject.",
        record,
      ),
    ];
  return [
    judgePolicy(domain, walk.applies, policy, finding),
    ...checkAlignment(domain, walk, returnPaths, book),
  ];
}

function judgePolicy(
  domain: string,
  { domain: at, tags }: DmarcRecord,
  policy: Policy,
  finding: ReturnType<typeof findingsAbout>,
): DomainFinding {
  const notes = [at === domain ? "" : `Inherited from ${at}.`, `Mail that fails is treated as p=${policy}.`];
  const gone = goneTags.filter((tag) => tags.has(tag));
  if (gone.length > 0)
    notes.push(
      `${gone.join(", ")} ${gone.length > 1 ? "are" : "is"} not part of DMARC any more (RFC 9989) and ignored.`,
    );
  const say = notes.filter((note) => note !== "").join(" ");
  if (at === domain && tags.get("psd")?.toLowerCase() === "y")
    return finding(
      "error",
      `${say} psd=y says that anybody can register names below ${domain}.`,
      "Remove psd=y.",
    );
  if (tags.get("t")?.toLowerCase() === "y" && policy !== "none")
    return finding(
      "warning",
      `${say} It is marked as a test (t=y): receivers treat failing mail one step milder.`,
      "Remove t=y when reports are clean.",
    );
  if (!tags.has("rua"))
    return finding(
      "advice",
      `${say} Nobody gets its reports.`,
      "Add rua=mailto: with an address that you read.",
    );
  if (policy === "none")
    return finding("advice", say, "Move to p=quarantine, then p=reject, when the reports are clean.");
  return finding("good", say);
}

/** DKIM alone is enough for DMARC; a return path of the same organisation makes it two. */
function checkAlignment(
  domain: string,
  walk: DmarcWalk,
  returnPaths: readonly string[],
  book: DnsBook,
): DomainFinding[] {
  const isStrict = walk.applies?.tags.get("aspf")?.toLowerCase() === "s";
  const apart = returnPaths.filter((path) =>
    isStrict ? path !== domain : walkDmarc(path, book).organisation !== walk.organisation,
  );
  return apart.map((path) =>
    findingsAbout(
      "dmarc",
      path,
      "Where SPF and DKIM both agree with the From address, one may break on the way.",
    )(
      "advice",
      `The return path ${path} does not belong to ${domain}${isStrict ? " (aspf=s)" : ""}: only DKIM carries DMARC.`,
      `Use a bounce domain below ${walk.organisation} for the route.`,
    ),
  );
}
