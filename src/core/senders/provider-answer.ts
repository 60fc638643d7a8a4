import type { Outcome } from "../smtp/outcome.ts";
import { describeReply, type Reply } from "../smtp/reply-parser.ts";
import { type Provider, providerNames } from "./provider-route.ts";

/** An answer of a provider's API, as far as it matters. */
export type ProviderAnswer = {
  /** HTTP status. */
  readonly status: number;
  /** The provider's name for the error, where a header says it; empty if it gave none. */
  readonly error: string;
  readonly body: string;
  readonly retryAfter: string | undefined;
  /** What the message is called at the provider, where a header of the answer says so. */
  readonly id?: string | undefined;
};

/** Errors that are about the account and not about a recipient, beside HTTP 401 and 403. */
const ofTheAccount: { readonly [provider in Provider]?: ReadonlySet<string> } = {
  ses: new Set(["AccountSuspendedException", "SendingPausedException"]),
  // Out of credits, pending, may not send, and a message stream that is gone or archived.
  postmark: new Set(["405", "412", "413", "1226", "1235", "1237"]),
};
/** Errors about who sends: they would meet every message of the mailing. */
const ofTheSender: { readonly [provider in Provider]?: ReadonlySet<string> } = {
  ses: new Set(["MailFromDomainNotVerifiedException"]),
  // No confirmed sender signature.
  postmark: new Set(["400", "401"]),
};
/** Postmark has the address on its list of those that get nothing, for whatever reason. */
const isListed = (provider: Provider, error: string) => provider === "postmark" && error === "406";
const unverified = /verified sender identity/i;
const ofTheRate = new Set([
  "LimitExceededException",
  "TooManyRequestsException",
  "Throttling",
  "ThrottlingException",
]);

/** Longer is not waited, whatever a server says. */
const longestWait = 24 * 3_600_000;

/** The provider's name for the error; empty if it gave none. */
function errorOf(provider: Provider, { error, body }: ProviderAnswer): string {
  if (provider !== "postmark") return error;
  const code = fieldOf(body, "ErrorCode");
  return typeof code === "number" && code !== 0 ? String(code) : "";
}

/** What is said to somebody about the road rather than about the message: the connection is spent with it. */
export function isOfTheRoad(provider: Provider, answer: ProviderAnswer): boolean {
  if (isOfTheSender(provider, answer)) return false;
  return (
    answer.status === 401 ||
    answer.status === 403 ||
    (ofTheAccount[provider]?.has(errorOf(provider, answer)) ?? false)
  );
}

function isOfTheSender(provider: Provider, answer: ProviderAnswer): boolean {
  if (provider === "sendgrid") return answer.status === 403 && unverified.test(answer.body);
  return ofTheSender[provider]?.has(errorOf(provider, answer)) ?? false;
}

/**
 * [S9] What an answer to a message that was handed over means. It is told in the words of SMTP, since everything behind it
 * (journal, ledger, classes of refusals) speaks these: HTTP numbers are kept in the text.
 */
export function judgeProviderAnswer(provider: Provider, answer: ProviderAnswer, now: number): Outcome {
  const { status } = answer;
  const error = errorOf(provider, answer);
  const text = isListed(provider, error)
    ? "Not tried by Postmark: the address is on a list of its own, after a bounce, a complaint or a wish there."
    : wordsOf(answer);
  if (status >= 200 && status < 300)
    return {
      kind: "accepted",
      reply: reply(250, `${providerNames[provider]} accepted it as ${messageIdOf(answer)}`),
    };
  const said = `HTTP ${status}${error ? ` ${error}` : ""}: ${text}`;
  if (isOfTheSender(provider, answer)) {
    const told = reply(451, said);
    return { kind: "sender-refused", phase: "dot", reply: told, message: describeReply(told) };
  }
  const putOff = [408, 429, 503].includes(status) || ofTheRate.has(error) || isOfTheRoad(provider, answer);
  if (putOff || (status >= 300 && status < 400)) {
    const told = reply(451, said);
    const wait = waitOf(answer.retryAfter, now);
    return {
      kind: "deferred",
      phase: "dot",
      reply: told,
      message: describeReply(told),
      isOfTheProvider: true,
      ...(wait > 0 ? { waitMilliseconds: wait } : {}),
    };
  }
  if (status >= 400 && status < 500) {
    const told = status === 413 ? reply(552, said, "5.3.4") : reply(550, said);
    return { kind: "refused", phase: "dot", reply: told, message: describeReply(told) };
  }
  // A gateway gives up on what its server may have finished.
  return { kind: "in-doubt", message: `${providerNames[provider]} answered ${said}`.slice(0, 500) };
}

/**
 * [S10] Whether an answer to a question that sends nothing shows that the road works; else what is wrong. Amazon SES is asked for its
 * account, which keys that may only send may not see; Mailgun is sent a message without any field, SendGrid is asked what the key
 * may do, Postmark for the message stream.
 */
export function roadProblemIn(provider: Provider, answer: ProviderAnswer): string | undefined {
  const { status, error, body } = answer;
  const name = providerNames[provider];
  const said = `${name} answered HTTP ${status}${error ? ` ${error}` : ""}: ${wordsOf(answer)}`;
  if (provider === "mailgun") return status === 400 ? undefined : said;
  if (provider === "ses" && status === 403 && error === "AccessDeniedException") return undefined;
  if (status !== 200) return said;
  if (provider === "ses" && fieldOf(body, "SendingEnabled") === false)
    return "Sending is switched off for this account of Amazon SES.";
  if (provider === "postmark" && typeof fieldOf(body, "ArchivedAt") === "string")
    return "This message stream of Postmark is archived.";
  const scopes = fieldOf(body, "scopes");
  return provider === "sendgrid" && !(Array.isArray(scopes) && scopes.includes("mail.send"))
    ? "This key of SendGrid may not send: it needs the permission Mail Send."
    : undefined;
}

/** Retry-After is a number of seconds or a date (RFC 9110, section 10.2.3). */
function waitOf(header: string | undefined, now: number): number {
  if (header === undefined) return 0;
  const wait = /^\d{1,9}$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isFinite(wait) ? Math.min(longestWait, Math.max(0, wait)) : 0;
}

const reply = (code: number, text: string, enhanced: string | null = null): Reply => ({
  code,
  enhanced,
  lines: [text],
});

function messageIdOf({ id: named, body }: ProviderAnswer): string {
  const id = named ?? fieldOf(body, "MessageId") ?? fieldOf(body, "MessageID") ?? fieldOf(body, "id");
  return typeof id === "string" ? id : "(no id was given)";
}

function wordsOf({ body }: ProviderAnswer): string {
  const words = fieldOf(body, "message") ?? fieldOf(body, "Message") ?? firstError(body);
  return (typeof words === "string" ? words : body).replace(/\s+/g, " ").trim().slice(0, 300);
}

/** SendGrid lists what is wrong. */
function firstError(body: string): unknown {
  const errors = fieldOf(body, "errors");
  const [first]: unknown[] = Array.isArray(errors) ? errors : [];
  return typeof first === "object" && first !== null && "message" in first ? first.message : undefined;
}

function fieldOf(body: string, field: string): unknown {
  try {
    const read: unknown = JSON.parse(body);
    if (typeof read !== "object" || read === null) return undefined;
    return Object.entries(read).find(([key]) => key === field)?.[1];
  } catch {
    return undefined;
  }
}
