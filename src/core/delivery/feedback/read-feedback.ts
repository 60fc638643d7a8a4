import type { Mac } from "../../tracking/tokens.ts";
import { isAutoReply } from "./auto-reply.ts";
import { findDelivery } from "./find-delivery.ts";
import { readFreeForm } from "./free-form-bounce.ts";
import { type ReceivedMail, readFields } from "./received-mail.ts";
import { type Report, readStatusReport } from "./status-report.ts";

/** What a mail that came back means. */
export type Meaning =
  | Report
  | { readonly kind: "complaint" | "unsubscribe"; readonly diagnostic: string }
  | { readonly kind: "auto-reply" | "not-understood"; readonly diagnostic: string };

/** What came back, and about which delivery; undefined where nothing that we signed is in it. */
export type Feedback = { readonly deliveryId: string | undefined; readonly meaning: Meaning };

/** Decides what a mail that came back says, in the order of docs/spec/delivery.md. */
export function readFeedback(mail: ReceivedMail, mac: Mac): Feedback {
  const found = findDelivery(mail, mac);
  return { deliveryId: found?.deliveryId, meaning: meaningOf(mail, found?.role === "unsubscribe") };
}

function meaningOf(mail: ReceivedMail, isToUnsubscribe: boolean): Meaning {
  const complaint = readComplaint(mail);
  if (complaint) return complaint;
  const report = readStatusReport(mail);
  if (report) return report;
  if (mail.parts.some(({ type }) => type === "message/disposition-notification"))
    return { kind: "auto-reply", diagnostic: "Receipt for reading" };
  if (isToUnsubscribe)
    return isAutoReply(mail) || readFreeForm(mail)
      ? { kind: "auto-reply", diagnostic: "A program answered" }
      : { kind: "unsubscribe", diagnostic: "Asked by mail to be left out" };
  const freeForm = readFreeForm(mail);
  if (freeForm) return freeForm;
  if (isAutoReply(mail)) return { kind: "auto-reply", diagnostic: "A program answered" };
  return { kind: "not-understood", diagnostic: "Neither a bounce nor a complaint" };
}

/** [D44] Reads a complaint in the Abuse Reporting Format (RFC 5965, RFC 6430). */
function readComplaint(mail: ReceivedMail): Meaning | undefined {
  const part = mail.parts.find(({ type }) => type === "message/feedback-report");
  if (!part) return undefined;
  return meaningOfComplaint(readFields(part.text).get("feedback-type") ?? "");
}

/** [D44] What a type of feedback says (RFC 5965, RFC 6430), in a mail or told by a provider. */
export function meaningOfComplaint(feedbackType: string): Meaning {
  const type = feedbackType.toLowerCase();
  const diagnostic = `Feedback-Type: ${type}`.slice(0, 200);
  if (["abuse", "fraud", "virus", "other", ""].includes(type)) return { kind: "complaint", diagnostic };
  if (type === "opt-out" || type === "opt-out-list") return { kind: "unsubscribe", diagnostic };
  // Not spam after all, or a report about DKIM or DMARC: nobody complains.
  return { kind: "auto-reply", diagnostic };
}
