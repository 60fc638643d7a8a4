import { createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mintTokens } from "../../tracking/tokens.ts";
import { readReturnAddress } from "./find-delivery.ts";
import { readFeedback } from "./read-feedback.ts";
import type { ReceivedMail } from "./received-mail.ts";

const mac = (kid: number, input: Uint8Array) =>
  kid === 1 ? createHmac("sha512", "test").update(input).digest() : undefined;
const tokens = mintTokens("5121", 1, mac);
const verp = `b+${tokens.bounce}@bounces.example.com`;

type Given = {
  from?: string;
  subject?: string;
  to?: string;
  text?: string;
  headers?: Record<string, string>;
  parts?: readonly (readonly [type: string, text: string])[];
};

function mail({
  from = "",
  subject = "",
  to = verp,
  text = "",
  headers = {},
  parts = [],
}: Given): ReceivedMail {
  const all = { from, subject, ...headers };
  return {
    recipients: [to],
    headers: Object.entries(all).map(([name, value]) => ({ name, value })),
    text,
    parts: parts.map(([type, content]) => ({ type, text: content })),
  };
}
const meaningOf = (given: Given) => readFeedback(mail(given), mac).meaning;
const summary = (given: Given) => {
  const meaning = meaningOf(given);
  return meaning.kind === "bounce" ? `${meaning.category}${meaning.isHard ? ", hard" : ""}` : meaning.kind;
};
const dsn = (...groups: string[]): Given => ({
  from: "MAILER-DAEMON@mx.test",
  subject: "Undelivered Mail Returned to Sender",
  parts: [["message/delivery-status", ["Reporting-MTA: dns; mx.test", ...groups].join("\r\n\r\n")]],
});
const group = (action: string, status: string, diagnostic = "") =>
  `Final-Recipient: rfc822; a@b.test\r\nAction: ${action}\r\nStatus: ${status}${diagnostic ? `\r\nDiagnostic-Code: smtp; ${diagnostic}` : ""}`;

describe("[D43] delivery status notifications", () => {
  test.each([
    ["Postfix", dsn(group("failed", "5.1.1", "550 5.1.1 <a@b.test>: User unknown")), "invalid-mailbox, hard"],
    ["folded", dsn(group("failed", "5.1.1", "550 5.1.1\r\n  User\r\n unknown")), "invalid-mailbox, hard"],
    [
      "no such domain",
      dsn(group("failed", "5.1.2", "Host or domain name not found")),
      "invalid-domain, hard",
    ],
    [
      "Exchange",
      dsn(group("failed", "5.1.10", "550 5.1.10 RESOLVER.ADR.RecipientNotFound; not found")),
      "invalid-domain, hard",
    ],
    [
      "Gmail full",
      dsn(group("failed", "5.2.2", "552-5.2.2 The email account is over quota")),
      "full-mailbox",
    ],
    [
      "Gmail closed",
      dsn(group("failed", "5.2.1", "550 5.2.1 The email account is disabled.")),
      "inactive-mailbox, hard",
    ],
    ["expired", dsn(group("failed", "4.4.7", "delivery time expired")), "expired"],
    ["given up on unknown user", dsn(group("failed", "4.1.1", "450 4.1.1 user unknown")), "expired"],
    ["vague status", dsn(group("failed", "5.0.0", "550 5.7.1 Message rejected as spam")), "spam"],
    ["policy", dsn(group("failed", "5.7.1", "550 5.7.1 user unknown or not allowed")), "policy"],
    ["DMARC", dsn(group("failed", "5.7.26", "550 5.7.26 unauthenticated")), "authentication"],
    ["syntax", dsn(group("failed", "5.5.2", "500 5.5.2 syntax error")), "protocol"],
    ["without words", dsn(group("failed", "5.1.1")), "invalid-mailbox, hard"],
    ["delayed", dsn(group("delayed", "4.4.1", "connection timed out")), "delay"],
    ["delivered", dsn(group("delivered", "2.0.0")), "delivered"],
    ["relayed", dsn(group("relayed", "2.0.0")), "delivered"],
    ["expanded", dsn(group("expanded (to a list)", "2.0.0")), "delivered"],
    ["one of two", dsn(group("delivered", "2.0.0"), group("failed", "5.1.1")), "invalid-mailbox, hard"],
    ["the mildest", dsn(group("failed", "5.1.1"), group("failed", "5.2.2")), "full-mailbox"],
    ["no group", { ...dsn(), from: "a@b.test", subject: "x" }, "not-understood"],
  ] as const)("%s", (_, given, expected) => {
    expect(summary(given)).toBe(expected);
  });
});

