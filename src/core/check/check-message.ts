import type { Finding } from "../kernel/finding.ts";
import type { MessageFacts } from "./facts.ts";
import { viewMessage } from "./message-view.ts";
import { rules } from "./rules.ts";

/** Checks a message by all rules: what blocks comes first, then what is advised, each in the order of the message. */
export function checkMessage(facts: MessageFacts): Finding[] {
  const view = viewMessage(facts.source);
  const findings = rules.flatMap((rule) => rule(facts, view));
  const rank = (finding: Finding) =>
    (finding.severity === "error" ? 0 : 1_000_000) + fieldOrder.indexOf(finding.where.field) * 100_000;
  return findings.sort((a, b) => rank(a) - rank(b) || (a.where.line ?? 0) - (b.where.line ?? 0));
}

const fieldOrder = ["fromName", "fromAddress", "replyTo", "subject", "preheader", "html", "text", "settings"];
