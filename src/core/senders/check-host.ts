import { isInner, readIp, reverseName } from "../kernel/ip-network.ts";
import { addressesOf, type RelayFacts } from "./check-spf.ts";
import { type DnsBook, valuesOf } from "./dns-book.ts";
import { type DomainFinding, findingsAbout, noAnswer } from "./domain-finding.ts";
import { knownRelay } from "./known-relays.ts";

const why = "Gmail and others refuse mail from addresses whose name does not lead back to them (5.7.25).";

/**
 * Names and addresses of servers of one's own: what an address is called must be the address of that name again (FCrDNS). Providers
 * look after their own. A relay inside the house is known to the world by the name that this server says at EHLO.
 */
export function checkHosts(relays: readonly RelayFacts[], helloName: string, book: DnsBook): DomainFinding[] {
  const hosts = relays
    .filter(({ host }) => !knownRelay(host))
    .map(({ host }) => {
      const ip = readIp(host);
      return host === "localhost" || (ip && isInner(ip)) ? helloName : host;
    });
  return [...new Set(hosts)].map((host) => checkHost(host, book));
}

function checkHost(host: string, book: DnsBook): DomainFinding {
  const finding = findingsAbout("host", host, why);
  if (host.startsWith("["))
    return finding(
      "warning",
      "This server has no public name to say at EHLO.",
      "Set POSTROAD_PUBLIC_URL to the name under which it is reached.",
    );
  const asked = readIp(host) ? [] : [book.ask("A", host), book.ask("AAAA", host)];
  const failed = asked.find(({ kind }) => kind === "failed");
  const addresses = addressesOf(host, book);
  if (addresses.length === 0)
    return failed?.kind === "failed"
      ? finding("unknown", noAnswer(failed.reason))
      : finding(
          "error",
          "The name has no address.",
          "Publish an A record with the address that mail leaves from.",
        );
  if (addresses.every(isInner))
    return finding(
      "advice",
      "The name leads to an address inside your network.",
      "Make sure that mail leaves from an address with a name of its own.",
    );
  for (const ip of addresses) {
    if (isInner(ip)) continue;
    const reverse = reverseName(ip);
    const answer = book.ask("PTR", reverse);
    if (answer.kind === "failed") return finding("unknown", noAnswer(answer.reason));
    const [name] = valuesOf(answer);
    const record = {
      name: reverse,
      type: "PTR",
      value: readIp(host) ? "(the name of this server)" : host,
    } as const;
    if (name === undefined)
      return finding(
        "error",
        "The address of this server has no name.",
        "Ask whoever gave you the address to publish this.",
        record,
      );
    const back = addressesOf(name, book);
    if (!back.some(({ size, bits }) => size === ip.size && bits === ip.bits))
      return finding(
        "error",
        `The address is called ${name}, which does not lead back to it.`,
        "Make name and address lead to each other.",
        record,
      );
  }
  return finding("good", "Name and address lead to each other.");
}
