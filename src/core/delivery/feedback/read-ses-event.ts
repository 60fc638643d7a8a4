import { z } from "zod";
import type { BounceCategory } from "../bounce-categories.ts";
import { judgeTold, type ProviderEvent, providerTag } from "./provider-event.ts";
import { meaningOfComplaint } from "./read-feedback.ts";

const text = z.string().catch("");
const recipients = z.array(z.looseObject({ emailAddress: text, status: text, diagnosticCode: text })).min(1);

/** Both shapes: notifications of an identity (`notificationType`) and events of a configuration set (`eventType`). */
const sesEvent = z.object({
  notificationType: z.string().optional(),
  eventType: z.string().optional(),
  mail: z.object({
    messageId: z.string(),
    source: text,
    destination: z.array(z.string()).catch([]),
    headers: z.array(z.object({ name: z.string(), value: z.string() })).catch([]),
    commonHeaders: z.object({ messageId: text, subject: text }).catch({ messageId: "", subject: "" }),
    tags: z.record(z.string(), z.array(z.string())).catch({}),
  }),
  bounce: z
    .object({
      bounceType: text,
      bounceSubType: text,
      feedbackId: z.string(),
      bouncedRecipients: recipients,
    })
    .optional(),
  complaint: z
    .object({
      feedbackId: z.string(),
      complaintFeedbackType: text,
      complaintSubType: text,
      complainedRecipients: z.array(z.object({ emailAddress: text })).min(1),
    })
    .optional(),
  delivery: z.object({ recipients: z.array(z.string()).catch([]), smtpResponse: text }).optional(),
  reject: z.object({ reason: text }).optional(),
  subscription: z
    .object({ timestamp: text, newTopicPreferences: z.object({ unsubscribeAll: z.boolean().catch(false) }) })
    .optional(),
});

const hints: Readonly<Record<string, BounceCategory>> = {
  "Permanent/General": "invalid-mailbox",
  "Permanent/NoEmail": "invalid-mailbox",
  "Transient/General": "temporary",
  "Transient/MailboxFull": "full-mailbox",
  "Transient/MessageTooLarge": "too-large",
  "Transient/ContentRejected": "spam",
  "Transient/AttachmentRejected": "spam",
  "Transient/CustomTimeoutExceeded": "expired",
};
const untried = ["Suppressed", "OnAccountSuppressionList", "UnsubscribedRecipient"];

/** [D93] What an event of Amazon SES says; undefined if it is in no shape that we know. */
export function readSesEvent(payload: unknown): readonly ProviderEvent[] | undefined {
  const read = sesEvent.safeParse(payload);
  const kind = read.data?.eventType ?? read.data?.notificationType;
  if (!read.success || kind === undefined) return undefined;
  const { mail, bounce, complaint, delivery, reject, subscription } = read.data;
  const header = (name: string) => mail.headers.find((one) => one.name.toLowerCase() === name)?.value;
  const [onlyRecipient = ""] = mail.destination;
  const event = (eventId: string, recipient: string, meaning: ProviderEvent["meaning"]): ProviderEvent => ({
    eventId,
    meaning,
    recipient,
    subject: mail.commonHeaders.subject,
    clues: {
      tag: mail.tags[providerTag]?.[0] ?? "",
      texts: [...mail.headers.map(({ name, value }) => `${name}: ${value}`), mail.source],
      messageId: header("message-id") ?? mail.commonHeaders.messageId,
    },
  });
  if (kind === "Bounce" && bounce) {
    const { bounceType, bounceSubType, feedbackId } = bounce;
    return bounce.bouncedRecipients.map(({ emailAddress, status, diagnosticCode }) =>
      event(
        `${feedbackId}/${emailAddress}`,
        emailAddress,
        judgeTold({
          status,
          words: diagnosticCode || `Amazon SES: ${bounceType}, ${bounceSubType}`,
          hint: hints[`${bounceType}/${bounceSubType}`],
          isUntried: untried.includes(bounceSubType),
        }),
      ),
    );
  }
  if (kind === "Complaint" && complaint) {
    const { complaintSubType, complaintFeedbackType } = complaint;
    const meaning =
      complaintSubType === "OnAccountSuppressionList"
        ? judgeTold({ words: `Amazon SES: ${complaintSubType}`, isUntried: true })
        : meaningOfComplaint(complaintFeedbackType);
    return complaint.complainedRecipients.map(({ emailAddress }) =>
      event(`${complaint.feedbackId}/${emailAddress}`, emailAddress, meaning),
    );
  }
  if (kind === "Delivery" && delivery) {
    const meaning = { kind: "delivered", diagnostic: delivery.smtpResponse } as const;
    return [event(`${mail.messageId}/delivered`, delivery.recipients[0] ?? onlyRecipient, meaning)];
  }
  if (kind === "Reject" && reject) {
    const meaning = judgeTold({ words: `Amazon SES: ${reject.reason}`, hint: "spam" });
    return [event(`${mail.messageId}/reject`, onlyRecipient, meaning)];
  }
  if (kind === "Subscription" && subscription?.newTopicPreferences.unsubscribeAll) {
    const meaning = { kind: "unsubscribe", diagnostic: "Unsubscribed at Amazon SES" } as const;
    return [event(`${mail.messageId}/subscription/${subscription.timestamp}`, onlyRecipient, meaning)];
  }
  return [event(`${mail.messageId}/${kind}`, onlyRecipient, undefined)];
}
