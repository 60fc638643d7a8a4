import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { MessageStore } from "./message-store.ts";
import { listPage, messagePage, missingPage, type View, views } from "./pages.ts";
import { readMessage, toFrameDocument } from "./read-message.ts";

type Answer = {
  readonly status?: number;
  readonly headers: Record<string, string>;
  readonly body: string | Buffer;
};

const pageSize = 50;
const stylesheet = readFileSync(new URL("./mailbox.css", import.meta.url));
const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect x="3" y="7" width="26" height="18" rx="4" fill="#1d4e89"/><path d="m6 11 10 8 10-8" fill="none" stroke="#fff" stroke-width="2.5" stroke-linecap="round"/></svg>`;

/** Pages of ours: no script at all; the one frame is the message; the one foreign form target is unsubscribing. */
const pagePolicy =
  "default-src 'none'; style-src 'self'; img-src 'self'; frame-src 'self'; form-action 'self' http: https:; " +
  "base-uri 'none'; frame-ancestors 'none'";
/** A message: its own styles and pictures (so that opening it is counted), nothing that runs, an origin of its own. */
const messagePolicy =
  "default-src 'none'; style-src 'unsafe-inline' http: https:; img-src http: https: data:; font-src http: https: data:; " +
  "media-src http: https:; form-action 'none'; frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox";

const asPage = (body: string, status = 200): Answer => ({
  status,
  headers: { "content-type": "text/html; charset=utf-8", "content-security-policy": pagePolicy },
  body,
});
const asJson = (value: unknown, status = 200): Answer => ({
  status,
  headers: { "content-type": "application/json; charset=utf-8" },
  body: JSON.stringify(value),
});

/** Shows the stored messages on the loopback address, on a port and so an origin of its own. Port 0 takes any. */
export async function serveMailbox(
  store: MessageStore,
  port: number,
): Promise<{ readonly port: number; readonly stop: () => Promise<void> }> {
  const server = createServer((request, response) => {
    answer(store, request)
      .catch(() => asPage(missingPage(), 500))
      .then((given) => send(response, request, given));
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return {
    port: typeof address === "object" && address ? address.port : port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function send(
  response: ServerResponse,
  request: IncomingMessage,
  { status = 200, headers, body }: Answer,
): void {
  response.writeHead(status, {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
    "content-length": String(Buffer.byteLength(body)),
    ...headers,
  });
  response.end(request.method === "HEAD" ? undefined : body);
}

async function answer(store: MessageStore, request: IncomingMessage): Promise<Answer> {
  if (request.method !== "GET" && request.method !== "HEAD")
    return { status: 405, headers: { allow: "GET, HEAD" }, body: "" };
  // A name that somebody pointed at this machine must not read its mail (DNS rebinding).
  if (!/^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(request.headers.host ?? ""))
    return { status: 421, headers: {}, body: "" };
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://mailbox");
  if (pathname === "/") return asPage(showList(store, searchParams));
  if (pathname === "/mailbox.css") return { headers: { "content-type": "text/css" }, body: stylesheet };
  if (pathname === "/icon.svg") return { headers: { "content-type": "image/svg+xml" }, body: icon };
  if (pathname === "/api/messages") return asJson(findMessages(store, searchParams));
  const [, isApi, id, rest = ""] = /^(\/api)?\/messages\/(\d{1,15})(\/.*)?$/.exec(pathname) ?? [];
  const found = id === undefined ? undefined : await store.read(Number(id));
  if (!found) return isApi ? asJson({ error: "There is no such message." }, 404) : asPage(missingPage(), 404);
  const view = searchParams.get("view") ?? "message";
  return showMessage(await readMessage(found.head, found.raw), { rest, view, isApi: isApi !== undefined });
}

function showList(store: MessageStore, search: URLSearchParams): string {
  const words = (search.get("q") ?? "").trim().slice(0, 200);
  const page = Math.min(10_000, Math.max(0, Math.trunc(Number(search.get("page")) || 0)));
  const found = store.list({ words, limit: pageSize, offset: page * pageSize });
  return listPage({ ...found, words, page, pageSize });
}

function findMessages(store: MessageStore, search: URLSearchParams): unknown {
  const limit = Math.min(1000, Math.max(1, Math.trunc(Number(search.get("limit")) || 100)));
  return store.list({ to: search.get("to") ?? "", words: search.get("q") ?? "", limit });
}

type Asked = { readonly rest: string; readonly view: string; readonly isApi: boolean };

function showMessage(message: Awaited<ReturnType<typeof readMessage>>, { rest, view, isApi }: Asked): Answer {
  const { head, headers, html, text, raw, parts } = message;
  if (isApi) return asJson({ ...head, headers, html, text, source: raw.toString("utf8") });
  if (rest === "") return asPage(messagePage(message, isView(view) ? view : "message"));
  if (rest === "/document")
    return {
      headers: { "content-type": "text/html; charset=utf-8", "content-security-policy": messagePolicy },
      body: toFrameDocument(message),
    };
  if (rest === "/source.eml")
    return {
      headers: {
        "content-type": "message/rfc822",
        "content-disposition": `attachment; filename="message-${head.id}.eml"`,
      },
      body: raw,
    };
  const part = parts[Number(/^\/parts\/(\d{1,4})$/.exec(rest)?.[1])];
  if (!part) return asPage(missingPage(), 404);
  // Only pictures are shown; whatever else came by mail is for saving.
  const isPicture = /^image\/(png|jpeg|gif|webp|avif)$/.test(part.type);
  return {
    headers: {
      "content-type": isPicture ? part.type : "application/octet-stream",
      "content-security-policy": "default-src 'none'; sandbox",
      "cross-origin-resource-policy": "cross-origin",
      ...(isPicture ? {} : { "content-disposition": "attachment" }),
    },
    body: part.content,
  };
}

function isView(view: string): view is View {
  return Object.hasOwn(views, view);
}
