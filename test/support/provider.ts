import { createHash, createHmac } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import type { Provider } from "#core/senders/provider-route.ts";
import { testCertificate } from "./test-certificate.ts";

export type ProviderHit = { readonly request: IncomingMessage; readonly body: Buffer; readonly to: string };

/** What a local provider does with a message: answers, or breaks off before or after it was read. */
export type Reaction =
  | { readonly status: number; readonly body?: object; readonly headers?: Record<string, string> }
  | "drop-after"
  | "drop-before"
  | undefined;

export type LocalProvider = {
  readonly port: number;
  /** Messages that it took, with their recipient and the tag beside it: as bytes, or the JSON that it was asked with. */
  readonly taken: { readonly to: string; readonly message: Buffer; readonly tag: string }[];
  /** Sockets that were ever opened to it. */
  readonly sockets: () => number;
  readonly close: () => Promise<void>;
};

export const providerKey = { username: "AKIDEXAMPLE", password: "a s3cret/key" };

/** A provider on the loopback that speaks the APIs of Amazon SES, Mailgun, SendGrid and Postmark, and checks who asks. */
export async function startProvider(
  options: {
    readonly react?: (to: string) => Reaction;
    readonly password?: () => string;
    readonly isSecure?: boolean;
  } = {},
): Promise<LocalProvider> {
  const taken: LocalProvider["taken"] = [];
  const open = new Set<Socket>();
  let sockets = 0;
  const password = options.password ?? (() => providerKey.password);
  const serve = (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    const kind = kindOf(request.url ?? "");
    const isAmazon = kind === "ses";
    // The recipient of a request that is cut before it was read can only be guessed: all are cut.
    if (request.method === "POST" && options.react?.("") === "drop-before") {
      request.socket.destroy();
      return;
    }
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks);
      const isKnown = isAmazon ? isSigned(request, body, password()) : hasToken(request, kind, password());
      if (!isKnown) {
        const headers = isAmazon ? { "x-amzn-errortype": "SignatureDoesNotMatch:http://x/" } : {};
        answer(response, isAmazon ? 403 : 401, { message: "Who are you?" }, headers);
        return;
      }
      const message = readers[kind](request, body);
      if (message === "check") return answer(response, 200, { SendingEnabled: true, scopes: ["mail.send"] });
      if (message === undefined) return answer(response, 400, { message: "to parameter is missing" });
      const reaction = options.react?.(message.to);
      if (reaction === "drop-after" || reaction === "drop-before") {
        request.socket.destroy();
        return;
      }
      if (reaction) return answer(response, reaction.status, reaction.body ?? {}, reaction.headers);
      taken.push(message);
      const id = `m-${taken.length}`;
      if (kind === "sendgrid") {
        response.writeHead(202, { "x-message-id": id });
        response.end();
      } else answer(response, 200, { MessageId: id, MessageID: id, id: `<${id}@mg>`, ErrorCode: 0 });
    });
  };
  const server = options.isSecure ? createTlsServer(testCertificate, serve) : createServer(serve);
  server.on("connection", (socket) => {
    sockets++;
    open.add(socket);
    socket.on("close", () => open.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    taken,
    sockets: () => sockets,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of open) socket.destroy();
      }),
  };
}

function answer(
  response: ServerResponse,
  status: number,
  body: object,
  headers: Record<string, string> = {},
) {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(body));
}

function kindOf(url: string): Provider {
  if (url.startsWith("/v2/")) return "ses";
  if (url === "/email" || url.startsWith("/message-streams/")) return "postmark";
  return url === "/v3/mail/send" || url === "/v3/scopes" ? "sendgrid" : "mailgun";
}

function hasToken({ headers }: IncomingMessage, kind: Provider, password: string): boolean {
  if (kind === "postmark") return headers["x-postmark-server-token"] === password;
  if (kind === "sendgrid") return headers.authorization === `Bearer ${password}`;
  return headers.authorization === `Basic ${Buffer.from(`api:${password}`).toString("base64")}`;
}

