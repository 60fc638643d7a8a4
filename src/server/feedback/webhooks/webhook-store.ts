import { createHash } from "node:crypto";
import { refuse } from "#contract/errors.ts";
import type { WebhookProvider } from "#contract/feedback.ts";
import { type Queries, type Sql, sql, type Transaction } from "../../platform/index.ts";

/** A webhook. Its secret and its key are sealed. */
export type WebhookRow = {
  readonly id: string;
  readonly name: string;
  readonly provider: WebhookProvider;
  readonly secretBox: Buffer;
  readonly previousUntil: Date | null;
  readonly topicArn: string | null;
  readonly keyBox: Buffer | null;
  readonly createdAt: Date;
};

export const secretPurpose = "webhook-secret";
export const keyPurpose = "webhook-key";
export const wayOf = (id: string) => `webhook/${id}`;
export const digest = (text: string | Uint8Array) => createHash("sha256").update(text).digest();

const select = (where: Sql) => sql`
  select id, name, provider, secret_box as "secretBox",
    case when previous_until > now() then previous_until end as "previousUntil",
    topic_arn as "topicArn", key_box as "keyBox", created_at as "createdAt"
  from webhooks where ${where} order by id`;

export const listWebhooks = (db: Queries) => db.rows<WebhookRow>(select(sql`true`));

/** One webhook, or a refusal. */
export async function getWebhook(db: Queries, id: string): Promise<WebhookRow> {
  return (await db.first<WebhookRow>(select(sql`id = ${id}`))) ?? refuse("feedback.webhook-not-found");
}

/** The webhook whose address has this secret, or had it until a short while ago. */
export function findBySecret(db: Queries, provider: string, secret: string): Promise<WebhookRow | undefined> {
  const hash = digest(secret);
  return db.first<WebhookRow>(
    select(
      sql`provider = ${provider} and (secret_hash = ${hash} or (previous_hash = ${hash} and previous_until > now()))`,
    ),
  );
}

type Written = Pick<WebhookRow, "name" | "provider" | "secretBox" | "topicArn" | "keyBox">;

export async function insertWebhook(
  tx: Transaction,
  { name, provider, secretBox, topicArn, keyBox }: Written,
  secretHash: Buffer,
): Promise<string> {
  const row = await tx.first<{ id: string }>(sql`
    insert into webhooks (name, provider, secret_hash, secret_box, topic_arn, key_box)
    values (${name}, ${provider}, ${secretHash}, ${secretBox}, ${topicArn}, ${keyBox}) returning id`);
  if (!row) throw new Error("The webhook was not written");
  return row.id;
}

export async function updateWebhook(
  tx: Transaction,
  { id, name, topicArn, keyBox }: Pick<WebhookRow, "id" | "name" | "topicArn" | "keyBox">,
): Promise<void> {
  await tx.run(
    sql`update webhooks set name = ${name}, topic_arn = ${topicArn}, key_box = ${keyBox} where id = ${id}`,
  );
}

/** Gives a webhook another secret; the one before is taken for a day more. */
export async function replaceSecret(
  tx: Transaction,
  id: string,
  secretBox: Buffer,
  secretHash: Buffer,
): Promise<void> {
  await tx.run(sql`
    update webhooks set previous_hash = secret_hash, previous_until = now() + interval '1 day',
      secret_hash = ${secretHash}, secret_box = ${secretBox}
    where id = ${id}`);
}

export async function deleteWebhook(tx: Transaction, id: string): Promise<void> {
  await tx.run(sql`delete from webhooks where id = ${id}`);
}

/**
 * Uses up a token that opens once. `again`: it came before with the very same body; `forged`: with another one. Two requests at once:
 * the second waits for what becomes of the first.
 */
export async function spendToken(
  tx: Transaction,
  { webhookId, token, body }: { readonly webhookId: string; readonly token: string; readonly body: Buffer },
): Promise<"fresh" | "again" | "forged"> {
  const added = await tx.run(sql`
    insert into webhook_tokens (webhook_id, token_hash, body_hash) values (${webhookId}, ${digest(token)}, ${digest(body)})
    on conflict do nothing`);
  if (added > 0) return "fresh";
  const known = await tx.first<{ bodyHash: Buffer }>(sql`
    select body_hash as "bodyHash" from webhook_tokens where webhook_id = ${webhookId} and token_hash = ${digest(token)}`);
  return known?.bodyHash.equals(digest(body)) ? "again" : "forged";
}
