/** A mail server, or the HTTP API of a provider: Amazon SES and Mailgun take a message as the bytes it is, the others its parts. */
export const routeKinds = ["smtp", "ses", "mailgun", "sendgrid", "postmark"] as const;
export type RouteKind = (typeof routeKinds)[number];
export type Provider = Exclude<RouteKind, "smtp">;

export const providerNames: { readonly [provider in Provider]: string } = {
  ses: "Amazon SES",
  mailgun: "Mailgun",
  sendgrid: "SendGrid",
  postmark: "Postmark",
};

type Settings = {
  readonly kind: RouteKind;
  readonly providerScope: string | null;
  readonly host: string;
  readonly tls: string;
  readonly username: string | null;
};

const loopback = /^(localhost|127(\.[0-9]{1,3}){3}|::1)$/i;
const region = /^[a-z]{2}(-[a-z]+)+-[0-9]$/;
const domain = /^[a-z0-9-]+(\.[a-z0-9-]+)+$/i;
const stream = /^[a-z0-9][a-z0-9_-]{0,63}$/i;

/** [S8] What keeps a route from being used with its provider; undefined: nothing. */
export function providerProblem({ kind, providerScope, host, tls, username }: Settings): string | undefined {
  if (kind === "smtp")
    return providerScope === null ? undefined : "A mail server has neither region nor sending domain.";
  if (kind === "sendgrid" && providerScope !== null)
    return "SendGrid has nothing beside its key; the region is in the name of the server.";
  if (kind === "postmark" && !stream.test(providerScope ?? ""))
    return "Postmark needs the ID of a message stream, such as broadcast.";
  if (kind === "ses" && !region.test(providerScope ?? ""))
    return "Amazon SES needs a region, such as eu-central-1.";
  if (kind === "mailgun" && !domain.test(providerScope ?? ""))
    return "Mailgun needs the sending domain as it is called there.";
  if (username === null)
    return {
      ses: "Amazon SES needs an access key.",
      mailgun: "Mailgun needs a user name; it is api unless you were told another.",
      sendgrid: "SendGrid needs a user name; it is apikey for all keys.",
      postmark: "Postmark needs a user name, which it does not look at; token is a good one.",
    }[kind];
  if (tls !== "implicit" && !(tls === "none" && loopback.test(host)))
    return "The API of a provider is only asked over TLS from the start.";
  return undefined;
}