/** Signature Version 4, worked out from what came over the wire as the documentation of AWS says, by the headers that were named. */
function isSigned(
  { method = "", url = "", headers }: IncomingMessage,
  body: Buffer,
  secret: string,
): boolean {
  const given =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/ses\/aws4_request, SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/.exec(
      headers.authorization ?? "",
    );
  if (!given) return false;
  const [, key, date = "", region = "", names = "", signature] = given;
  const signed = names.split(";");
  const time = String(headers["x-amz-date"]);
  const isRecent =
    Math.abs(Date.now() - Date.parse(time.replace(/^(....)(..)(..T..)(..)(..Z)$/, "$1-$2-$3:$4:$5"))) <
    300_000;
  if (!signed.includes("host") || !signed.includes("x-amz-date") || !time.startsWith(date) || !isRecent)
    return false;
  const hash = (input: string | Buffer) => createHash("sha256").update(input).digest("hex");
  const lines = signed.map((name) => `${name}:${String(headers[name]).trim()}\n`).join("");
  const request = `${method}\n${url}\n\n${lines}\n${names}\n${hash(body)}`;
  const text = `AWS4-HMAC-SHA256\n${time}\n${date}/${region}/ses/aws4_request\n${hash(request)}`;
  const mac = (secretKey: Buffer | string, input: string) =>
    createHmac("sha256", secretKey).update(input).digest();
  const signingKey = mac(mac(mac(mac(`AWS4${secret}`, date), region), "ses"), "aws4_request");
  return (
    key === providerKey.username && createHmac("sha256", signingKey).update(text).digest("hex") === signature
  );
}

type Read = LocalProvider["taken"][number] | "check" | undefined;

const readers: { readonly [kind in Provider]: (request: IncomingMessage, body: Buffer) => Read } = {
  ses: readAmazon,
  mailgun: readMailgun,
  sendgrid: readSendGrid,
  postmark: readPostmark,
};

function readAmazon({ method, url }: IncomingMessage, body: Buffer): Read {
  if (method === "GET" && url === "/v2/email/account") return "check";
  if (url !== "/v2/email/outbound-emails") return undefined;
  const { Destination, Content, EmailTags } = JSON.parse(body.toString());
  const message = Buffer.from(Content.Raw.Data, "base64");
  return { to: Destination.ToAddresses[0], message, tag: EmailTags[0].Value };
}

function readMailgun({ url, headers }: IncomingMessage, body: Buffer): Read {
  const boundary = /boundary=(.+)$/.exec(headers["content-type"] ?? "")?.[1] ?? "";
  if (url !== "/v3/mg.example.org/messages.mime") return undefined;
  const parts = new Map(
    body
      .toString("latin1")
      .split(`--${boundary}`)
      .map((part): [string, string] => {
        const end = part.indexOf("\r\n\r\n");
        return [/name="([^"]+)"/.exec(part.slice(0, end))?.[1] ?? "", part.slice(end + 4, -2)];
      }),
  );
  const [to, message] = [parts.get("to"), parts.get("message")];
  if (to === undefined || message === undefined || parts.get("o:tracking") !== "no") return undefined;
  return { to, message: Buffer.from(message, "latin1"), tag: parts.get("v:postroad") ?? "" };
}

function readSendGrid({ method, url }: IncomingMessage, body: Buffer): Read {
  if (method === "GET" && url === "/v3/scopes") return "check";
  const asked = JSON.parse(body.toString());
  const [person] = asked.personalizations;
  const isWhole = asked.content.every(({ value }: { value: string }) => value.length > 0);
  if (!isWhole || person.to.length !== 1) return undefined;
  return { to: person.to[0].email, message: body, tag: person.custom_args.postroad };
}

function readPostmark({ method, url }: IncomingMessage, body: Buffer): Read {
  if (method === "GET" && url === "/message-streams/broadcast") return "check";
  const asked = JSON.parse(body.toString());
  const to = /<([^<>]+)>$/.exec(asked.To)?.[1] ?? asked.To;
  return { to, message: body, tag: asked.Metadata.postroad };
}
