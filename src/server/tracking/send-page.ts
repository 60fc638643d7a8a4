import { createHash } from "node:crypto";
import type { FastifyReply } from "fastify";

/**
 * Sends a public page: never cached, never framed, nothing in it may run. The one style element is named by its hash;
 * no text of a person can be a style element, because it is escaped.
 */
export function sendPage(reply: FastifyReply, status: number, page: string): FastifyReply {
  const style = /<style>([\s\S]*?)<\/style>/.exec(page)?.[1] ?? "";
  const hash = createHash("sha256").update(style).digest("base64");
  return reply
    .status(status)
    .type("text/html; charset=utf-8")
    .headers({
      "cache-control": "no-store, private",
      "content-security-policy": [
        "default-src 'none'",
        `style-src 'sha256-${hash}'`,
        "img-src https: http: data:",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
      ].join("; "),
    })
    .send(page);
}