describe("[D43] bounces for people to read", () => {
  const robot = "Mail Delivery System <MAILER-DAEMON@mx.test>";
  test.each([
    [
      "qmail",
      "failure notice",
      "Hi. This is the qmail-send program at mx.test.\n\n<a@b.test>:\n192.0.2.1 does not like recipient.\nRemote host said: 550 5.1.1 no such user here\nGiving up on 192.0.2.1.\n\n--- Below this line is a copy of the message.\n\nspam spam",
      "invalid-mailbox, hard",
    ],
    [
      "qmail local",
      "failure notice",
      "<a@b.test>:\nSorry, no mailbox here by that name. (#5.1.1)",
      "invalid-mailbox, hard",
    ],
    ["qmail quota", "failure notice", "<a@b.test>:\nThe mailbox is full (#5.2.2)", "full-mailbox"],
    [
      "Exim",
      "Mail delivery failed: returning message to sender",
      "This message was created automatically.\nThe following address(es) failed:\n\n  a@b.test\n    host mx.b.test [192.0.2.1]\n    SMTP error from remote mail server after RCPT TO:\n    550 No such user",
      "invalid-mailbox, hard",
    ],
    [
      "Exim, no host",
      "Mail delivery failed: returning message to sender",
      "The following address(es) failed:\n  a@b.test\n    all relevant MX records point to non-existent hosts",
      "invalid-domain, hard",
    ],
    [
      "Exim, too late",
      "Mail delivery failed: returning message to sender",
      "  a@b.test\n    retry timeout exceeded\n    451 4.4.1 no answer from host",
      "routing",
    ],
    [
      "Exim, waiting",
      "Warning: message 1abc delayed 24 hours",
      "The message has not yet been delivered.\nNo action is required on your part.",
      "delay",
    ],
    [
      "Sendmail",
      "Returned mail: see transcript for details",
      "   ----- The following addresses had permanent fatal errors -----\n<a@b.test>\n    (reason: 550 5.1.1 <a@b.test>... User unknown)",
      "invalid-mailbox, hard",
    ],
    [
      "Sendmail, waiting",
      "Warning: could not send message for past 4 hours",
      "THIS IS A WARNING MESSAGE ONLY. YOU DO NOT NEED TO RESEND YOUR MESSAGE.\nDelivery failed, will keep trying until message is 5 days old",
      "delay",
    ],
    [
      "Postfix",
      "Undelivered Mail Returned to Sender",
      "<a@b.test>: host mx.b.test[192.0.2.1] said: 554 5.7.1 Service unavailable; Client host blocked using zen.spamhaus.org",
      "reputation",
    ],
    [
      "Postfix, own",
      "Undelivered Mail Returned to Sender",
      "<a@b.test>: Host or domain name not found. Name service error for name=b.test",
      "invalid-domain, hard",
    ],
    [
      "Postfix, waiting",
      "Delayed Mail (still being retried): delivery status notification",
      "It could not be delivered. It will be retried until it is 5 days old.",
      "delay",
    ],
    [
      "Exchange 2003",
      "Undeliverable: Our news",
      "Your message did not reach some or all of the intended recipients.\n\n  a@b.test on 1/1/2026\n    The e-mail account does not exist at the organization. <mx.test #5.1.1>",
      "invalid-mailbox, hard",
    ],
    [
      "Exchange, full",
      "Undeliverable: Our news",
      "The recipient's mailbox is full and can't accept messages now.",
      "full-mailbox",
    ],
    [
      "Exchange, rules",
      "Undeliverable: Our news",
      "Remote Server returned '550 5.7.133 sender not authenticated for group'",
      "policy",
    ],
    [
      "Lotus",
      "DELIVERY FAILURE: User a (a@b.test) not listed in Domino Directory",
      "Your message was not delivered because:\nUser a (a@b.test) not found in directory. user unknown",
      "invalid-mailbox, hard",
    ],
    [
      "Gmail",
      "Delivery Status Notification (Failure)",
      "Delivery to the following recipient failed permanently:\n a@b.test\n550 550 5.1.1 The email account that you tried to reach does not exist.",
      "invalid-mailbox, hard",
    ],
    [
      "Gmail, waiting",
      "Delivery Status Notification (Delay)",
      "There was a temporary problem delivering your message. Gmail will retry; delivery delayed",
      "delay",
    ],
    [
      "Yahoo",
      "Failure Notice",
      "Sorry, we were unable to deliver your message.\n\n<a@b.test>:\n554: delivery error: dd This user doesn't have a b.test account",
      "unclassified",
    ],
    [
      "AOL",
      "Undeliverable mail",
      "The following address had errors\n<a@b.test>: 521 5.2.1 : mailbox disabled",
      "inactive-mailbox, hard",
    ],
    [
      "MDaemon",
      "MDaemon Notification -- Delivery failed",
      "a@b.test - no such user here",
      "invalid-mailbox, hard",
    ],
    [
      "German",
      "Unzustellbar: Neues",
      "Die Nachricht ist unzustellbar.\n550 5.1.1 user unknown",
      "invalid-mailbox, hard",
    ],
    ["French", "Message non remis", "550 5.2.2 mailbox full, quota exceeded", "full-mailbox"],
    ["Spanish", "Mensaje no entregado", "550 5.1.1 unknown user", "invalid-mailbox, hard"],
    ["our relay", "Delivery failure", "550 relaying denied", "relaying-denied"],
    ["too large", "Delivery failure", "552 5.3.4 message too big", "too-large"],
    ["flood", "Delivery failure", "550 5.7.28 rate limit exceeded", "rate-limited"],
    ["virus", "Returned mail", "Delivery failed: the message contained a virus", "spam"],
    ["loop", "Undeliverable", "554 5.4.6 too many hops, mail loop", "routing"],
    ["no reason", "Undeliverable", "It did not work.", "unclassified"],
  ] as const)("%s", (_, subject, text, expected) => {
    expect(summary({ from: robot, subject, text })).toBe(expected);
  });

  test("a header that names failed recipients is enough, and what our own message says is not its reason", () => {
    const text =
      "550 5.2.2 mailbox full\n------ This is a copy of the message ------\nno such user: blocked, spam";
    expect(summary({ text, headers: { "x-failed-recipients": "a@b.test" } })).toBe("full-mailbox");
  });

  test("a person who writes about a failure is no bounce", () => {
    expect(
      summary({ from: "a@b.test", subject: "Question", text: "Delivery failed for my parcel. 550" }),
    ).toBe("not-understood");
  });
});

