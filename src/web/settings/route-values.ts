import type { routeRoutes } from "#contract/senders.ts";
import type { AnswerOf } from "../app/api.ts";

/** A mail server that mail can leave by. */
export type SmtpRoute = AnswerOf<typeof routeRoutes.list>["items"][number];

export const tlsChoices = [
  { value: "starttls-required", label: "STARTTLS, always (587)" },
  { value: "implicit", label: "TLS from the start (465)" },
  { value: "starttls", label: "STARTTLS if offered" },
  { value: "none", label: "None: only on your own machine" },
] as const;

export type Tls = (typeof tlsChoices)[number]["value"];

/** A route as its form holds it: optional fields are empty text, numbers are numbers or empty. */
export type RouteValues = {
  readonly name: string;
  readonly host: string;
  readonly port: number | string;
  readonly tls: Tls;
  readonly username: string;
  readonly password: string;
  readonly trustedCertificate: string;
  readonly bounceDomain: string;
  readonly maxConnections: number | string;
  readonly messagesPerSecond: number | string;
};

type Stored = {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly tls: Tls;
  readonly username: string | null;
  readonly trustedCertificate: string | null;
  readonly bounceDomain: string | null;
  readonly maxConnections: number;
  readonly messagesPerSecond: number | null;
};

/** Fills the form; a new route begins with what most mail servers want. The password is never known. */
export function toRouteValues(route: Stored | undefined): RouteValues {
  return {
    name: route?.name ?? "",
    host: route?.host ?? "",
    port: route?.port ?? 587,
    tls: route?.tls ?? "starttls-required",
    username: route?.username ?? "",
    password: "",
    trustedCertificate: route?.trustedCertificate ?? "",
    bounceDomain: route?.bounceDomain ?? "",
    maxConnections: route?.maxConnections ?? 5,
    messagesPerSecond: route?.messagesPerSecond ?? "",
  };
}

const orNull = (text: string) => (text.trim() === "" ? null : text.trim());

/** What to send. An empty password is not sent: the kept one stays. */
export function toRouteBody(values: RouteValues) {
  return {
    name: values.name,
    host: values.host,
    port: Number(values.port),
    tls: values.tls,
    username: orNull(values.username),
    trustedCertificate: orNull(values.trustedCertificate),
    bounceDomain: orNull(values.bounceDomain),
    maxConnections: Number(values.maxConnections),
    messagesPerSecond: values.messagesPerSecond === "" ? null : Number(values.messagesPerSecond),
    ...(values.password === "" ? {} : { password: values.password }),
  };
}
