import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import cookie from "@fastify/cookie";
import rateLimit from "@fastify/rate-limit";
import fastify, { type FastifyInstance } from "fastify";
import { clientAddress } from "#core/access/client-address.ts";
import type { Platform } from "../index.ts";
import { createFrontDoor } from "./front-door.ts";
import { answerProblem } from "./problem.ts";

const megabyte = 1024 * 1024;
/** Longer than proxies keep theirs, so that none sends a request into a connection that we close. */
const keepAliveMilliseconds = 72_000;

/**
 * The web server with everything that all routes share: request ids, limits, security headers, problem answers.
 * Upload routes (`body: "stream"`) read the raw request; their content types are passed through unparsed.
 */
export async function createWebServer(platform: Pick<Platform, "log" | "config">): Promise<FastifyInstance> {
  const door = createFrontDoor();
  const app = fastify({
    serverFactory: (router, { keepAliveTimeout = keepAliveMilliseconds }) =>
      Object.assign(door.createServer(router), { keepAliveTimeout }),
    genReqId: () => randomUUID(),
    bodyLimit: 4 * megabyte,
    routerOptions: { maxParamLength: 2000 },
    trustProxy: false,
    logger: false,
    forceCloseConnections: true,
  });
  const { trustedProxies } = platform.config;
  const clientOf = ({ socket, headers }: IncomingMessage) =>
    trustedProxies.length === 0
      ? (socket.remoteAddress ?? "")
      : clientAddress(socket.remoteAddress ?? "", String(headers["x-forwarded-for"] ?? ""), trustedProxies);
  app.decorate("answerFirst", door.answerFirst);
  app.decorate("clientOf", clientOf);
  await app.register(cookie);
  await app.register(rateLimit, { global: false });
  app.addContentTypeParser(["application/octet-stream", "text/csv"], (_request, payload, done) =>
    done(null, payload),
  );
  app.addContentTypeParser(
    "application/x-www-form-urlencoded",
    { parseAs: "string" },
    (_request, body, done) => done(null, Object.fromEntries(new URLSearchParams(String(body)))),
  );
  app.addHook("onRequest", async (request, reply) => {
    // [T43] Before anything limits, notes or keeps by it; the router's own way trusts entries that are no addresses.
    if (trustedProxies.length > 0) Object.defineProperty(request, "ip", { value: clientOf(request.raw) });
    reply.headers({
      "x-request-id": request.id,
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      "x-frame-options": "DENY",
      "cross-origin-opener-policy": "same-origin",
      "permissions-policy": "camera=(), microphone=(), geolocation=()",
    });
    if (request.url.startsWith("/api/")) reply.header("cache-control", "no-store");
  });
  app.setErrorHandler<Error>((error, request, reply) => answerProblem(error, request, reply, platform.log));
  return app;
}
