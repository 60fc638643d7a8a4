import { randomBytes } from "node:crypto";
import { refuse } from "#contract/errors.ts";
import type { WebhookProvider } from "#contract/feedback.ts";
import type { Actor } from "#core/access/actor.ts";
import { toId } from "#core/kernel/ids.ts";
import { audit } from "../../access/index.ts";
import type { Platform, Transaction } from "../../platform/index.ts";
import { forgetTotals } from "../feedback-totals.ts";
import { readSendGridKey } from "./verify-request.ts";
import {
  deleteWebhook,
  digest,
  getWebhook,
  insertWebhook,
  keyPurpose,
  replaceSecret,
  secretPurpose,
  updateWebhook,
  type WebhookRow,
  wayOf,
} from "./webhook-store.ts";

type Wanted = {
  readonly name: string;
  readonly provider: WebhookProvider;
  readonly topicArn: string | null;
  readonly key: string | undefined;
};

/** What proves who tells something: needed, or not offered, by provider. */
function checkProof({ provider, topicArn, key }: Wanted): void {
  const problem = problemOf(provider, topicArn, key);
  if (problem !== undefined) refuse("feedback.webhook-key-not-usable", { problem });
}

function problemOf(
  provider: WebhookProvider,
  topicArn: string | null,
  key: string | undefined,
): string | undefined {
  switch (provider) {
    case "ses":
      if (key !== undefined) return "Amazon signs by certificate: there is no key to enter.";
      return topicArn === null ? "The ARN of the topic is missing." : undefined;
    case "sendgrid":
      return key !== undefined && readSendGridKey(key)
        ? undefined
        : "This is not the verification key that SendGrid shows.";
    case "mailgun":
      return key === undefined ? "The webhook signing key of Mailgun is missing." : undefined;
    case "postmark":
      return key === undefined || /^[^:]+:.+$/.test(key)
        ? undefined
        : "Expected user name and password with a colon between them.";
  }
}

const newSecret = () => randomBytes(24).toString("base64url");

async function note(
  tx: Transaction,
  actor: Actor,
  action: string,
  webhook: { id: string; provider: string },
) {
  await audit(tx, actor, {
    action,
    subjectKind: "webhook",
    subjectId: toId("webhook", webhook.id),
    details: { provider: webhook.provider },
  });
}

/** Makes an address for a provider. */
export function addWebhook({ db, secrets }: Platform, actor: Actor, wanted: Wanted): Promise<WebhookRow> {
  const { name, provider, key } = wanted;
  const topicArn = provider === "ses" ? wanted.topicArn : null;
  checkProof({ ...wanted, topicArn });
  const secret = newSecret();
  return db.transaction(async (tx) => {
    const id = await insertWebhook(
      tx,
      {
        name,
        provider,
        topicArn,
        secretBox: secrets.seal(secret, secretPurpose),
        keyBox: key === undefined ? null : secrets.seal(key.trim(), keyPurpose),
      },
      digest(secret),
    );
    await note(tx, actor, "webhook.created", { id, provider });
    return getWebhook(tx, id);
  });
}

type Changes = {
  readonly name: string;
  readonly topicArn: string | null;
  readonly key?: string | null | undefined;
};

/** Changes a webhook. A key that is not given stays; null takes it away, where the provider can do without. */
export function changeWebhook(
  { db, secrets }: Platform,
  actor: Actor,
  id: string,
  { name, topicArn, key }: Changes,
): Promise<WebhookRow> {
  return db.transaction(async (tx) => {
    const before = await getWebhook(tx, id);
    const { provider } = before;
    const kept = before.keyBox === null ? undefined : secrets.open(before.keyBox, keyPurpose).toString();
    const after = key === undefined ? kept : (key?.trim() ?? undefined);
    const topic = provider === "ses" ? topicArn : null;
    checkProof({ name, provider, topicArn: topic, key: after });
    const keyBox = after === undefined ? null : secrets.seal(after, keyPurpose);
    await updateWebhook(tx, { id, name, topicArn: topic, keyBox });
    await note(tx, actor, "webhook.changed", before);
    return getWebhook(tx, id);
  });
}

/** Gives a webhook another address. */
export function rotateWebhook({ db, secrets }: Platform, actor: Actor, id: string): Promise<WebhookRow> {
  return db.transaction(async (tx) => {
    const webhook = await getWebhook(tx, id);
    const secret = newSecret();
    await replaceSecret(tx, id, secrets.seal(secret, secretPurpose), digest(secret));
    await note(tx, actor, "webhook.rotated", webhook);
    return getWebhook(tx, id);
  });
}

/** Takes a webhook away, with its counts. What it told stays. */
export function removeWebhook({ db }: Platform, actor: Actor, id: string): Promise<{ done: true }> {
  return db.transaction(async (tx) => {
    const webhook = await getWebhook(tx, id);
    await deleteWebhook(tx, id);
    await forgetTotals(tx, wayOf(id));
    await note(tx, actor, "webhook.removed", webhook);
    return { done: true };
  });
}
