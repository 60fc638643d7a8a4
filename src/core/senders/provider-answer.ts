import type { Outcome } from "../smtp/outcome.ts";
import { describeReply, type Reply } from "../smtp/reply-parser.ts";
import type { Provider } from "./provider-route.ts";

/** An answer of a provider's API, as far as it matters. */
export type ProviderAnswer = {
  /** HTTP status. */
  readonly status: number;
  /** The provider's name for the error; empty if it gave none. */
  readonly error: string;
  readonly body: string;
  readonly retryAfter: string | undefined;
};

const names: { readonly [provider in Provider]: string } = { ses: "Amazon SES", mailgun: "Mailgun" };

/** Errors of Amazon SES with status 400 that are about the account and not about a recipient. */
const ofTheAccount = new Set(["AccountSuspendedException", "SendingPausedException"]);
const ofTheRate = new Set([
  "LimitExceededException",
  "TooManyRequestsException",
  "Throttling",
  "ThrottlingException",
]);

/** Longer is not waited, whatever a server says. */
const longestWait = 24 * 3_600_000;

/** What is said to somebody about the road rather than about the message: the connection is spent with it. */
export function isOfTheRoad({ status, error }: ProviderAnswer): boolean {
  return status === 401 || status === 403 || ofTheAccount.has(error);
}

/**
 * [S9] What an answer to a message that was handed over means. It is told in the words of SMTP, since everything behind it
 * (journal, ledger, classes of refusals) speaks these: HTTP numbers are kept in the text.
 */
export function judgeProviderAnswer(provider: Provider, answer: ProviderAnswer, now: number): Outcome {
  const { status, error } = answer;
  const text = wordsOf(answer);
  if (status >= 200 && status < 300)
    return {
      kind: "accepted",
      reply: reply(250, `${names[provider]} accepted it as ${messageIdOf(answer.body)}`),
    };
  const said = `HTTP ${status}${error ? ` ${error}` : ""}: ${text}`;
  const putOff = [408, 429, 503].includes(status) || ofTheRate.has(error) || isOfTheRoad(answer);
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
    const told = reply(550, said);
    return { kind: "refused", phase: "dot", reply: told, message: describeReply(told) };
  }
  // A gateway gives up on what its server may have finished.
  return { kind: "in-doubt", message: `${names[provider]} answered ${said}`.slice(0, 500) };
}

/**
 * [S10] Whether an answer to a question that sends nothing shows that the road works; else what is wrong. Amazon SES
 * is asked for its account, which keys that may only send may not see; Mailgun is sent a message without any field.
 */
export function roadProblemIn(provider: Provider, answer: ProviderAnswer): string | undefined {
  const { status, error, body } = answer;
  const said = `${names[provider]} answered HTTP ${status}${error ? ` ${error}` : ""}: ${wordsOf(answer)}`;
  if (provider === "mailgun") return status === 400 ? undefined : said;
  if (status === 403 && error === "AccessDeniedException") return undefined;
  if (status !== 200) return said;
  return fieldOf(body, "SendingEnabled") === false
    ? "Sending is switched off for this account of Amazon SES."
    : undefined;
}

/** Retry-After is a number of seconds or a date (RFC 9110, section 10.2.3). */
function waitOf(header: string | undefined, now: number): number {
  if (header === undefined) return 0;
  const wait = /^\d{1,9}$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isFinite(wait) ? Math.min(longestWait, Math.max(0, wait)) : 0;
}

const reply = (code: number, text: string): Reply => ({ code, enhanced: null, lines: [text] });

function messageIdOf(body: string): string {
  const id = fieldOf(body, "MessageId") ?? fieldOf(body, "id");
  return typeof id === "string" ? id : "(no id was given)";
}

function wordsOf({ body }: ProviderAnswer): string {
  const words = fieldOf(body, "message") ?? fieldOf(body, "Message");
  return (typeof words === "string" ? words : body).replace(/\s+/g, " ").trim().slice(0, 300);
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
