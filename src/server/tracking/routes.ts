import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { noticePage } from "#core/pages/notice-page.ts";
import type { Hit } from "#core/tracking/hit.ts";
import { readSignedUrl } from "#core/tracking/signed-text.ts";
import { type Mac, readToken } from "#core/tracking/tokens.ts";
import type { LinkDirectory } from "./link-directory.ts";
import { sendPage } from "./send-page.ts";
import { webAddress } from "./web-address.ts";

/** What the public tracking paths need. `take` returns once the hit is on the disk, and never throws. */
export type TrackingRoutes = {
  readonly mac: Mac;
  readonly links: LinkDirectory;
  /** Where our own pages are; a link to an event's page is told who comes. */
  readonly publicUrl: string;
  readonly take: (hit: Omit<Hit, "id" | "at">) => Promise<void>;
};

/** A transparent GIF of one pixel: 42 bytes. */
const pixel = Buffer.from("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7", "base64");

/** What a request says about who makes it, cut to sane lengths and free of what PostgreSQL cannot hold. */
export function visitorOf(request: FastifyRequest): Pick<Hit, "method" | "ip" | "userAgent" | "prefetch"> {
  const text = (name: string) => {
    const value = request.headers[name];
    return typeof value === "string" ? value.replaceAll("\0", "").toWellFormed().slice(0, 400) : undefined;
  };
  const prefetch = text("sec-purpose") ?? text("purpose") ?? text("x-purpose") ?? text("x-moz");
  return {
    method: request.method,
    ip: request.ip,
    userAgent: text("user-agent") ?? "",
    ...(prefetch === undefined ? {} : { prefetch }),
  };
}

/** Binds beacon and redirect. [T1] Nothing here asks the database before it answers. */
export function bindTrackingRoutes(
  app: FastifyInstance,
  { mac, links, publicUrl, take }: TrackingRoutes,
): void {
  app.get<{ Params: { file: string } }>("/o/:file", async (request, reply) => {
    const token = readToken(request.params.file.replace(/\.gif$/, ""), "read", mac);
    if (token) await take({ kind: "open", deliveryId: token.deliveryId, ...visitorOf(request) });
    // A wrong token gets the same pixel: nothing is told to whoever tries.
    return reply
      .type("image/gif")
      .headers({ "cache-control": "no-store, private", "cross-origin-resource-policy": "cross-origin" })
      .send(pixel);
  });

  type Click = { Params: { token: string; link: string; "*"?: string } };
  const redirect = async (request: FastifyRequest<Click>, reply: FastifyReply) => {
    const token = readToken(request.params.token, "read", mac);
    const linkNumber = /^[1-9]\d{0,5}$/.test(request.params.link) ? Number(request.params.link) : undefined;
    if (!token || linkNumber === undefined) return unknownLink(reply);
    const { deliveryId } = token;
    const personal = request.params["*"];
    const signed = personal ? readSignedUrl(personal, deliveryId, mac) : undefined;
    if (personal && signed === undefined) return unknownLink(reply);
    const found = signed === undefined ? await links.find(deliveryId, linkNumber) : { url: signed };
    if (found === "unknown") return unknownLink(reply);
    await take({ kind: "click", deliveryId, linkNumber, ...visitorOf(request) });
    if (found === "unavailable") return laterLink(reply);
    const target = webAddress(found.url);
    if (!target) return unknownLink(reply);
    return reply
      .header("cache-control", "no-store, private")
      .redirect(withVisitor(target, publicUrl, request.params.token), 302);
  };
  app.get<Click>("/c/:token/:link", redirect);
  app.get<Click>("/c/:token/:link/*", redirect);
}

/** A contact who comes to an event's page from a message is recognised there and registers by one button. [E2] */
function withVisitor(target: string, publicUrl: string, readToken: string): string {
  if (!target.startsWith(`${publicUrl}/e/`)) return target;
  const url = new URL(target);
  url.searchParams.set("c", readToken);
  return url.href;
}

function unknownLink(reply: FastifyReply): FastifyReply {
  return sendPage(
    reply,
    404,
    noticePage({
      title: "This link does not work",
      text: "It may have been cut off or changed on its way. Please open it again from the email.",
    }),
  );
}

function laterLink(reply: FastifyReply): FastifyReply {
  return sendPage(
    reply.header("retry-after", "30"),
    503,
    noticePage({
      title: "Please try again in a moment",
      text: "We cannot look up this link right now. Your email is fine; the link will work again shortly.",
    }),
  );
}
