import { checkBimi } from "./check-bimi.ts";
import { type CheckedKey, checkDkim } from "./check-dkim.ts";
import { checkHosts } from "./check-host.ts";
import { checkMailExchange } from "./check-mail-exchange.ts";
import { checkSpf, type RelayFacts } from "./check-spf.ts";
import { checkDmarc } from "./dmarc.ts";
import type { DnsBook } from "./dns-book.ts";
import type { DomainFinding } from "./domain-finding.ts";

/** What is known of a sending domain beside DNS. */
export type DomainFacts = {
  readonly domain: string;
  readonly keys: readonly CheckedKey[];
  /** The roads that its mail may take, without the test mailbox. */
  readonly roads: readonly (RelayFacts & { readonly bounceDomain: string | null })[];
  /** How this server calls itself. */
  readonly helloName: string;
  readonly now: number;
};

/** [S1] Judges everything that DNS says about a domain. What is not in the book yet is left open in it. */
export function judgeDomain(
  { domain, keys, roads, helloName, now }: DomainFacts,
  book: DnsBook,
): DomainFinding[] {
  const bounceDomains = [...new Set(roads.flatMap(({ bounceDomain }) => bounceDomain ?? []))].filter(
    (each) => each !== domain,
  );
  const usesItself = roads.length === 0 || roads.some((road) => (road.bounceDomain ?? domain) === domain);
  const returnPaths = [...(usesItself ? [domain] : []), ...bounceDomains];
  return [
    ...checkDkim(domain, keys, book, now),
    ...returnPaths.map((path) =>
      checkSpf(
        path,
        roads.filter((road) => (road.bounceDomain ?? domain) === path),
        book,
      ),
    ),
    ...checkDmarc(domain, bounceDomains, book),
    checkMailExchange(domain, "from", book),
    ...bounceDomains.map((each) => checkMailExchange(each, "bounce", book)),
    ...checkHosts(roads, helloName, book),
    checkBimi(domain, book),
  ];
}
