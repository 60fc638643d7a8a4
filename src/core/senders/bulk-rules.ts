import type { DomainCheck, DomainFinding } from "./domain-finding.ts";
import type { Signing } from "./signing.ts";

/** A rule of a large mailbox provider for those who send to many, and whether it is met as far as DNS can say. */
export type BulkRule = {
  readonly rule: string;
  readonly state: "met" | "unmet" | "unknown";
  readonly providers: readonly ("Gmail" | "Yahoo" | "Microsoft")[];
};

const everybody = ["Gmail", "Yahoo", "Microsoft"] as const;

/** The rules of 2024 to 2026 that can be told from DNS, ticked off by the findings of the last look. */
export function tickBulkRules(findings: readonly DomainFinding[], signing: Signing): BulkRule[] {
  const stateOf = (check: DomainCheck): BulkRule["state"] => {
    const ours = findings.filter((finding) => finding.check === check);
    if (ours.some(({ severity }) => severity === "error")) return "unmet";
    return ours.length === 0 || ours.some(({ severity }) => severity === "unknown") ? "unknown" : "met";
  };
  const isLooked = findings.length > 0;
  const dkim = signing.kind === "signs" ? "met" : isLooked ? "unmet" : "unknown";
  const dmarc = stateOf("dmarc");
  const hosts = findings.some(({ check }) => check === "host");
  return [
    { rule: "SPF is published and valid", state: stateOf("spf"), providers: everybody },
    { rule: "Mail is signed by DKIM with 1024 bits or more", state: dkim, providers: everybody },
    { rule: "There is a DMARC record", state: dmarc, providers: everybody },
    {
      rule: "The From address agrees with DKIM (DMARC passes)",
      state:
        dmarc === "met" && dkim === "met"
          ? "met"
          : dmarc === "unknown" || dkim === "unknown"
            ? "unknown"
            : "unmet",
      providers: everybody,
    },
    { rule: "Replies can be delivered", state: stateOf("mx"), providers: ["Microsoft"] },
    ...(hosts
      ? [
          {
            rule: "Server names lead to their addresses and back",
            state: stateOf("host"),
            providers: ["Gmail", "Yahoo"],
          } as const,
        ]
      : []),
  ];
}
