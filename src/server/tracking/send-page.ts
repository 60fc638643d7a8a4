import { createHash } from "node:crypto";
import type { ServerResponse } from "node:http";
import type { FastifyReply } from "fastify";

/** Sends a public page: never cached, never framed, nothing in it may run. */
export function sendPage(reply: FastifyReply, status: number, page: string): FastifyReply {
  return reply.status(status).headers(headersOf(page)).send(page);
}

/** The same before the router, with the headers that it would have added. */
export function writePage(
  response: ServerResponse,
  status: number,
  page: string,
  more: Readonly<Record<string, string>> = {},
): void {
  response
    .writeHead(status, {
      ...headersOf(page),
      "content-length": Buffer.byteLength(page),
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      "x-frame-options": "DENY",
      ...more,
    })
    .end(page);
}

/** The one style element is named by its hash; no text of a person can be a style element, because it is escaped. */
function headersOf(page: string) {
  const style = /<style>([\s\S]*?)<\/style>/.exec(page)?.[1] ?? "";
  const hash = createHash("sha256").update(style).digest("base64");
  return {
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-store, private",
    "content-security-policy": [
      "default-src 'none'",
      `style-src 'sha256-${hash}'`,
      "img-src https: http: data:",
      "form-action 'self'",
      "frame-ancestors 'none'",
      "base-uri 'none'",
    ].join("; "),
  };
}
