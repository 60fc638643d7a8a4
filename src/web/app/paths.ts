type Id = { readonly id: string };

/**
 * Every address of the app, as functions, so that no link can be mistyped. A page's route pattern is the same function
 * with `$`: `paths.contact({ id: "$id" })`.
 */
export const paths = {
  home: () => "/",
  setup: () => "/setup",
  signIn: () => "/sign-in",
  invitation: () => "/invitation",
  account: () => "/account",

  contacts: () => "/contacts",
  contactNew: () => "/contacts/new",
  contact: ({ id }: Id) => `/contacts/${id}`,
  imports: () => "/contacts/imports",
  importNew: () => "/contacts/imports/new",
  import: ({ id }: Id) => `/contacts/imports/${id}`,

  segments: () => "/segments",
  segmentNew: () => "/segments/new",
  segment: ({ id }: Id) => `/segments/${id}`,

  messages: () => "/messages",
  messageNew: () => "/messages/new",
  message: ({ id }: Id) => `/messages/${id}`,

  journeys: () => "/journeys",
  journeyNew: () => "/journeys/new",
  journey: ({ id }: Id) => `/journeys/${id}`,

  events: () => "/events",
  eventNew: () => "/events/new",
  event: ({ id }: Id) => `/events/${id}`,

  insights: () => "/insights",
  messageInsights: ({ id }: Id) => `/insights/messages/${id}`,
  journeyInsights: ({ id }: Id) => `/insights/journeys/${id}`,
  versionInsights: ({ id }: Id) => `/insights/versions/${id}`,
  templateInsights: ({ id }: Id) => `/insights/templates/${id}`,
  mailingInsights: ({ id }: Id) => `/insights/mailings/${id}`,

  settings: () => "/settings",
  contentSettings: () => "/settings/content",
  contentSettingsNew: () => "/settings/content/new",
  contentSettingsOne: ({ id }: Id) => `/settings/content/${id}`,
  sending: () => "/settings/sending",
  inDoubt: () => "/settings/sending/in-doubt",
  bounces: () => "/settings/bounces",
  tracking: () => "/settings/tracking",
  topics: () => "/settings/topics",
  attributes: () => "/settings/attributes",
  suppressions: () => "/settings/suppressions",
  users: () => "/settings/users",
  apiKeys: () => "/settings/api-keys",
  auditLog: () => "/settings/audit-log",
} as const;

/** The address of the sign-in page that leads back to where someone was. Only our own paths are followed back. */
export function signInLeadingTo(here: string): string {
  return here === "/" ? paths.signIn() : `${paths.signIn()}?next=${encodeURIComponent(here)}`;
}

/** Where to go after signing in: the wanted page if it is a path of ours, else home. */
export function safeNext(next: string | undefined): string {
  return next !== undefined && /^\/(?![/\\])/.test(next) ? next : paths.home();
}
