import { type DnsBook, valuesOf } from "./dns-book.ts";
import { type DomainFinding, findingsAbout, noAnswer } from "./domain-finding.ts";

const reasons = {
  from: "Replies and complaints come to this domain; receivers distrust senders that cannot be answered.",
  bounce: "Bounces come to this domain; without them dead addresses are written to for ever.",
} as const;

/** Whether mail comes back to a domain: MX, or an address in its place (RFC 5321, section 5.1; null MX: RFC 7505). */
export function checkMailExchange(domain: string, use: keyof typeof reasons, book: DnsBook): DomainFinding {
  const answer = book.ask("MX", domain);
  const values = valuesOf(answer);
  const finding = findingsAbout("mx", domain, reasons[use], values);
  const record = { name: domain, type: "MX", value: "10 (the host that takes your mail)" } as const;
  if (answer.kind === "failed") return finding("unknown", noAnswer(answer.reason));
  if (values.some((value) => /^\d+ \.?$/.test(value)))
    return finding(
      "error",
      "The domain says that it takes no mail (null MX).",
      "Publish the mail server that takes it.",
      record,
    );
  const hosts = values.length > 0 ? values.map((value) => value.replace(/^\d+ /, "")) : [domain];
  const addresses = hosts.map((host) => [book.ask("A", host), book.ask("AAAA", host)]);
  if (addresses.flat().some(({ kind }) => kind === "found"))
    return values.length > 0
      ? finding("good", "Mail to this domain has a server.")
      : finding(
          "advice",
          "There is no MX record; mail goes to the address of the domain itself.",
          "Publish an MX record, so that it is said.",
          record,
        );
  if (addresses.flat().some(({ kind }) => kind === "failed"))
    return finding("unknown", noAnswer(hosts.join(", ")));
  return values.length > 0
    ? finding(
        "error",
        `The mail servers have no address: ${hosts.join(", ")}.`,
        "Correct the MX record or the names in it.",
        record,
      )
    : finding(
        use === "from" ? "warning" : "error",
        "Nothing takes mail to this domain.",
        "Publish an MX record.",
        record,
      );
}
