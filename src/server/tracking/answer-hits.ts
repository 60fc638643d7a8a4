import type { IncomingMessage, ServerResponse } from "node:http";
import { tagAddress } from "#core/messages/link-tags.ts";
import { noticePage } from "#core/pages/notice-page.ts";
import type { Hit } from "#core/tracking/hit.ts";
import { readSignedUrl } from "#core/tracking/signed-text.ts";
import { type Mac, readToken } from "#core/tracking/tokens.ts";
import type { LinkDirectory, LinkFound } from "./link-directory.ts";
import { writePage } from "./send-page.ts";
import { visitorFrom } from "./visitor.ts";
import { webAddress } from "./web-address.ts";

/** What the public tracking paths need. `take` returns once the hit is on the disk, and never throws. */
export type HitAnswering = {
  readonly mac: Mac;
  readonly links: Pick<LinkDirectory, "find" | "known" | "repaired" | "tagsOf">;
  /** Where our own pages are; a link to an event's page is told who comes. */
  readonly publicUrl: string;
  /** Whose request it is. */
  readonly clientOf: (request: IncomingMessage) => string;
  readonly take: (hit: Omit<Hit, "id" | "at">) => Promise<void>;
};

/** A beacon: the part of the path behind `/o/`. */
export type BeaconPath = { readonly file: string };
/** A link: the parts of the path behind `/c/`. */
export type LinkPath = {
  readonly token: string;
  readonly link: string;
  readonly personal: string | undefined;
};

export type HitAnswers = {
  readonly beacon: (path: BeaconPath, request: IncomingMessage, response: ServerResponse) => Promise<void>;
  readonly link: (path: LinkPath, request: IncomingMessage, response: ServerResponse) => Promise<void>;
};

/** A transparent GIF of one pixel: 42 bytes. */
const pixel = Buffer.from("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7", "base64");

const guarded = [
  "cache-control",
  "no-store, private",
  "referrer-policy",
  "no-referrer",
  "x-content-type-options",
  "nosniff",
];
const pixelHeaders = [
  "content-type",
  "image/gif",
  "content-length",
  String(pixel.length),
  "cross-origin-resource-policy",
  "cross-origin",
  ...guarded,
];
const redirectHeaders = ["content-length", "0", ...guarded, "location"];

/**
 * Makes the answers of beacon and link. [T1] Neither asks the database before it answers; both work on the bare request,
 * because they are asked more often than everything else together.
 */
export function createHitAnswers({ mac, links, publicUrl, clientOf, take }: HitAnswering): HitAnswers {
  const eventPages = `${publicUrl}/e/`;

  /** [T54] The link that no person sees leads nowhere. */
  async function trap(deliveryId: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    await take({ kind: "trap", deliveryId, ...visitorFrom(request, clientOf(request)) });
    const text = "This link is for programs that look into email. People never see it.";
    writePage(response, 200, noticePage({ title: "Nothing to see here", text }));
  }

  return {
    async beacon({ file }, request, response) {
      const token = readToken(file.endsWith(".gif") ? file.slice(0, -4) : file, "read", mac);
      if (token)
        await take({
          kind: "open",
          deliveryId: token.deliveryId,
          ...visitorFrom(request, clientOf(request)),
        });
      if (request.method === "OPTIONS") return allow(response);
      // [T5] A wrong token gets the same pixel: nothing is told to whoever tries.
      response.writeHead(200, pixelHeaders).end(pixel);
    },

    async link({ token: read, link, personal }, request, response) {
      const token = readToken(read, "read", mac);
      const linkNumber = /^[1-9]\d{0,5}$/.test(link) ? Number(link) : undefined;
      if (token && link === "0") return trap(token.deliveryId, request, response);
      if (!token || linkNumber === undefined) return unknownLink(response);
      const { deliveryId } = token;
      // [T34] A personalised address is repaired as a whole, and still has to be one of ours.
      const signed = personal ? signedAddress(personal, deliveryId, mac) : undefined;
      if (signed === "unknown") return unknownLink(response);
      const found = signed
        ? (links.repaired(deliveryId, linkNumber) ?? signed)
        : (links.known(deliveryId, linkNumber) ?? (await links.find(deliveryId, linkNumber)));
      if (found === "unknown") return unknownLink(response);
      await take({ kind: "click", deliveryId, linkNumber, ...visitorFrom(request, clientOf(request)) });
      if (request.method === "OPTIONS") return allow(response);
      if (found === "unavailable") return laterLink(response);
      const tags = links.tagsOf(deliveryId);
      const address = tags ? tagAddress(found.url, tags, publicUrl) : found.url;
      const target = address.startsWith(eventPages) ? withVisitor(address, read) : address;
      response.writeHead(302, [...redirectHeaders, target]).end();
    },
  };
}

/** [T4] Signed for this delivery, and still no address to go to unless it is one of the web. [T6] */
function signedAddress(personal: string, deliveryId: string, mac: Mac): LinkFound {
  const signed = readSignedUrl(personal, deliveryId, mac);
  const url = signed === undefined ? undefined : webAddress(signed);
  return url === undefined ? "unknown" : { url };
}

/** A contact who comes to an event's page from a message is recognised there and registers by one button. [E2] */
function withVisitor(target: string, readToken: string): string {
  const url = new URL(target);
  url.searchParams.set("c", readToken);
  return url.href;
}

/** [T21] Only programs ask what they may do; they were counted, and go nowhere. */
function allow(response: ServerResponse): void {
  response.writeHead(204, { allow: "GET, HEAD, OPTIONS", "cache-control": "no-store" }).end();
}

function unknownLink(response: ServerResponse): void {
  writePage(
    response,
    404,
    noticePage({
      title: "This link does not work",
      text: "It may have been cut off or changed on its way. Please open it again from the email.",
    }),
  );
}

function laterLink(response: ServerResponse): void {
  writePage(
    response,
    503,
    noticePage({
      title: "Please try again in a moment",
      text: "We cannot look up this link right now. Your email is fine; the link will work again shortly.",
    }),
    { "retry-after": "30" },
  );
}
