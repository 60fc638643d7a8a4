import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Tally } from "../feedback-totals.ts";
import { takeWebhook, type WebhookDeps } from "./take-webhook.ts";
import { findBySecret, type WebhookRow, wayOf } from "./webhook-store.ts";

const largestBody = 2 * 1024 * 1024;
const retryAfterSeconds = 30;

type Address = { Params: { provider: string; secret: string } };

/**
 * [D90] The public addresses that providers tell about mail, `/in/<provider>/<secret>`: who does not know the secret is turned away before
 * a body is read. Says yes after the commit only; what cannot be kept now is asked for again.
 */
export function bindWebhookDoor(app: FastifyInstance, deps: WebhookDeps, tally: Tally): void {
  const known = new WeakMap<FastifyRequest, WebhookRow>();
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(
      "*",
      { parseAs: "buffer", bodyLimit: largestBody },
      (_request, body: Buffer, done) => done(null, body),
    );
    scope.addHook("onError", async (_request, reply) => {
      reply.header("retry-after", String(retryAfterSeconds));
    });
    scope.route<Address & { Body: Buffer | undefined }>({
      method: "POST",
      url: "/in/:provider/:secret",
      onRequest: async (request, reply) => {
        const { provider, secret } = request.params;
        const webhook = await findBySecret(deps.platform.db, provider, secret);
        if (!webhook) return reply.status(404).send("");
        known.set(request, webhook);
      },
      handler: async (request, reply) => {
        const webhook = known.get(request);
        if (!webhook) return reply.status(404).send("");
        const { headers, body = Buffer.alloc(0) } = request;
        const taken = await takeWebhook(deps, webhook, { headers, body });
        if (taken.ok) return reply.status(200).send("");
        tally.add(wayOf(webhook.id), "refused", taken.error);
        return reply.status(401).send("");
      },
    });
  });
}
