import { holds, isInner, readIp } from "../kernel/ip-network.ts";
import { type DnsBook, valuesOf } from "./dns-book.ts";
import { type DomainFinding, findingsAbout, noAnswer } from "./domain-finding.ts";
import { knownRelay } from "./known-relays.ts";
import { mostLookups, readSpf, type SpfReading } from "./read-spf.ts";

/** A server that mail leaves by, as far as DNS can know it. */
export type RelayFacts = { readonly routeName: string; readonly host: string };

/** Judges the SPF record of a domain that stands in the return path of mail by these relays. */
export function checkSpf(domain: string, relays: readonly RelayFacts[], book: DnsBook): DomainFinding {
  const spf = readSpf(domain, book);
  const finding = findingsAbout(
    "spf",
    domain,
    "SPF says which servers may send with this domain in the return path.",
    spf.texts,
  );
  if (spf.unanswered.length > 0 && spf.faults.length === 0)
    return finding("unknown", noAnswer(spf.unanswered.join(", ")));
  const missing = relays.filter((relay) => !names(spf, relay, book));
  const record = { name: domain, type: "TXT", value: wantedText(spf, missing) } as const;
  if (spf.texts.length === 0)
    return finding("error", "There is no SPF record.", "Publish one; this one names your servers.", record);
  if (spf.texts.length > 1)
    return finding(
      "error",
      "There is more than one SPF record: together they are invalid.",
      "Join them into one.",
      record,
    );
  if (spf.faults.length > 0)
    return finding(
      "error",
      `The SPF record is invalid: ${spf.faults.join(" ")}`,
      "Correct it, or shorten it by what does not send for you any more.",
    );
  if (spf.all === "+")
    return finding(
      "error",
      "The SPF record lets everybody send (+all).",
      "End it with ~all or -all.",
      record,
    );
  if (spf.all !== "~" && spf.all !== "-")
    return finding(
      "warning",
      "The SPF record does not say what is true of everybody else.",
      "End it with ~all or -all.",
      record,
    );
  if (missing.length > 0) {
    const routes = missing.map(({ routeName }) => `“${routeName}”`).join(", ");
    return finding(
      "warning",
      `The SPF record does not name the servers of ${routes}.`,
      "Publish this in its place.",
      record,
    );
  }
  const count = `${spf.lookups} of ${mostLookups} look-ups used`;
  return spf.lookups >= mostLookups - 1
    ? finding(
        "advice",
        `The SPF record is right, but nearly full: ${count}.`,
        "Remove what does not send for you any more before you add to it.",
      )
    : finding("good", `The SPF record is right (${count}).`);
}

function names(spf: SpfReading, { host }: RelayFacts, book: DnsBook): boolean {
  const relay = knownRelay(host);
  if (relay) return spf.includes.has(relay.include);
  const addresses = addressesOf(host, book);
  return addresses.every((ip) => isInner(ip) || spf.networks.some((network) => holds(network, ip)));
}

/** Addresses of a host, or of itself where it is one. */
export function addressesOf(host: string, book: DnsBook) {
  const literal = readIp(host);
  if (literal) return [literal];
  const values = [...valuesOf(book.ask("A", host)), ...valuesOf(book.ask("AAAA", host))];
  return values.flatMap((value) => readIp(value) ?? []);
}

function mechanismFor(host: string): string {
  const relay = knownRelay(host);
  if (relay) return `include:${relay.include}`;
  const ip = readIp(host);
  return ip ? `${ip.size === 32 ? "ip4" : "ip6"}:${host}` : `a:${host}`;
}

/** The record as it should be: what there is, joined, with what is missing put in and an end that says something. */
function wantedText(spf: SpfReading, missing: readonly RelayFacts[]): string {
  const present = spf.texts.flatMap((text) => text.trim().split(/ +/).slice(1));
  const kept = present.filter((term) => !/^[+?~-]?all$/i.test(term));
  const added = missing.map(({ host }) => mechanismFor(host));
  const terms = [...new Set([...kept, ...added])];
  const hasRedirect = terms.some((term) => /^redirect=/i.test(term));
  const own = terms.length === 0 ? ["a", "mx"] : terms;
  const end = hasRedirect ? [] : [spf.all === "-" ? "-all" : "~all"];
  return ["v=spf1", ...own, ...end].join(" ");
}
