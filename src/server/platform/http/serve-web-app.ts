import { readFileSync } from "node:fs";
import { join } from "node:path";
import fastifyStatic from "@fastify/static";
import type { FastifyInstance } from "fastify";
import { refuse } from "#contract/errors.ts";

/** Scripts only from here. Styles inline because the component library sets them; pictures from anywhere because messages are shown. */
const policy = [
  "default-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob: http: https:",
  "font-src 'self' data:",
  "frame-src 'self' blob: data:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join("; ");

/**
 * Serves the built web app: its files, and its first page for every other address that a browser opens, since the app
 * has its own pages. Routes of the API and public pages come first; unknown ones below /api stay 404.
 */
export async function serveWebApp(app: FastifyInstance, directory: string): Promise<void> {
  const firstPage = readFileSync(join(directory, "index.html"));
  await app.register(fastifyStatic, {
    root: directory,
    wildcard: false,
    index: false,
    preCompressed: true,
    cacheControl: false,
    setHeaders(response, path) {
      // Names of built files change with their content.
      const isNamedByContent = path.startsWith(join(directory, "assets"));
      response.header("cache-control", isNamedByContent ? "public, max-age=31536000, immutable" : "no-cache");
    },
  });
  app.setNotFoundHandler((request, reply) => {
    const isPage =
      ["GET", "HEAD"].includes(request.method) && String(request.headers.accept).includes("text/html");
    if (!isPage || request.url.startsWith("/api/")) return refuse("request.unknown-path");
    return reply
      .headers({ "content-security-policy": policy, "cache-control": "no-cache" })
      .type("text/html; charset=utf-8")
      .send(firstPage);
  });
}
