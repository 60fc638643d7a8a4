import type { Hit } from "./hit.ts";

/** Raised with every change of a rule, and part of the evidence, so that old hits can be judged again and told apart. */
export const classifierVersion = 1;

/** Three or more different links of one message within this time are a scanner following everything. */
export const burstSeconds = 5;
export const burstLinks = 3;
/** A click sooner than this after the other server took the message is a gateway looking into it. */
export const soonestHumanClickSeconds = 2;

/** What is known around a hit when it is judged. */
export type HitFacts = {
  /** The user agent is in a list of crawlers (a weak sign, so it comes last). */
  readonly isListedBot: boolean;
  /** When the other server accepted the message, in milliseconds since 1970; null while unknown. */
  readonly acceptedAt: number | null;
  /** Other clicks of the same delivery, at least those `burstSeconds` before and after. */
  readonly clicksNearby: readonly { readonly linkNumber: number; readonly at: number }[];
};

export type Judgement = {
  readonly agent: "human" | "machine";
  /** Why, as `v1 rule: detail`. Null: nothing spoke against a person. */
  readonly evidence: string | null;
};

/** Security gateways and link checkers that name themselves. Lower case, found anywhere in the user agent. */
const scannerNames = [
  "barracuda",
  "proofpoint",
  "mimecast",
  "symantec",
  "messagelabs",
  "fireeye",
  "trendmicro",
  "sophos",
  "fortinet",
  "fortimail",
  "checkpoint",
  "forcepoint",
  "cisco ironport",
  "microsoft office safelinks",
  "bingpreview",
  "urldefense",
  "virustotal",
  "phishtank",
  "safebrowsing",
  "linkcheck",
  "cloudmark",
  "vade",
  "slackbot",
  "facebookexternalhit",
  "whatsapp",
  "telegrambot",
  "skypeuripreview",
  "curl/",
  "wget/",
  "python-requests",
  "python-urllib",
  "go-http-client",
  "java/",
  "okhttp",
  "libwww-perl",
  "apache-httpclient",
  "node-fetch",
  "axios/",
];

/** Proxies that fetch the beacon when a person opens the message: the open is real, only the address is hidden. */
const imageProxies = ["googleimageproxy", "yahoomailproxy"];

/**
 * Says whether a person or a machine did it, and on what evidence. [T20]–[T27] in docs/spec/tracking.md.
 * Rules are tried in order; the first that speaks decides.
 */
export function classifyHit(hit: Hit, facts: HitFacts): Judgement {
  const agent = hit.userAgent.toLowerCase();
  const machine = (rule: string): Judgement => ({
    agent: "machine",
    evidence: `v${classifierVersion} ${rule}`,
  });

  if (hit.method !== "GET" && hit.kind !== "unsubscribe") return machine(`method: ${hit.method}`);
  if (hit.prefetch !== undefined) return machine(`prefetch: ${hit.prefetch}`);

  const proxy = imageProxies.find((name) => agent.includes(name));
  if (proxy && hit.kind === "open")
    return { agent: "human", evidence: `v${classifierVersion} image-proxy: ${proxy}` };
  if (hit.kind === "open" && agent.trim() === "mozilla/5.0") return machine("mail-privacy-proxy");

  if (agent.trim() === "") return machine("no-user-agent");
  const scanner = scannerNames.find((name) => agent.includes(name));
  if (scanner) return machine(`scanner: ${scanner}`);

  if (hit.kind === "click") {
    const burst = largestBurst(hit, facts.clicksNearby);
    if (burst >= burstLinks) return machine(`burst: ${burst} links in ${burstSeconds} s`);
    const delay = facts.acceptedAt === null ? Number.POSITIVE_INFINITY : hit.at - facts.acceptedAt;
    if (delay < soonestHumanClickSeconds * 1000)
      return machine(`too-soon: ${Math.round(delay)} ms after acceptance`);
  }
  return facts.isListedBot ? machine("listed-bot") : { agent: "human", evidence: null };
}

/** The most different links in any window of `burstSeconds` that holds this click. */
function largestBurst(hit: Hit, nearby: HitFacts["clicksNearby"]): number {
  const width = burstSeconds * 1000;
  const clicks = [...nearby, { linkNumber: hit.linkNumber ?? 0, at: hit.at }].filter(
    ({ at }) => Math.abs(at - hit.at) <= width,
  );
  const windows = clicks.filter(({ at }) => at <= hit.at);
  return Math.max(
    ...windows.map(
      ({ at: start }) =>
        new Set(
          clicks.filter(({ at }) => at >= start && at <= start + width).map(({ linkNumber }) => linkNumber),
        ).size,
    ),
  );
}
