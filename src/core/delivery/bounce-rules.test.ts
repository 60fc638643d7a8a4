import { expect, test } from "vitest";
import { bounceTable } from "./bounce-categories.ts";
import { classifyBounce, classifyReport } from "./bounce-rules.ts";

test.each([
  // Postfix, Exim, Exchange, Gmail, Outlook, Yahoo, qmail and friends.
  [
    550,
    "5.1.1",
    "550 5.1.1 <a@b.test>: Recipient address rejected: User unknown in local recipient table",
    "invalid-mailbox",
    true,
  ],
  [550, null, "550 Unrouteable address: no such user here", "invalid-mailbox", true],
  [
    550,
    "5.1.10",
    "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup",
    "invalid-mailbox",
    true,
  ],
  [
    550,
    "5.1.1",
    "550-5.1.1 The email account that you tried to reach does not exist.",
    "invalid-mailbox",
    true,
  ],
  [554, null, "554 delivery error: dd This user doesn't have a yahoo.com account", "unclassified", false],
  [
    550,
    "5.2.1",
    "550 5.2.1 The email account that you tried to reach is disabled.",
    "inactive-mailbox",
    true,
  ],
  [552, "5.2.2", "552 5.2.2 The email account that you tried to reach is over quota", "full-mailbox", false],
  [552, null, "552 sorry", "full-mailbox", false],
  [552, "5.3.4", "552 5.3.4 Message size exceeds fixed limit", "too-large", false],
  [
    550,
    "5.7.1",
    "550 5.7.1 Service unavailable, Client host [1.2.3.4] blocked using Spamhaus",
    "reputation",
    false,
  ],
  [550, "5.1.1", "550 5.1.1 blocked using zen.spamhaus.org, user unknown", "reputation", false],
  [550, "5.7.26", "550 5.7.26 This mail is unauthenticated, SPF and DKIM failed", "authentication", false],
  [550, "5.7.1", "550 5.7.1 Message contains spam", "spam", false],
  [554, "5.7.1", "554 5.7.1 <a@b.test>: Relay access denied", "relaying-denied", false],
  [550, "5.7.1", "550 5.7.1 Recipient address rejected: user unknown to policy", "policy", false],
  [550, "5.7.133", "550 5.7.133 sender not authenticated for group", "policy", false],
  [550, "5.5.2", "550 5.5.2 Syntax error", "protocol", false],
  [550, "5.1.2", "550 5.1.2 bad destination system", "invalid-domain", true],
  [550, "5.7.26", "550 5.7.26 unauthenticated sender, user unknown", "authentication", false],
  [550, "5.7.27", "550 5.7.27 Sender address has null MX", "authentication", false],
  [550, "5.7.28", "550 5.7.28 mail flood detected", "rate-limited", false],
  [550, "5.4.6", "550 5.4.6 routing loop detected", "routing", false],
  [550, "5.1.8", "550 5.1.8 bad sender's system address", "authentication", false],
  [550, "5.6.0", "550 5.6.0 corrupt message", "protocol", false],
  [550, null, "550 no", "unclassified", false],
  [450, "4.1.1", "450 4.1.1 user unknown", "temporary", false],
  [421, "4.7.0", "421 4.7.0 too many spam reports", "temporary", false],
] as const)("[D16] %s %s %j is %s", (code, enhanced, text, category, isHard) => {
  expect(classifyBounce(code, enhanced, text)).toEqual({ category, isHard });
});

test.each([
  ["4.4.7", "4.4.7 delivery time expired", "expired", false],
  ["4.1.1", "450 4.1.1 user unknown", "expired", false],
  ["4.2.2", "452 4.2.2 mailbox is over quota", "full-mailbox", false],
  ["4.7.0", "421 4.7.0 listed at spamhaus", "reputation", false],
  [null, "451 something", "expired", false],
  ["5.1.1", "user unknown", "invalid-mailbox", true],
  [null, "remote host said: 550 no such user", "invalid-mailbox", true],
] as const)("[D40] a report of %s %j is %s", (enhanced, text, category, isHard) => {
  expect(classifyReport(enhanced, text)).toEqual({ category, isHard });
});

test("[D41] there are 16 categories, and only hard ones suppress at once, only soft ones in a row", () => {
  expect(new Set(bounceTable.map(({ id }) => id)).size).toBe(16);
  const policy = { hard: "at-once", soft: "in-a-row", block: "never", other: "never" } as const;
  for (const { id, kind, suppresses } of bounceTable) expect([id, suppresses]).toEqual([id, policy[kind]]);
});
