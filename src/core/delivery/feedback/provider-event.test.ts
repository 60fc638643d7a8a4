import { createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mintTokens } from "../../tracking/tokens.ts";
import { findToldDelivery, type ProviderEvent } from "./provider-event.ts";
import { readMailgunEvent } from "./read-mailgun-event.ts";
import { readPostmarkEvent } from "./read-postmark-event.ts";
import { readSendGridEvents } from "./read-sendgrid-events.ts";
import { readSesEvent } from "./read-ses-event.ts";

const mac = (kid: number, input: Uint8Array) =>
  kid === 1 ? createHmac("sha512", "test").update(input).digest() : undefined;
const tokens = mintTokens("5121", 1, mac);
const own = { mac, instance: "0a1b2c3d" };
const messageId = "5121.0a1b2c3d@mail.example.com";

function summaryOf([event]: readonly ProviderEvent[] = []): string {
  if (!event) return "no event";
  const { meaning } = event;
  if (!meaning) return "nothing";
  return meaning.kind === "bounce" ? `${meaning.category}${meaning.isHard ? ", hard" : ""}` : meaning.kind;
}

const sesMail = {
  messageId: "ses-1",
  source: "news@example.com",
  destination: ["a@b.test"],
  headers: [{ name: "Message-ID", value: `<${messageId}>` }],
};
const sesBounce = (bounceType: string, bounceSubType: string, told: object = {}) => ({
  notificationType: "Bounce",
  mail: sesMail,
  bounce: {
    bounceType,
    bounceSubType,
    feedbackId: "f1",
    bouncedRecipients: [{ emailAddress: "a@b.test", ...told }],
  },
});
const sesComplaint = (complaintFeedbackType?: string, complaintSubType: string | null = null) => ({
  eventType: "Complaint",
  mail: sesMail,
  complaint: {
    feedbackId: "f2",
    complaintFeedbackType,
    complaintSubType,
    complainedRecipients: [{ emailAddress: "a@b.test" }],
  },
});

describe("[D93] what Amazon SES says", () => {
  test.each([
    [
      "words of the server",
      sesBounce("Permanent", "General", { status: "5.1.1", diagnosticCode: "smtp; 550 5.1.1 no such user" }),
      "invalid-mailbox, hard",
    ],
    [
      "permanent, but of policy",
      sesBounce("Permanent", "General", { status: "5.7.1", diagnosticCode: "smtp; 550 5.7.1 refused" }),
      "policy",
    ],
    ["permanent, without words", sesBounce("Permanent", "General"), "invalid-mailbox, hard"],
    ["a full mailbox, without words", sesBounce("Transient", "MailboxFull"), "full-mailbox"],
    ["temporary", sesBounce("Transient", "General", { status: "4.4.7" }), "expired"],
    ["content", sesBounce("Transient", "ContentRejected"), "spam"],
    ["not tried", sesBounce("Permanent", "OnAccountSuppressionList", { status: "5.1.1" }), "unclassified"],
    ["a complaint", sesComplaint("abuse"), "complaint"],
    ["a complaint without a type", sesComplaint(), "complaint"],
    ["not spam after all", sesComplaint("not-spam"), "auto-reply"],
    ["a complaint of before", sesComplaint("abuse", "OnAccountSuppressionList"), "unclassified"],
    [
      "a delivery",
      {
        eventType: "Delivery",
        mail: sesMail,
        delivery: { recipients: ["a@b.test"], smtpResponse: "250 ok" },
      },
      "delivered",
    ],
    ["a virus", { eventType: "Reject", mail: sesMail, reject: { reason: "Bad content" } }, "spam"],
    [
      "a wish",
      {
        eventType: "Subscription",
        mail: sesMail,
        subscription: { timestamp: "t", newTopicPreferences: { unsubscribeAll: true } },
      },
      "unsubscribe",
    ],
    [
      "another topic",
      {
        eventType: "Subscription",
        mail: sesMail,
        subscription: { timestamp: "t", newTopicPreferences: { unsubscribeAll: false } },
      },
      "nothing",
    ],
    ["a delay", { eventType: "DeliveryDelay", mail: sesMail }, "nothing"],
    ["nonsense", { hello: 1 }, "no event"],
  ])("%s", (_, payload, expected) => {
    expect(summaryOf(readSesEvent(payload))).toBe(expected);
  });

  test("one event for each recipient, each with a name of its own", () => {
    const told = sesBounce("Permanent", "General");
    const bouncedRecipients = [{ emailAddress: "a@b.test" }, { emailAddress: "c@d.test" }];
    const events = readSesEvent({ ...told, bounce: { ...told.bounce, bouncedRecipients } });
    expect(events?.map(({ eventId, recipient }) => [eventId, recipient])).toEqual([
      ["f1/a@b.test", "a@b.test"],
      ["f1/c@d.test", "c@d.test"],
    ]);
  });
});

