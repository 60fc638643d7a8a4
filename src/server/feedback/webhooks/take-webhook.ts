import { refuse } from "#contract/errors.ts";
import type { WebhookProvider } from "#contract/feedback.ts";
import { findToldDelivery, type ProviderEvent } from "#core/delivery/feedback/provider-event.ts";
import { readMailgunEvent } from "#core/delivery/feedback/read-mailgun-event.ts";
import { readPostmarkEvent } from "#core/delivery/feedback/read-postmark-event.ts";
import { readSendGridEvents } from "#core/delivery/feedback/read-sendgrid-events.ts";
import { readSesEvent } from "#core/delivery/feedback/read-ses-event.ts";
import { fail, ok, type Result } from "#core/kernel/result.ts";
import { messageIdName, resolveDoubt } from "../../delivery/index.ts";
import type { Transaction } from "../../platform/index.ts";
import { addTotals } from "../feedback-totals.ts";
import { type FeedbackDeps, type FeedbackEvent, keyOf, recordFeedback } from "../record-feedback.ts";
import { findSubjects } from "../store.ts";
import { verifyMailgun, verifyPostmark, verifySendGrid, type WebhookRequest } from "./verify-request.ts";
import { type createSnsVerifier, type FetchPage, isSnsAddress, regionOf } from "./verify-sns.ts";
import { digest, keyPurpose, spendToken, type WebhookRow, wayOf } from "./webhook-store.ts";

export type WebhookDeps = FeedbackDeps & {
  readonly verifySns: ReturnType<typeof createSnsVerifier>;
  readonly fetchPage: FetchPage;
};

/** What a verified request tells; the token is one that opens once. */
type Told = { readonly payload: unknown; readonly token?: string };

const readers: Readonly<Record<WebhookProvider, (payload: unknown) => readonly ProviderEvent[] | undefined>> =
  {
    ses: readSesEvent,
    sendgrid: readSendGridEvents,
    mailgun: readMailgunEvent,
    postmark: readPostmarkEvent,
  };

/**
 * [D90] Takes what a provider tells. Done when all that follows from it is committed; fails with the reason, for nobody but the
 * people of this instance, where it is not proved who tells it. Throws where it cannot be known now.
 */
export async function takeWebhook(
  deps: WebhookDeps,
  webhook: WebhookRow,
  request: WebhookRequest,
): Promise<Result<"taken", string>> {
  const told = await verify(deps, webhook, request);
  if (!told.ok) return told;
  if (told.value === "confirmed") return ok("taken");
  const { payload, token } = told.value;
  return deps.platform.db.transaction(async (tx) => {
    if (token !== undefined) {
      const use = await spendToken(tx, { webhookId: webhook.id, token, body: request.body });
      if (use === "forged") return fail("Its token was used before, for something else.");
      if (use === "again") return ok("taken");
    }
    await record(deps, tx, webhook, payload, request.body);
    return ok("taken");
  });
}

async function verify(
  deps: WebhookDeps,
  webhook: WebhookRow,
  request: WebhookRequest,
): Promise<Result<Told | "confirmed", string>> {
  const { secrets, clock } = deps.platform;
  const key = webhook.keyBox === null ? undefined : secrets.open(webhook.keyBox, keyPurpose).toString();
  const payload = parseJson(request.body.toString());
  const now = clock.now();
  switch (webhook.provider) {
    case "ses":
      return verifySes(deps, webhook.topicArn ?? "", payload);
    case "sendgrid": {
      const verified = verifySendGrid(request, key ?? "", now);
      return verified.ok ? ok({ payload }) : verified;
    }
    case "mailgun": {
      const verified = verifyMailgun(payload, key ?? "", now);
      return verified.ok ? ok({ payload, ...verified.value }) : verified;
    }
    case "postmark": {
      const verified = verifyPostmark(request, key);
      return verified.ok ? ok({ payload }) : verified;
    }
  }
}

/** [D91] A subscription is confirmed by visiting the address that Amazon signed, at Amazon only. */
async function verifySes(
  { verifySns, fetchPage, platform: { clock, log } }: WebhookDeps,
  topicArn: string,
  payload: unknown,
): Promise<Result<Told | "confirmed", string>> {
  const away = (error: unknown) => {
    log.warn({ reason: String(error) }, "Amazon SNS could not be asked about a notification");
    return refuse("server.unavailable");
  };
  const verified = await verifySns(payload, topicArn, clock.now()).catch(away);
  if (!verified.ok) return verified;
  const { Type, Message, SubscribeURL = "" } = verified.value;
  if (Type === "Notification") return ok({ payload: parseJson(Message) });
  if (Type === "SubscriptionConfirmation") {
    if (!isSnsAddress(SubscribeURL, regionOf(topicArn)))
      return fail("The address for confirming does not lie at Amazon SNS.");
    await fetchPage(SubscribeURL).catch(away);
  }
  return ok("confirmed");
}

