import type { FastifyInstance } from "fastify";
import { createHitAnswers, type HitAnswering } from "./answer-hits.ts";

/** `/c/<token>/<number>` and perhaps a signed address, without anything that would have to be decoded. */
const linkPath = /^\/c\/([\w-]+)\/(\d+)(?:\/([\w-]*))?(?:\?.*)?$/;
const beaconPath = /^\/o\/([\w-]+(?:\.gif)?)(?:\?.*)?$/;

/** Binds beacon and redirect: before the router in the form that messages carry, and as routes for any other. */
export function bindTrackingRoutes(app: FastifyInstance, answering: HitAnswering): void {
  const answers = createHitAnswers(answering);

  app.answerFirst((request, response) => {
    const { url = "", method } = request;
    const place = url.startsWith("/c/") ? linkPath : url.startsWith("/o/") ? beaconPath : undefined;
    if (!place || (method !== "GET" && method !== "HEAD" && method !== "OPTIONS")) return false;
    const [path, first = "", link = "", personal] = place.exec(url) ?? [];
    if (path === undefined) return false;
    const answer =
      place === beaconPath
        ? answers.beacon({ file: first }, request, response)
        : answers.link({ token: first, link, personal }, request, response);
    answer.catch(() => response.destroy());
    return true;
  });

  const methods = ["GET", "OPTIONS"]; // and HEAD with GET
  app.route<{ Params: { file: string } }>({
    method: methods,
    url: "/o/:file",
    async handler({ params, raw }, reply) {
      reply.hijack();
      await answers.beacon(params, raw, reply.raw);
    },
  });
  type Click = { Params: { token: string; link: string; "*"?: string } };
  for (const path of ["/c/:token/:link", "/c/:token/:link/*"])
    app.route<Click>({
      method: methods,
      url: path,
      async handler({ params: { token, link, "*": personal }, raw }, reply) {
        reply.hijack();
        await answers.link({ token, link, personal }, raw, reply.raw);
      },
    });
}