describe("[D93] what SendGrid says", () => {
  const event = (told: object) => [
    { email: "a@b.test", timestamp: 1, sg_event_id: "e1", "smtp-id": `<${messageId}>`, ...told },
  ];
  test.each([
    [
      "a bounce",
      event({ event: "bounce", type: "bounce", status: "5.1.1", reason: "550 5.1.1 unknown user" }),
      "invalid-mailbox, hard",
    ],
    [
      "a block by reputation",
      event({
        event: "bounce",
        type: "blocked",
        status: "5.7.1",
        reason: "554 5.7.1 blocked using a blocklist",
      }),
      "reputation",
    ],
    ["a block without words", event({ event: "bounce", type: "blocked", reason: "no" }), "policy"],
    [
      "a vague status",
      event({ event: "bounce", status: "5.0.0", reason: "552 5.2.2 over quota" }),
      "full-mailbox",
    ],
    ["dropped by a list", event({ event: "dropped", reason: "Bounced Address" }), "unclassified"],
    ["dropped otherwise", event({ event: "dropped", reason: "Recipient List over Package Quota" }), "policy"],
    ["a complaint", event({ event: "spamreport" }), "complaint"],
    ["a wish", event({ event: "group_unsubscribe" }), "unsubscribe"],
    ["a delivery", event({ event: "delivered", response: "250 ok" }), "delivered"],
    ["an open", event({ event: "open" }), "nothing"],
    ["a delay", event({ event: "deferred", response: "451 later" }), "nothing"],
    ["a strange item", [42], "not-understood"],
    ["no list", { event: "bounce" }, "no event"],
  ])("%s", (_, payload, expected) => {
    expect(summaryOf(readSendGridEvents(payload))).toBe(expected);
  });
});

describe("[D93] what Mailgun says", () => {
  const event = (told: object) => ({ "event-data": { id: "m1", recipient: "a@b.test", ...told } });
  const failed = (severity: string, reason: string, answer: object) =>
    event({ event: "failed", severity, reason, "delivery-status": answer });
  test.each([
    [
      "a bounce",
      failed("permanent", "bounce", { code: 550, message: "5.1.1 no such user" }),
      "invalid-mailbox, hard",
    ],
    [
      "its status apart",
      failed("permanent", "generic", { code: 550, "enhanced-code": "5.2.2", message: "sorry" }),
      "full-mailbox",
    ],
    ["a number of its own", failed("permanent", "old", { code: 602, message: "Too old" }), "expired"],
    [
      "a list of its own",
      failed("permanent", "suppress-bounce", {
        code: 605,
        message: "Not delivering to previously bounced address",
      }),
      "unclassified",
    ],
    ["tried again", failed("temporary", "generic", { code: 451, message: "later" }), "nothing"],
    ["a complaint", event({ event: "complained" }), "complaint"],
    ["a wish", event({ event: "unsubscribed" }), "unsubscribe"],
    ["a delivery", event({ event: "delivered" }), "delivered"],
    ["a click", event({ event: "clicked" }), "nothing"],
    ["nonsense", { "event-data": [] }, "no event"],
  ])("%s", (_, payload, expected) => {
    expect(summaryOf(readMailgunEvent(payload))).toBe(expected);
  });
});

