/** A mail server, or the HTTP API of a provider that takes a message as the bytes it is. */
export const routeKinds = ["smtp", "ses", "mailgun"] as const;
export type RouteKind = (typeof routeKinds)[number];
export type Provider = Exclude<RouteKind, "smtp">;

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

/** [S8] What keeps a route from being used with its provider; undefined: nothing. */
export function providerProblem({ kind, providerScope, host, tls, username }: Settings): string | undefined {
  if (kind === "smtp")
    return providerScope === null ? undefined : "A mail server has neither region nor sending domain.";
  if (kind === "ses" && !region.test(providerScope ?? ""))
    return "Amazon SES needs a region, such as eu-central-1.";
  if (kind === "mailgun" && !domain.test(providerScope ?? ""))
    return "Mailgun needs the sending domain as it is called there.";
  if (username === null)
    return kind === "ses"
      ? "Amazon SES needs an access key."
      : "Mailgun needs a user name; it is api unless you were told another.";
  if (tls !== "implicit" && !(tls === "none" && loopback.test(host)))
    return "The API of a provider is only asked over TLS from the start.";
  return undefined;
}
