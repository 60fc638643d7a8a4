import { policyFor, walkDmarc } from "./dmarc.ts";
import { type DnsBook, tagsOf, valuesOf } from "./dns-book.ts";
import { type DomainFinding, findingsAbout, noAnswer } from "./domain-finding.ts";

/** BIMI shows a logo beside the mail. Nobody needs it; where it is published, it should work. */
export function checkBimi(domain: string, book: DnsBook): DomainFinding {
  const name = `default._bimi.${domain}`;
  const answer = book.ask("TXT", name);
  const records = valuesOf(answer).filter((text) => /^v\s*=\s*BIMI1\s*(;|$)/i.test(text));
  const finding = findingsAbout(
    "bimi",
    name,
    "With BIMI some mailboxes show your logo beside the mail. It is optional.",
    records,
  );
  const { applies } = walkDmarc(domain, book);
  const policy = applies ? policyFor(domain, applies) : undefined;
  const isStrict = policy === "quarantine" || policy === "reject";
  if (answer.kind === "failed") return finding("unknown", noAnswer(answer.reason));
  const [text] = records;
  if (text === undefined)
    return finding(
      "advice",
      "No logo is published.",
      isStrict
        ? "If you want one, publish its address."
        : "If you want one, move DMARC to p=quarantine or p=reject first.",
      { name, type: "TXT", value: `v=BIMI1; l=https://${domain}/logo.svg; a=` },
    );
  if (records.length > 1)
    return finding("warning", "There is more than one BIMI record.", "Leave one of them.");
  const tags = tagsOf(text);
  const logo = tags.get("l") ?? "";
  if (logo === "") return finding("good", "The record says that there is no logo.");
  if (!/^https:\/\/\S+\.svgz?$/i.test(logo))
    return finding(
      "warning",
      "The logo is no SVG behind https.",
      "Publish it as SVG Tiny PS at an https address.",
    );
  if (!isStrict)
    return finding(
      "warning",
      "The logo is not shown, because DMARC does not protect the domain.",
      "Move DMARC to p=quarantine or p=reject.",
    );
  return /^https:\/\//i.test(tags.get("a") ?? "")
    ? finding("good", "A logo and its certificate are published.")
    : finding(
        "advice",
        "A logo is published without a certificate.",
        "Gmail and Apple show it only with a mark certificate (VMC or CMC) in a=.",
      );
}