describe("[D93] what Postmark says", () => {
  const bounce = (Type: string, Details = "") => ({
    RecordType: "Bounce",
    ID: 7,
    Type,
    Details,
    Email: "a@b.test",
  });
  const change = (told: object) => ({ RecordType: "SubscriptionChange", SuppressSending: true, ...told });
  test.each([
    ["a bounce", bounce("HardBounce", "smtp;550 5.1.1 no such user"), "invalid-mailbox, hard"],
    ["hard, but of policy", bounce("HardBounce", "smtp;550 5.7.1 rejected"), "policy"],
    ["hard, without words", bounce("HardBounce"), "invalid-mailbox, hard"],
    ["soft", bounce("SoftBounce"), "temporary"],
    ["a filter", bounce("SpamNotification"), "spam"],
    ["its own list", bounce("ManuallyDeactivated"), "unclassified"],
    ["tried again", bounce("Transient"), "nothing"],
    ["an answer of a program", bounce("AutoResponder"), "nothing"],
    ["a complaint", { RecordType: "SpamComplaint", ID: 8 }, "complaint"],
    ["a wish", change({ Origin: "Recipient", SuppressionReason: "ManualSuppression" }), "unsubscribe"],
    [
      "somebody of its customers",
      change({ Origin: "Customer", SuppressionReason: "ManualSuppression" }),
      "nothing",
    ],
    ["a bounce told twice", change({ Origin: "Recipient", SuppressionReason: "HardBounce" }), "nothing"],
    ["a delivery", { RecordType: "Delivery", MessageID: "p1" }, "delivered"],
    ["nonsense", "hello", "no event"],
  ])("%s", (_, payload, expected) => {
    expect(summaryOf(readPostmarkEvent(payload))).toBe(expected);
  });
});

describe("[D92] whose message it is", () => {
  const find = (clues: Partial<ProviderEvent["clues"]>) =>
    findToldDelivery({ tag: "", texts: [], messageId: "", ...clues }, own);
  const signed = { deliveryId: "5121", isSigned: true };

  test("by our tag, our address or a link of our headers, and else by a Message-ID of this instance", () => {
    expect(find({ tag: tokens.bounce })).toEqual(signed);
    expect(find({ texts: [`b+${tokens.bounce}@bounces.example.com`] })).toEqual(signed);
    expect(find({ texts: [`List-Unsubscribe: <https://m.example.com/u/${tokens.manage}>`] })).toEqual(signed);
    expect(find({ messageId: `<${messageId}>` })).toEqual({ deliveryId: "5121", isSigned: false });
    expect(find({ tag: messageId })).toEqual({ deliveryId: "5121", isSigned: false });
  });

  test("never by what another instance or nobody wrote", () => {
    expect(find({ messageId: "5121.ffffffff@mail.example.com" })).toBeUndefined();
    expect(find({ messageId: "5121@mail.example.com", tag: tokens.manage })).toBeUndefined();
    expect(find({ texts: ["a@b.test"] })).toBeUndefined();
  });

  test.each([
    [
      "Amazon SES",
      (tag: string) =>
        readSesEvent({
          ...sesBounce("Permanent", "General"),
          mail: { ...sesMail, tags: { postroad: [tag] } },
        }),
    ],
    ["SendGrid", (tag: string) => readSendGridEvents([{ event: "spamreport", postroad: tag }])],
    [
      "Mailgun",
      (tag: string) =>
        readMailgunEvent({
          "event-data": { id: "1", event: "complained", "user-variables": { postroad: tag } },
        }),
    ],
    [
      "Postmark",
      (tag: string) => readPostmarkEvent({ RecordType: "SpamComplaint", Metadata: { Postroad: tag } }),
    ],
  ])("the tag is found in what %s tells", (_, read) => {
    const [event] = read(tokens.bounce) ?? [];
    expect(event && findToldDelivery(event.clues, own)).toEqual(signed);
  });
});

test("[D93] whatever comes is read without an error", () => {
  const readers = [readSesEvent, readSendGridEvents, readMailgunEvent, readPostmarkEvent];
  const shaped = fc.record(
    {
      notificationType: fc.constantFrom("Bounce", "Complaint", "Delivery"),
      mail: fc.oneof(fc.constant(sesMail), fc.jsonValue()),
      bounce: fc.jsonValue(),
      complaint: fc.jsonValue(),
      "event-data": fc.jsonValue(),
      RecordType: fc.oneof(fc.constantFrom("Bounce", "SubscriptionChange"), fc.string()),
      Metadata: fc.jsonValue(),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), shaped, fc.array(shaped)), (payload) => {
      for (const read of readers) for (const { clues } of read(payload) ?? []) findToldDelivery(clues, own);
    }),
  );
});
