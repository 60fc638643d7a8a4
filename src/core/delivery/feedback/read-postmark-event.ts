import { z } from "zod";
import type { BounceCategory } from "../bounce-categories.ts";
import { judgeTold, type ProviderEvent, providerTag } from "./provider-event.ts";

const text = z.string().catch("");
const postmarkEvent = z.object({
  RecordType: z.string(),
  ID: z.union([z.number(), z.string()]).transform(String).catch(""),
  MessageID: text,
  Type: text,
  Email: text,
  Recipient: text,
  Subject: text,
  Details: text,
  Description: text,
  /** The whole bounce, where the webhook is set to include it. */
  Content: text,
  Metadata: z.record(z.string(), z.unknown()).catch({}),
  SuppressSending: z.boolean().catch(false),
  SuppressionReason: text,
  Origin: text,
  ChangedAt: text,
});
type Told = z.output<typeof postmarkEvent>;

const longestContent = 256 * 1024;

/** [D93] What an event of Postmark says; undefined if it is in no shape that we know. */
export function readPostmarkEvent(payload: unknown): readonly ProviderEvent[] | undefined {
  const read = postmarkEvent.safeParse(payload);
  if (!read.success) return undefined;
  const told = read.data;
  const tag = Object.entries(told.Metadata).find(([name]) => name.toLowerCase() === providerTag)?.[1];
  return [
    {
      eventId: `${told.RecordType}/${told.ID || told.MessageID}/${told.ChangedAt}`,
      meaning: meaningOf(told),
      recipient: told.Email || told.Recipient,
      subject: told.Subject,
      clues: {
        tag: typeof tag === "string" ? tag : "",
        texts: [told.Content.slice(0, longestContent)],
        messageId: "",
      },
    },
  ];
}

const hints: Readonly<Record<string, BounceCategory>> = {
  HardBounce: "invalid-mailbox",
  BadEmailAddress: "invalid-mailbox",
  SoftBounce: "temporary",
  DnsError: "routing",
  SpamNotification: "spam",
  VirusNotification: "spam",
  Blocked: "policy",
  DMARCPolicy: "authentication",
  SMTPApiError: "protocol",
  TemplateRenderingFailed: "protocol",
};
/** Answers of people and programs, and what Postmark still tries. */
const noBounces = ["Transient", "Subscribe", "AutoResponder", "AddressChange", "ChallengeVerification"];
const untried = ["ManuallyDeactivated", "Unconfirmed"];

function meaningOf(told: Told): ProviderEvent["meaning"] {
  switch (told.RecordType) {
    case "Delivery":
      return { kind: "delivered", diagnostic: told.Details };
    case "Bounce":
      if (noBounces.includes(told.Type)) return undefined;
      if (told.Type === "Unsubscribe") return unsubscribed;
      if (told.Type === "SpamComplaint") return complained;
      return judgeTold({
        words: told.Details || told.Description,
        hint: hints[told.Type],
        isUntried: untried.includes(told.Type),
      });
    case "SpamComplaint":
      return complained;
    case "SubscriptionChange":
      // Bounces and complaints, which suppress at Postmark too, are told by events of their own.
      return told.SuppressSending &&
        told.Origin === "Recipient" &&
        told.SuppressionReason === "ManualSuppression"
        ? unsubscribed
        : undefined;
    default:
      return undefined;
  }
}

const unsubscribed = { kind: "unsubscribe", diagnostic: "Unsubscribed at Postmark" } as const;
const complained = { kind: "complaint", diagnostic: "Reported as spam, told by Postmark" } as const;
