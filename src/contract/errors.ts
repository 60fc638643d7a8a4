/**
 * Every refusal the product can answer, in one place. `title` is a plain sentence, `help` says what to do next.
 * Add a code here and it compiles everywhere, is documented in docs/errors.md and known to the SDK.
 */
export const errorCatalogue = {
  "request.invalid": {
    status: 400,
    title: "Something in the request is not as expected.",
    help: "Correct the fields named in `issues` and send it again.",
  },
  "request.too-large": { status: 413, title: "The request is too large.", help: "Send less at once." },
  "request.too-many": { status: 429, title: "Too many requests.", help: "Wait a moment, then try again." },
  "request.unknown-path": {
    status: 404,
    title: "There is nothing at this address.",
    help: "Check the address.",
  },
  "access.not-signed-in": {
    status: 401,
    title: "You are not signed in.",
    help: "Sign in, or send an API key.",
  },
  "access.forbidden": {
    status: 403,
    title: "Your role does not allow this.",
    help: "Ask an owner or admin of this workspace for the permission named in `facts`.",
  },
  "access.csrf": {
    status: 403,
    title: "This request did not come from the app.",
    help: "Reload the page and try again.",
  },
  "message.not-found": {
    status: 404,
    title: "There is no such message.",
    help: "It may have been deleted; look in the list.",
  },
  "message.unknown-template": {
    status: 404,
    title: "There is no such template.",
    help: "Choose one from the gallery.",
  },
  "message.template-built-in": {
    status: 409,
    title: "A built-in template cannot be deleted.",
    help: "Save a message as a template of your own instead.",
  },
  "message.edited-elsewhere": {
    status: 409,
    title: "Somebody else saved this message meanwhile.",
    help: "Load the newest draft, then make your change again; nothing of theirs or yours was overwritten.",
  },
  "message.designation-locked": {
    status: 409,
    title: "A message that has been live keeps its legal designation.",
    help: "Copy the message; the copy can be commercial or transactional.",
  },
  "message.check-failed": {
    status: 422,
    title: "The error check found something that must be fixed first.",
    help: "Fix the findings with severity `error` and try again.",
  },
  "message.archived": { status: 409, title: "This message is archived.", help: "Restore it first." },
  "message.not-live": { status: 409, title: "This message is not live.", help: "There is nothing to stop." },
  "message.in-use": {
    status: 409,
    title: "Live journeys use this message.",
    help: "Stop the journeys named in `usedBy`, or replace the message in them, first.",
  },
  "message.no-such-version": {
    status: 404,
    title: "There is no such live version.",
    help: "Choose one from the list of versions.",
  },
  "message.no-such-contact": {
    status: 404,
    title: "There is no such contact.",
    help: "Choose another contact to preview.",
  },
  "message.no-such-settings": {
    status: 404,
    title: "There are no such content settings.",
    help: "Choose others.",
  },
  "server.failed": {
    status: 500,
    title: "Something went wrong on our side.",
    help: "Try again; if it stays, give the request id to whoever runs this server.",
  },
  "server.unavailable": {
    status: 503,
    title: "The database cannot be reached right now.",
    help: "Nothing was changed. Try again in a moment.",
  },
} as const satisfies Record<string, { status: number; title: string; help: string }>;

export type ErrorCode = keyof typeof errorCatalogue;

/** Facts about a refusal that a caller may show or act on. Never secrets, never other people's data. */
export type RefusalFacts = Readonly<Record<string, unknown>>;

/** A refused request. Made only by `refuse`; only the HTTP layer turns it into a status. */
export class Refusal extends Error {
  readonly code: ErrorCode;
  readonly facts: RefusalFacts;
  constructor(code: ErrorCode, facts: RefusalFacts) {
    super(errorCatalogue[code].title);
    this.name = "Refusal";
    this.code = code;
    this.facts = facts;
  }
}

/** Refuses the current request with a catalogued code. */
export function refuse(code: ErrorCode, facts: RefusalFacts = {}): never {
  throw new Refusal(code, facts);
}
