import type { routeRoutes } from "#contract/senders.ts";
import type { AnswerOf } from "../app/api.ts";
import { type StoredWarmUp, toWarmUp, toWarmUpValues, type WarmUpValues } from "./warm-up-values.ts";

/** A mail server, or the API of a provider, that mail can leave by. */
export type SmtpRoute = AnswerOf<typeof routeRoutes.list>["items"][number];

export const tlsChoices = [
  { value: "starttls-required", label: "STARTTLS, always (587)" },
  { value: "implicit", label: "TLS from the start (465)" },
  { value: "starttls", label: "STARTTLS if offered" },
  { value: "none", label: "None: only on your own machine" },
] as const;

export const kindChoices = [
  { value: "smtp", label: "A mail server (SMTP)" },
  { value: "ses", label: "Amazon SES (API)" },
  { value: "mailgun", label: "Mailgun (API)" },
  { value: "sendgrid", label: "SendGrid (API)" },
  { value: "postmark", label: "Postmark (API)" },
] as const;

export const mailgunServers = [
  { value: "api.mailgun.net", label: "United States" },
  { value: "api.eu.mailgun.net", label: "European Union" },
] as const;

export const sendGridServers = [
  { value: "api.sendgrid.com", label: "Global" },
  { value: "api.eu.sendgrid.com", label: "European Union" },
] as const;

type Kind = (typeof kindChoices)[number]["value"];

/** Where the API of a provider is, unless it is said otherwise. */
export function providerHost(kind: Exclude<Kind, "smtp">, scope: string): string {
  return {
    ses: `email.${scope.trim()}.amazonaws.com`,
    mailgun: "api.mailgun.net",
    sendgrid: "api.sendgrid.com",
    postmark: "api.postmarkapp.com",
  }[kind];
}

/** What the fields begin with when another kind is chosen. */
export function valuesForKind(kind: Kind) {
  const server =
    kind === "smtp"
      ? { port: 587, tls: "starttls-required" as const }
      : { port: 443, tls: "implicit" as const };
  // The user name of a provider that knows its callers by a key alone is the same for everyone.
  const username = { smtp: "", ses: "", mailgun: "api", sendgrid: "apikey", postmark: "token" }[kind];
  const providerScope = kind === "postmark" ? "broadcast" : "";
  return { kind, ...server, host: "", providerScope, username };
}

export type Tls = (typeof tlsChoices)[number]["value"];

/** A route as its form holds it: optional fields are empty text, numbers are numbers or empty. */
export type RouteValues = {
  readonly name: string;
  readonly kind: Kind;
  /** Amazon SES: the region; Mailgun: the sending domain; Postmark: the message stream. */
  readonly providerScope: string;
  /** Empty for a provider: the server that goes without saying. */
  readonly host: string;
  readonly port: number | string;
  readonly tls: Tls;
  readonly username: string;
  readonly password: string;
  readonly trustedCertificate: string;
  readonly bounceDomain: string;
  readonly maxConnections: number | string;
  readonly messagesPerSecond: number | string;
  readonly messagesPerHour: number | string;
  readonly messagesPerDay: number | string;
  readonly messagesPerConnection: number | string;
  readonly weight: number | string;
  /** Empty: none. */
  readonly fallBackId: string;
  readonly fallBackMinutes: number | string;
  readonly warmUp: WarmUpValues;
};

type Stored = {
  readonly name: string;
  readonly kind: Kind;
  readonly providerScope: string | null;
  readonly host: string;
  readonly port: number;
  readonly tls: Tls;
  readonly username: string | null;
  readonly trustedCertificate: string | null;
  readonly bounceDomain: string | null;
  readonly maxConnections: number;
  readonly messagesPerSecond: number | null;
  readonly messagesPerHour: number | null;
  readonly messagesPerDay: number | null;
  readonly messagesPerConnection: number;
  readonly weight: number;
  readonly fallBackId: string | null;
  readonly fallBackAfterSeconds: number;
  readonly warmUp: StoredWarmUp | null;
};

