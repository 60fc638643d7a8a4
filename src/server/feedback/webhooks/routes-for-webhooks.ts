import { webhookRoutes } from "#contract/feedback.ts";
import type { Actor } from "#core/access/actor.ts";
import { can } from "#core/access/permissions.ts";
import { fromId, toId } from "#core/kernel/ids.ts";
import type { Http } from "../../platform/http/implement.ts";
import type { Platform, Queries } from "../../platform/index.ts";
import { type FeedbackTotal, listTotals } from "../feedback-totals.ts";
import { addWebhook, changeWebhook, removeWebhook, rotateWebhook } from "./save-webhook.ts";
import { listWebhooks, secretPurpose, type WebhookRow, wayOf } from "./webhook-store.ts";

/** Binds the addresses that providers tell. */
export function bindWebhookRoutes(http: Http, platform: Platform): void {
  const { db } = platform;
  const rowOf = (id: string) => fromId("webhook", id) ?? "0";
  const presentOne = async (actor: Actor, webhook: WebhookRow) =>
    present(platform, actor, webhook, await totalsOf(db));

  http.implement(webhookRoutes.list, async ({ actor }) => {
    const totals = await totalsOf(db);
    return { items: (await listWebhooks(db)).map((webhook) => present(platform, actor, webhook, totals)) };
  });
  http.implement(webhookRoutes.create, async ({ actor, body }) =>
    presentOne(actor, await addWebhook(platform, actor, { ...body, key: body.key ?? undefined })),
  );
  http.implement(webhookRoutes.change, async ({ actor, params, body }) =>
    presentOne(actor, await changeWebhook(platform, actor, rowOf(params.id), body)),
  );
  http.implement(webhookRoutes.rotate, async ({ actor, params }) =>
    presentOne(actor, await rotateWebhook(platform, actor, rowOf(params.id))),
  );
  http.implement(webhookRoutes.remove, ({ actor, params }) =>
    removeWebhook(platform, actor, rowOf(params.id)),
  );
}

const totalsOf = (db: Queries) => listTotals(db, "webhook/");

/** The address is for those who may change it; to others it would be a way to pretend. */
function present(
  { config, secrets }: Pick<Platform, "config" | "secrets">,
  actor: Actor,
  { id, name, provider, secretBox, previousUntil, topicArn, keyBox, createdAt }: WebhookRow,
  totals: readonly FeedbackTotal[],
) {
  const maySee = can(actor.role, "settings:write");
  const secret = () => secrets.open(secretBox, secretPurpose).toString();
  return {
    id: toId("webhook", id),
    name,
    provider,
    address: maySee ? `${config.publicUrl}/in/${provider}/${secret()}` : null,
    previousUntil: previousUntil?.toISOString() ?? null,
    topicArn,
    hasKey: keyBox !== null,
    counts: totals
      .filter(({ way }) => way === wayOf(id))
      .map(({ kind, total, lastAt, note }) => ({ kind, total, lastAt: lastAt.toISOString(), note })),
    createdAt: createdAt.toISOString(),
  };
}
