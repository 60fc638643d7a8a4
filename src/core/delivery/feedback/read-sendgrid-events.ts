import { z } from "zod";
import { judgeTold, type ProviderEvent, providerTag, strangeEvent } from "./provider-event.ts";

const text = z.string().catch("");
const sendGridEvent = z.looseObject({
  event: z.string(),
  email: text,
  timestamp: z.union([z.number(), z.string()]).catch(0),
  sg_event_id: text,
  sg_message_id: text,
  "smtp-id": text,
  reason: text,
  response: text,
  status: text,
  type: text,
  [providerTag]: text,
});

/** [D93] What a batch of the Event Webhook of SendGrid says; undefined if it is no batch. */
export function readSendGridEvents(payload: unknown): readonly ProviderEvent[] | undefined {
  if (!Array.isArray(payload)) return undefined;
  return payload.map((item: unknown, place): ProviderEvent => {
    const read = sendGridEvent.safeParse(item);
    if (!read.success) return strangeEvent(`${JSON.stringify(item)}/${place}`);
    const told = read.data;
    return {
      eventId: told.sg_event_id || `${told.sg_message_id}/${told.event}/${told.timestamp}/${told.email}`,
      meaning: meaningOf(told),
      recipient: told.email,
      subject: "",
      clues: { tag: told[providerTag], texts: [], messageId: told["smtp-id"] },
    };
  });
}

/** Reasons of SendGrid's own lists for not even trying. */
const listed = /^(bounced|unsubscribed|spam reporting|invalid) address|suppress|group unsubscribe/i;

function meaningOf(told: z.output<typeof sendGridEvent>): ProviderEvent["meaning"] {
  const { event, reason, status, response, type } = told;
  switch (event) {
    case "delivered":
      return { kind: "delivered", diagnostic: response };
    case "bounce":
      // What SendGrid calls blocked says nothing about the address, unless the words do.
      return judgeTold({ status, words: reason, hint: type === "blocked" ? "policy" : undefined });
    case "dropped":
      return judgeTold({
        status,
        words: `Dropped by SendGrid: ${reason}`,
        hint: "policy",
        isUntried: listed.test(reason),
      });
    case "spamreport":
      return { kind: "complaint", diagnostic: "Reported as spam, told by SendGrid" };
    case "unsubscribe":
    case "group_unsubscribe":
      return { kind: "unsubscribe", diagnostic: "Unsubscribed at SendGrid" };
    default:
      return undefined;
  }
}