/** Fills the form; a new route begins with what most mail servers want. The password is never known. */
export function toRouteValues(route: Stored | undefined, now: Date): RouteValues {
  return {
    name: route?.name ?? "",
    kind: route?.kind ?? "smtp",
    providerScope: route?.providerScope ?? "",
    host: route ? ownHost(route) : "",
    port: route?.port ?? 587,
    tls: route?.tls ?? "starttls-required",
    username: route?.username ?? "",
    password: "",
    trustedCertificate: route?.trustedCertificate ?? "",
    bounceDomain: route?.bounceDomain ?? "",
    maxConnections: route?.maxConnections ?? 5,
    messagesPerSecond: route?.messagesPerSecond ?? "",
    messagesPerHour: route?.messagesPerHour ?? "",
    messagesPerDay: route?.messagesPerDay ?? "",
    messagesPerConnection: route?.messagesPerConnection ?? 1000,
    weight: route?.weight ?? 0,
    fallBackId: route?.fallBackId ?? "",
    fallBackMinutes: (route?.fallBackAfterSeconds ?? 120) / 60,
    warmUp: toWarmUpValues(route?.warmUp ?? null, now),
  };
}

/** Left empty where it is the usual one, so that it follows a change of the region. */
const ownHost = ({ kind, host, providerScope }: Stored) =>
  kind !== "smtp" && host === providerHost(kind, providerScope ?? "") ? "" : host;

const orNull = (text: string) => (text.trim() === "" ? null : text.trim());

const numberOrNull = (given: number | string) => (given === "" ? null : Number(given));

/** What to send. An empty password is not sent: the kept one stays. */
export function toRouteBody(values: RouteValues) {
  return {
    name: values.name,
    kind: values.kind,
    providerScope: orNull(values.providerScope),
    host:
      values.kind === "smtp" || values.host.trim() !== ""
        ? values.host
        : providerHost(values.kind, values.providerScope),
    port: Number(values.port),
    tls: values.tls,
    username: orNull(values.username),
    trustedCertificate: orNull(values.trustedCertificate),
    bounceDomain: orNull(values.bounceDomain),
    maxConnections: Number(values.maxConnections),
    messagesPerSecond: numberOrNull(values.messagesPerSecond),
    messagesPerHour: numberOrNull(values.messagesPerHour),
    messagesPerDay: numberOrNull(values.messagesPerDay),
    messagesPerConnection: Number(values.messagesPerConnection),
    weight: Number(values.weight),
    fallBackId: orNull(values.fallBackId),
    fallBackAfterSeconds: Math.round(Number(values.fallBackMinutes) * 60),
    warmUp: toWarmUp(values.warmUp),
    ...(values.password === "" ? {} : { password: values.password }),
  };
}

type State = Pick<SmtpRoute, "rest" | "usage" | "messagesPerHour" | "messagesPerDay" | "warmUp">;

/** What its limits leave, in words; undefined for a route without limits. */
export function limitWords(
  { rest, usage, messagesPerHour, messagesPerDay, warmUp }: State,
  show: { readonly number: (count: number) => string; readonly time: (iso: string) => string },
): string | undefined {
  if (rest)
    return `Resting until ${show.time(rest.until)}: ${show.number(rest.used)} of ${show.number(rest.limit)} per ${rest.window} used.`;
  if (!usage) return undefined;
  const ceiling = warmUp?.today?.ceiling;
  const used = [
    messagesPerHour !== null &&
      `${show.number(usage.lastHour)} of ${show.number(messagesPerHour)} in the last hour`,
    ceiling === undefined &&
      messagesPerDay !== null &&
      `${show.number(usage.lastDay)} of ${show.number(messagesPerDay)} in the last day`,
    ceiling !== undefined &&
      `warm-up day ${show.number(warmUp?.today?.day ?? 1)}${warmUp?.isPaused ? " (paused)" : ""}: ${show.number(usage.lastDay)} of ${show.number(Math.min(ceiling, messagesPerDay ?? ceiling))} in the last day`,
  ].filter((words): words is string => typeof words === "string");
  const words = used.join(", ");
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}
