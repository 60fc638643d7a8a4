import type { FastifyInstance } from "fastify";
import { noticePage } from "#core/pages/notice-page.ts";
import { readToken } from "#core/tracking/tokens.ts";
import { renderDelivery } from "../delivery/index.ts";
import { sendPage, visitorOf } from "../tracking/index.ts";
import type { PageDeps } from "./apply-opt-outs.ts";

/**
 * What a message may do in a browser: show itself and lead on when somebody clicks. Nothing in it runs, whatever a
 * marketer wrote, and it is of no origin, so it could reach nothing of ours.
 */
const messagePolicy = [
  "sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation",
  "default-src 'none'",
  "img-src * data:",
  "media-src *",
  "font-src * data:",
  "style-src * 'unsafe-inline'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join("; ");

/** Binds the view in the browser: the very message that was sent, made again from what it was made from. */
export function bindViewRoutes(scope: FastifyInstance, { platform, tracking }: PageDeps): void {
  scope.get<{ Params: { read: string } }>("/v/:read", async (request, reply) => {
    const token = readToken(request.params.read, "read", tracking.keys.trustedMac);
    const message = token && (await renderDelivery(platform.db, tracking.keys, token.deliveryId));
    if (!message)
      return sendPage(
        reply,
        404,
        noticePage({
          title: "This message cannot be shown",
          text: "The link was cut off on its way, or the message is no longer kept.",
        }),
      );
    await tracking.takeHit({ kind: "view", deliveryId: token.deliveryId, ...visitorOf(request) });
    return reply
      .type("text/html; charset=utf-8")
      .headers({
        "cache-control": "no-store, private",
        "content-security-policy": messagePolicy,
        "x-robots-tag": "noindex",
      })
      .send(message.html);
  });
}
