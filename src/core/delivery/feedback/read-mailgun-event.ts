import { z } from "zod";
import { judgeTold, type ProviderEvent, providerTag } from "./provider-event.ts";

const text = z.string().catch("");
const status = { message: "", description: "", code: "", "enhanced-code": "" };
const mailgunEvent = z.object({
  "event-data": z.object({
    id: z.string().min(1),
    event: z.string(),
    severity: text,
    reason: text,
    recipient: text,
    envelope: z.object({ sender: text }).catch({ sender: "" }),
    message: z
      .object({ headers: z.object({ "message-id": text, subject: text }) })
      .catch({ headers: { "message-id": "", subject: "" } }),
    "user-variables": z.record(z.string(), z.unknown()).catch({}),
    "delivery-status": z
      .object({
        message: text,
        description: text,
        code: z.union([z.number(), z.string()]).transform(String).catch(""),
        "enhanced-code": text,
      })
      .catch(status),
  }),
});

/** [D93] What an event of Mailgun says; undefined if it is in no shape that we know. */
export function readMailgunEvent(payload: unknown): readonly ProviderEvent[] | undefined {
  const read = mailgunEvent.safeParse(payload);
  if (!read.success) return undefined;
  const told = read.data["event-data"];
  const tag = told["user-variables"][providerTag];
  return [
    {
      eventId: told.id,
      meaning: meaningOf(told),
      recipient: told.recipient,
      subject: told.message.headers.subject,
      clues: {
        tag: typeof tag === "string" ? tag : "",
        texts: [told.envelope.sender],
        messageId: told.message.headers["message-id"],
      },
    },
  ];
}

function meaningOf(told: z.output<typeof mailgunEvent>["event-data"]): ProviderEvent["meaning"] {
  const { event, severity, reason, "delivery-status": answer } = told;
  switch (event) {
    case "delivered":
      return { kind: "delivered", diagnostic: answer.message };
    case "failed": {
      if (severity === "temporary") return undefined;
      const words = answer.message || answer.description || `Mailgun: ${reason}`;
      // Numbers of 600 and more are Mailgun's own.
      const code = /^[45]\d\d$/.test(answer.code) && !/^[45]\d\d\b/.test(words) ? `${answer.code} ` : "";
      return judgeTold({
        status: answer["enhanced-code"],
        words: `${code}${words}`,
        hint: reason === "old" ? "expired" : undefined,
        isUntried: reason.startsWith("suppress-"),
      });
    }
    case "complained":
      return { kind: "complaint", diagnostic: "Reported as spam, told by Mailgun" };
    case "unsubscribed":
      return { kind: "unsubscribe", diagnostic: "Unsubscribed at Mailgun" };
    default:
      return undefined;
  }
}