type Located = ProviderEvent & { readonly deliveryId: string | undefined };

/** [D92] [D93] Everything that follows from events, and the counts, in one transaction. */
async function record(
  deps: WebhookDeps,
  tx: Transaction,
  webhook: WebhookRow,
  payload: unknown,
  source: Buffer,
): Promise<void> {
  const events = readers[webhook.provider](payload);
  const located = events ? await locate(deps, tx, events) : [];
  const ours = located.filter(({ deliveryId }) => deliveryId !== undefined);
  const delivered = ours.flatMap(({ meaning, deliveryId }) =>
    meaning?.kind === "delivered" && deliveryId !== undefined ? [deliveryId] : [],
  );
  if (delivered.length > 0) await resolveDoubt(tx, [...new Set(delivered)], { accepted: "told-by-receiver" });
  const strange = located.filter(({ meaning }) => meaning?.kind === "not-understood");
  const reports = [...ours, ...strange].flatMap((event) => toReport(webhook, event, source));
  if (!events) reports.push(strangeBody(webhook, source));
  await recordFeedback(deps, tx, reports);
  await addTotals(tx, wayOf(webhook.id), countKinds(located, events === undefined));
}

async function locate(
  { platform, tracking }: WebhookDeps,
  tx: Transaction,
  events: readonly ProviderEvent[],
): Promise<readonly Located[]> {
  const own = { mac: tracking.keys.mac, instance: messageIdName(platform) };
  const found = events.map((event) => ({
    event,
    about: event.meaning && findToldDelivery(event.clues, own),
  }));
  const unsigned = found.flatMap(({ about }) => (about && !about.isSigned ? [about.deliveryId] : []));
  const subjects = await findSubjects(tx, unsigned);
  return found.map(({ event, about }) => {
    const isProved =
      about?.isSigned === true ||
      (about !== undefined && isSentTo(subjects.get(about.deliveryId)?.address ?? null, event.recipient));
    return { ...event, deliveryId: isProved ? about?.deliveryId : undefined };
  });
}

const isSentTo = (address: string | null, recipient: string) =>
  keyOf(address) !== undefined && keyOf(address) === keyOf(recipient);

const providerNames: Readonly<Record<WebhookProvider, string>> = {
  ses: "Amazon SES",
  sendgrid: "SendGrid",
  mailgun: "Mailgun",
  postmark: "Postmark",
};

/** What is kept: not that mail arrived, which would be a row for each message. */
function toReport(
  webhook: WebhookRow,
  { eventId, meaning, deliveryId, subject }: Located,
  source: Buffer,
): FeedbackEvent[] {
  if (meaning === undefined || meaning.kind === "delivered") return [];
  const key = digest(`${webhook.provider}\n${deliveryId ?? ""}\n${eventId}`);
  return [
    {
      key,
      way: wayOf(webhook.id),
      deliveryId,
      meaning,
      sender: providerNames[webhook.provider],
      subject,
      source,
    },
  ];
}

function strangeBody(webhook: WebhookRow, source: Buffer): FeedbackEvent {
  const meaning = {
    kind: "not-understood",
    diagnostic: "Not in the shape of an event that we know",
  } as const;
  const sender = providerNames[webhook.provider];
  return {
    key: digest(source),
    way: wayOf(webhook.id),
    deliveryId: undefined,
    meaning,
    sender,
    subject: "",
    source,
  };
}

/** `foreign`: about mail that is not known to be from here. `other`: nothing that matters, such as an open. */
function countKinds(events: readonly Located[], isStrange: boolean) {
  const counts = new Map<string, number>(isStrange ? [["not-understood", 1]] : []);
  for (const { meaning, deliveryId } of events) {
    const isForeign = deliveryId === undefined && meaning?.kind !== "not-understood";
    const kind = meaning === undefined ? "other" : isForeign ? "foreign" : meaning.kind;
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return [...counts].map(([kind, count]) => ({ kind, count }));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