test.each([
  ["RFC 3834", { headers: { "auto-submitted": "auto-replied" } }],
  ["list", { headers: { precedence: "bulk" } }],
  ["old", { headers: { "x-autoreply": "yes" } }],
  ["English", { subject: "Out of Office: Re: News" }],
  ["German", { subject: "Abwesenheit: bis Montag" }],
  ["Exchange", { subject: "Automatic reply: News" }],
  ["French", { subject: "Réponse automatique : News" }],
  ["read receipt", { parts: [["message/disposition-notification", "Disposition: displayed"]] as const }],
  [
    "at the address for unsubscribing",
    { to: `u+${tokens.bounce}@x.test`, headers: { "auto-submitted": "auto-replied" } },
  ],
  [
    "a bounce at the address for unsubscribing",
    { to: `u+${tokens.bounce}@x.test`, from: "mailer-daemon@x.test", subject: "failure notice" },
  ],
] as const)("[D45] %s: a program answered", (_, given) => {
  expect(summary(given)).toBe("auto-reply");
});

test("[D45] a wish by mail counts, whoever sends it", () => {
  const to = `U+${tokens.bounce.toUpperCase()}@x.test`;
  const read = readFeedback(mail({ to, from: "someone@else.test", subject: "unsubscribe" }), mac);
  expect(read).toMatchObject({ deliveryId: "5121", meaning: { kind: "unsubscribe" } });
});

