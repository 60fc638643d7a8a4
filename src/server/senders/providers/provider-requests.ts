import { randomBytes } from "node:crypto";
import { providerTag } from "#core/delivery/feedback/provider-event.ts";
import type { Provider } from "#core/senders/provider-route.ts";
import type { Road } from "../find-roads.ts";
import type { Envelope } from "../smtp/index.ts";
import { postmarkMail, sendGridMail } from "./part-requests.ts";
import { readParts } from "./read-parts.ts";
import { signRequest } from "./sign-request.ts";

/** A road whose messages a provider takes. */
export type ProviderRoad = Pick<
  Road,
  "bounceDomain" | "credentials" | "host" | "port" | "providerScope" | "tls" | "trustedCertificate"
> & { readonly kind: Provider };

export type ProviderRequest = {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
};

const nothing = new Uint8Array();

/** A message as it is handed over. */
export type ProviderMail = {
  readonly envelope: Envelope;
  readonly message: Uint8Array;
  /** [S12] What the provider is told, to be told it again with whatever comes back. */
  readonly tag: string;
};

/** [S8], [S11] Hands over a message: as the bytes it is, or as its parts. */
export async function sendRequest(
  road: ProviderRoad,
  { envelope, message, tag }: ProviderMail,
  now: Date,
): Promise<ProviderRequest> {
  switch (road.kind) {
    case "mailgun":
      return mailgunRequest(
        road,
        { to: envelope.to, "o:tracking": "no", [`v:${providerTag}`]: tag },
        message,
      );
    case "sendgrid":
      return tokenRequest(
        road,
        "POST",
        "/v3/mail/send",
        sendGridMail(await readParts(message, envelope.to), tag),
      );
    case "postmark": {
      const parts = await readParts(message, envelope.to);
      return tokenRequest(road, "POST", "/email", postmarkMail(parts, tag, road.providerScope ?? ""));
    }
    case "ses": {
      const content = {
        Destination: { ToAddresses: [envelope.to] },
        // Where no domain for bounces is set, Amazon takes the From address for it.
        ...(road.bounceDomain === null ? {} : { FeedbackForwardingEmailAddress: envelope.from }),
        EmailTags: [{ Name: providerTag, Value: tag }],
        Content: { Raw: { Data: Buffer.from(message).toString("base64") } },
      };
      return sesRequest(road, "POST", "/v2/email/outbound-emails", Buffer.from(JSON.stringify(content)), now);
    }
  }
}

/** [S10] Asks something that shows whether the key is good, and sends nothing. */
export function checkRequest(road: ProviderRoad, now: Date): ProviderRequest {
  switch (road.kind) {
    case "ses":
      return sesRequest(road, "GET", "/v2/email/account", nothing, now);
    case "mailgun":
      return mailgunRequest(road, { "o:tracking": "no" }, undefined);
    case "sendgrid":
      return tokenRequest(road, "GET", "/v3/scopes");
    case "postmark":
      return tokenRequest(road, "GET", `/message-streams/${encodeURIComponent(road.providerScope ?? "")}`);
  }
}

/** Providers that want JSON and know a caller by one token. */
function tokenRequest(
  road: ProviderRoad,
  method: ProviderRequest["method"],
  path: string,
  json?: object,
): ProviderRequest {
  const token = road.credentials?.password ?? "";
  return {
    method,
    path,
    headers: {
      host: hostOf(road),
      accept: "application/json",
      ...(json ? { "content-type": "application/json" } : {}),
      ...(road.kind === "sendgrid"
        ? { authorization: `Bearer ${token}` }
        : { "x-postmark-server-token": token }),
    },
    body: json ? Buffer.from(JSON.stringify(json)) : nothing,
  };
}

/** The Host header, without the port that goes without saying. */
const hostOf = ({ host, port, tls }: ProviderRoad) =>
  tls === "implicit" && port === 443 ? host : `${host}:${port}`;

function sesRequest(
  road: ProviderRoad,
  method: ProviderRequest["method"],
  path: string,
  body: Uint8Array,
  now: Date,
): ProviderRequest {
  const host = hostOf(road);
  const signer = {
    accessKey: road.credentials?.username ?? "",
    secretKey: road.credentials?.password ?? "",
    region: road.providerScope ?? "",
    service: "ses",
  };
  const signed = signRequest({ method, host, path, body }, signer, now);
  return { method, path, body, headers: { host, "content-type": "application/json", ...signed } };
}

function mailgunRequest(
  road: ProviderRoad,
  fields: Readonly<Record<string, string>>,
  message: Uint8Array | undefined,
): ProviderRequest {
  const boundary = `postroad-${randomBytes(18).toString("hex")}`;
  const field = (name: string, value: string) =>
    `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
  const file = `--${boundary}\r\nContent-Disposition: form-data; name="message"; filename="message.eml"\r\nContent-Type: message/rfc822\r\n\r\n`;
  const body = Buffer.concat([
    Buffer.from(
      Object.entries(fields)
        .map(([name, value]) => field(name, value))
        .join(""),
    ),
    ...(message ? [Buffer.from(file), message, Buffer.from("\r\n")] : []),
    Buffer.from(`--${boundary}--\r\n`),
  ]);
  const { username, password } = road.credentials ?? { username: "", password: "" };
  return {
    method: "POST",
    path: `/v3/${road.providerScope}/messages.mime`,
    headers: {
      host: hostOf(road),
      authorization: `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`,
      "content-type": `multipart/form-data; boundary=${boundary}`,
    },
    body,
  };
}
