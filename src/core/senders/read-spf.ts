import { type Network, readIp } from "../kernel/ip-network.ts";
import { type DnsBook, valuesOf } from "./dns-book.ts";

/** What an SPF record comes to, with everything that it includes. */
export type SpfReading = {
  /** The SPF texts at the name itself; there should be one. */
  readonly texts: readonly string[];
  /** What makes receivers give up on it (permerror), in words. */
  readonly faults: readonly string[];
  readonly lookups: number;
  readonly voids: number;
  /** What happens to everybody else: `-`, `~`, `?`, `+`; null: nothing is said. */
  readonly all: string | null;
  /** Every domain that is included or redirected to. */
  readonly includes: ReadonlySet<string>;
  readonly networks: readonly Network[];
  /** Names for which DNS gave no answer. */
  readonly unanswered: readonly string[];
};

export const mostLookups = 10;
export const mostVoids = 2;

/** RFC 7208, section 4.6.1. The prefix lengths of `a` and `mx` may be two, for IPv4 and IPv6. */
const mechanism =
  /^([+?~-])?(all|include|a|mx|ptr|ip4|ip6|exists)(?::([^/]*(?:(?<=^[+?~-]?ip[46]:[^/]*)\/\d+)?))?((?:\/\d+)?(?:\/\/\d+)?)$/i;
const modifier = /^([a-z][a-z0-9_.-]*)=(.*)$/i;

export function isSpf(text: string): boolean {
  return /^v=spf1( |$)/i.test(text);
}

/** Reads the SPF record of a domain and all that it leads to (RFC 7208, sections 4.5 to 5). */
export function readSpf(domain: string, book: DnsBook): SpfReading {
  return new SpfReader(book).read(domain.toLowerCase());
}

class SpfReader {
  readonly #book: DnsBook;
  readonly #faults: string[] = [];
  readonly #includes = new Set<string>();
  readonly #networks: Network[] = [];
  readonly #unanswered: string[] = [];
  #lookups = 0;
  #voids = 0;

  constructor(book: DnsBook) {
    this.#book = book;
  }

  read(domain: string): SpfReading {
    const texts = this.#textsAt(domain);
    const all = texts.length === 1 ? this.#readRecord(domain, texts[0] ?? "", [domain]) : null;
    if (texts.length > 1)
      this.#faults.push(`${domain} has ${texts.length} SPF records; only one is allowed.`);
    if (this.#lookups > mostLookups)
      this.#faults.push(`It needs ${this.#lookups} look-ups; more than ${mostLookups} make it invalid.`);
    if (this.#voids > mostVoids)
      this.#faults.push(`${this.#voids} of its names do not exist; more than ${mostVoids} make it invalid.`);
    return {
      texts,
      faults: this.#faults,
      lookups: this.#lookups,
      voids: this.#voids,
      all,
      includes: this.#includes,
      networks: this.#networks,
      unanswered: this.#unanswered,
    };
  }

  #textsAt(domain: string): readonly string[] {
    const answer = this.#book.ask("TXT", domain);
    if (answer.kind === "failed") this.#unanswered.push(domain);
    return valuesOf(answer).filter(isSpf);
  }

  /** Returns what the record says of everybody else. `path` are the domains that led here. */
  #readRecord(domain: string, text: string, path: readonly string[]): string | null {
    let redirect: string | undefined;
    for (const term of text.trim().split(/ +/).slice(1)) {
      const [, name = "", value = ""] = modifier.exec(term) ?? [];
      if (name !== "") {
        if (name.toLowerCase() === "redirect") redirect = value;
        continue;
      }
      const [, sign = "+", kind, argument, prefixes = ""] = mechanism.exec(term) ?? [];
      if (kind === undefined) this.#faults.push(`“${term}” is no part of an SPF record.`);
      else if (kind.toLowerCase() === "all") return sign;
      else this.#readMechanism(kind.toLowerCase(), argument, prefixes, domain, path);
    }
    if (redirect === undefined) return null;
    this.#lookups++;
    return this.#follow(redirect, path);
  }

  #readMechanism(
    kind: string,
    argument: string | undefined,
    prefixes: string,
    domain: string,
    path: readonly string[],
  ): void {
    if (kind === "ip4" || kind === "ip6") {
      this.#addNetwork(`${argument ?? ""}${prefixes}`);
      return;
    }
    this.#lookups++;
    const target = (argument ?? domain).toLowerCase();
    // What depends on the message (macros) cannot be looked up beforehand.
    if (target.includes("%") || kind === "ptr") return;
    if (kind === "include") this.#follow(target, path);
    else if (kind === "mx") this.#addExchangers(target, prefixes);
    else this.#addHost(target, prefixes, true);
  }

  #follow(target: string, path: readonly string[]): string | null {
    this.#includes.add(target);
    if (path.includes(target)) {
      this.#faults.push(`${target} includes itself.`);
      return null;
    }
    // Far beyond the limit the verdict is clear.
    if (this.#lookups > mostLookups * 3 || target.includes("%")) return null;
    const before = this.#unanswered.length;
    const texts = this.#textsAt(target);
    if (this.#unanswered.length > before) return null;
    if (texts.length === 1) return this.#readRecord(target, texts[0] ?? "", [...path, target]);
    if (this.#book.ask("TXT", target).kind === "absent") this.#voids++;
    this.#faults.push(
      texts.length === 0 ? `${target} has no SPF record.` : `${target} has ${texts.length} SPF records.`,
    );
    return null;
  }

  #addExchangers(target: string, prefixes: string): void {
    const answer = this.#book.ask("MX", target);
    if (answer.kind === "failed") this.#unanswered.push(target);
    if (answer.kind === "absent") this.#voids++;
    for (const value of valuesOf(answer).slice(0, 10))
      this.#addHost(value.replace(/^\d+ /, ""), prefixes, false);
  }

  #addHost(host: string, prefixes: string, countsVoid: boolean): void {
    const [, four = "32", six = "128"] = /^(?:\/(\d+))?(?:\/\/(\d+))?$/.exec(prefixes) ?? [];
    const answers = [this.#book.ask("A", host), this.#book.ask("AAAA", host)];
    if (answers.every(({ kind }) => kind === "failed")) this.#unanswered.push(host);
    if (countsVoid && answers.every(({ kind }) => kind === "absent")) this.#voids++;
    for (const address of answers.flatMap(valuesOf))
      this.#addNetwork(`${address}/${address.includes(":") ? six : four}`);
  }

  #addNetwork(text: string): void {
    const [address = "", prefix] = text.split("/");
    const ip = readIp(address);
    const length = prefix === undefined ? ip?.size : Number(prefix);
    if (!ip || length === undefined || length > ip.size) this.#faults.push(`“${text}” is no address.`);
    else this.#networks.push({ ...ip, prefix: length });
  }
}
