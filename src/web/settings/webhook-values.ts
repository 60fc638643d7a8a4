import type { WebhookProvider, webhookRoutes } from "#contract/feedback.ts";
import type { AnswerOf } from "../app/api.ts";

/** An address that a provider tells what came back. */
export type Webhook = AnswerOf<typeof webhookRoutes.list>["items"][number];

export const providerNames: Readonly<Record<WebhookProvider, string>> = {
  ses: "Amazon SES",
  sendgrid: "SendGrid",
  mailgun: "Mailgun",
  postmark: "Postmark",
};

/** What proves each provider: the words of the field for it. */
export const proofWords: Readonly<
  Record<WebhookProvider, { readonly label: string; readonly hint: string }>
> = {
  ses: {
    label: "ARN of the SNS topic",
    hint: "Only signed notifications of this topic are taken. The subscription is confirmed by itself.",
  },
  sendgrid: {
    label: "Verification key",
    hint: "SendGrid shows it once Signed Event Webhook is switched on.",
  },
  mailgun: {
    label: "Webhook signing key",
    hint: "In Mailgun's control panel under API security. It is not the API key.",
  },
  postmark: {
    label: "User name and password, if you like",
    hint: "Postmark offers no signature: the secret in the address is the proof. Written as name:password here, asked for in the webhook's settings there.",
  },
};

/** What is counted, in the order shown, in words. */
const countWords: readonly (readonly [kind: string, words: string])[] = [
  ["bounce", "bounces"],
  ["complaint", "complaints"],
  ["unsubscribe", "unsubscribed"],
  ["delivered", "delivered"],
  ["not-understood", "not understood"],
  ["foreign", "about other mail"],
  ["other", "of no matter"],
];

/** What came by a webhook, in words; undefined if nothing did. */
export function webhookSummary(
  { counts }: Pick<Webhook, "counts">,
  number: (value: number) => string,
): string | undefined {
  const said = countWords.flatMap(([kind, words]) => {
    const total = counts.find((count) => count.kind === kind)?.total ?? 0;
    return total > 0 ? `${number(total)} ${words}` : [];
  });
  return said.length > 0 ? said.join(", ") : undefined;
}

/** When something came last that was taken. */
export function lastTakenAt({ counts }: Pick<Webhook, "counts">): string | undefined {
  return counts
    .filter(({ kind }) => kind !== "refused")
    .map(({ lastAt }) => lastAt)
    .sort()
    .at(-1);
}