test.each([
  ["abuse", "complaint"],
  ["fraud", "complaint"],
  ["opt-out", "unsubscribe"],
  ["not-spam", "auto-reply"],
  ["auth-failure", "auto-reply"],
] as const)(
  "[D44] a feedback report of type %s is %s, and knows its delivery by the enclosed headers",
  (type, kind) => {
    const arf = mail({
      to: "complaints@x.test",
      from: "feedback@provider.test",
      parts: [
        [
          "message/feedback-report",
          `Feedback-Type: ${type}\r\nVersion: 1\r\nOriginal-Rcpt-To: redacted@provider.test`,
        ],
        [
          "message/rfc822",
          `Subject: News\r\nList-Unsubscribe: <https://m.test/u/${tokens.manage}>\r\n\r\nHello`,
        ],
      ],
    });
    expect(readFeedback(arf, mac)).toMatchObject({ deliveryId: "5121", meaning: { kind } });
  },
);

describe("[D42] whose mail it is", () => {
  test("an address that was signed is read in any case; nothing else is", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 2n ** 62n }), fc.nat(39), (id, place) => {
        const { bounce } = mintTokens(String(id), 1, mac);
        const address = `b+${bounce}@x.test`;
        const read = { role: "bounce", deliveryId: String(id) };
        expect(address.indexOf("@")).toBeLessThanOrEqual(64);
        expect(readReturnAddress(address, mac)).toEqual(read);
        expect(readReturnAddress(address.toUpperCase(), mac)).toEqual(read);
        const other = bounce[place] === "a" ? "b" : "a";
        const forged = `${bounce.slice(0, place)}${other}${bounce.slice(place + 1)}`;
        expect(readReturnAddress(`b+${forged}@x.test`, mac)).toBeUndefined();
      }),
    );
  });

  test("an address that somebody wrote, or a token for another purpose, belongs to nobody", () => {
    const given = {
      to: "bounces@x.test",
      text: `a@b.test failed, delivery 5121, /u/${tokens.read}`,
      from: "mailer-daemon@x.test",
    };
    expect(readFeedback(mail(given), mac).deliveryId).toBeUndefined();
  });

  test("the copy that an old server puts into its text is enough", () => {
    const text = `<a@b.test>: 550 no such user\n--- Below this line is a copy of the message.\n\nReturn-Path: <${verp}>`;
    expect(readFeedback(mail({ to: "news@x.test", subject: "failure notice", text }), mac).deliveryId).toBe(
      "5121",
    );
  });
});

test("whatever arrives is read without throwing, in bounded time", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 300 }), fc.string({ maxLength: 300 }), (subject, text) => {
      const parts = [["message/delivery-status", text] as const];
      expect(meaningOf({ from: "mailer-daemon@x", subject, text, parts }).kind).not.toBe("complaint");
    }),
  );
  const before = process.threadCpuUsage();
  meaningOf({
    from: "mailer-daemon@x",
    subject: "failure notice",
    text: "delivery failed - ".repeat(60_000),
  });
  meaningOf(dsn(...Array.from({ length: 5000 }, () => group("failed", "5.1.1", "x".repeat(200)))));
  expect(process.threadCpuUsage(before).user).toBeLessThan(2_000_000);
});

describe("[D98] what somebody made up to keep us busy", () => {
  const busy = {
    "nothing but dashes": "-".repeat(1 << 20),
    "nothing but ends of lines": "\n".repeat(1 << 20),
    "lines that go on": "\n ".repeat(1 << 19),
    "words that begin a pattern": "mailbox ".repeat(1 << 17),
    "beginnings of a token": "/u/aaaa".repeat(1 << 17),
  };
  test.each(Object.entries(busy))("is read in passing: %s", (_, text) => {
    const before = process.cpuUsage();
    readFeedback(mail({ from: "mailer-daemon", subject: "failure notice", text }), mac);
    readFeedback(mail({ parts: [["message/delivery-status", text]] }), mac);
    readFeedback(mail({ to: "", parts: [["message/rfc822", text]] }), mac);
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(1000);
  });
});
