export const domainChecks = ["dkim", "spf", "dmarc", "mx", "bimi", "host"] as const;
export type DomainCheck = (typeof domainChecks)[number];

export const findingSeverities = ["good", "advice", "warning", "error", "unknown"] as const;

/** A record as it is to be published. */
export type DnsRecord = {
  readonly name: string;
  readonly type: "TXT" | "MX" | "PTR";
  readonly value: string;
};

/** One thing that was looked at: what is, what should be, and exactly what to publish. */
export type DomainFinding = {
  readonly check: DomainCheck;
  /** The name in DNS, or the address, that it is about. */
  readonly name: string;
  /** `unknown`: DNS gave no answer, which is no fault of the record. */
  readonly severity: (typeof findingSeverities)[number];
  readonly message: string;
  readonly why: string;
  readonly fix: string | null;
  readonly record: DnsRecord | null;
  /** What DNS says there. */
  readonly found: readonly string[];
};

/** Makes findings of one check about one name. */
export function findingsAbout(check: DomainCheck, name: string, why: string, found: readonly string[] = []) {
  return (
    severity: DomainFinding["severity"],
    message: string,
    fix: string | null = null,
    record: DnsRecord | null = null,
  ): DomainFinding => ({ check, name, severity, message, why, fix, record, found });
}

export function noAnswer(reason: string): string {
  return `DNS did not answer (${reason}). It is looked up again soon.`;
}
