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
  "access.sign-in-failed": {
    status: 401,
    title: "Email or password is not right.",
    help: "Check both and try again. An owner or admin can invite you anew if you lost the password.",
  },
  "access.session-only": {
    status: 403,
    title: "This can only be done by a person who is signed in.",
    help: "Use the app instead of an API key.",
  },
  "access.link-used": {
    status: 410,
    title: "This link was used already, or is too old.",
    help: "Ask for a new one. The link for setting up the owner is printed again when the server starts.",
  },
  "access.password-weak": {
    status: 400,
    title: "This password is too easy to guess.",
    help: "Follow the hint in `facts.problem`.",
  },
  "access.not-found": {
    status: 404,
    title: "There is no such account, session, invitation or key.",
    help: "Reload the list; it may have been removed.",
  },
  "access.email-taken": {
    status: 409,
    title: "Somebody with this email address has an account already.",
    help: "Enable that account or change its role instead.",
  },
  "access.last-owner": {
    status: 409,
    title: "This is the last owner who can sign in.",
    help: "Make somebody else an owner first.",
  },
  "access.owner-only": {
    status: 403,
    title: "Only an owner may change owners.",
    help: "Ask an owner of this workspace.",
  },
  "access.own-account": {
    status: 409,
    title: "You cannot disable your own account.",
    help: "Ask another owner or admin to do it.",
  },
  "contacts.not-found": {
    status: 404,
    title: "There is no such contact.",
    help: "It may have been deleted; look in the list.",
  },
  "contacts.address-invalid": {
    status: 400,
    title: "This is not an email address that mail can be sent to.",
    help: "Correct what `facts.problem` says.",
  },
  "contacts.address-taken": {
    status: 409,
    title: "There is a contact with this address already.",
    help: "Change that contact, named in `facts.contactId`, instead.",
  },
  "contacts.values-invalid": {
    status: 400,
    title: "Some values do not fit their fields.",
    help: "Correct the fields named in `facts.problems`.",
  },
  "contacts.confirmation-missing": {
    status: 400,
    title: "Deleting a contact cannot be undone and was not confirmed.",
    help: "Repeat the request with the contact's address as `confirm`.",
  },
  "contacts.attribute-not-found": {
    status: 404,
    title: "There is no such attribute.",
    help: "Look in the list of attributes in the settings.",
  },
  "contacts.attribute-taken": {
    status: 409,
    title: "There is a field with this key already.",
    help: "Choose another key.",
  },
  "consent.topic-not-found": {
    status: 404,
    title: "There is no such topic.",
    help: "Choose one from the list of topics.",
  },
  "consent.topic-archived": {
    status: 409,
    title: "This topic is archived.",
    help: "Restore it first, or choose another one.",
  },
  "consent.topic-name-taken": {
    status: 409,
    title: "There is a topic with this name already.",
    help: "Choose another name, or restore the archived one.",
  },
  "consent.suppression-not-found": {
    status: 404,
    title: "There is no such active suppression.",
    help: "It may have been lifted or have expired; look in the list.",
  },
  "imports.not-found": {
    status: 404,
    title: "There is no such import.",
    help: "Upload the file again.",
  },
  "imports.file-unreadable": {
    status: 400,
    title: "This file cannot be read as a table.",
    help: "Save it as CSV with UTF-8 and one row per contact. What is wrong is in `facts.problem`.",
  },
  "imports.mapping-invalid": {
    status: 400,
    title: "The columns cannot be taken over like this.",
    help: "Correct what `facts.problems` says. One column must be the email address.",
  },
  "imports.wrong-state": {
    status: 409,
    title: "The import is not in a state for this.",
    help: "Look at its state; a finished or cancelled import cannot be changed.",
  },
  "content.not-found": {
    status: 404,
    title: "There are no such content settings.",
    help: "Choose others from the list.",
  },
  "content.is-default": {
    status: 409,
    title: "These are the default content settings.",
    help: "Make others the default first.",
  },
  "content.in-use": {
    status: 409,
    title: "These content settings are in use.",
    help: "Give what is named in `facts.usedBy` other content settings first.",
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
  "links.not-found": {
    status: 404,
    title: "The message has no such link.",
    help: "Choose one from its results.",
  },
  "links.not-an-address": {
    status: 400,
    title: "A link can only lead to a web address.",
    help: "Give a whole address that begins with https:// or http:// and holds no user name, and that is no tracked link itself.",
  },
  "links.leads-there": {
    status: 409,
    title: "The link leads there already.",
    help: "There is nothing to change.",
  },
  "content.link-tags-wrong": {
    status: 400,
    title: "The link tags cannot be used as they are.",
    help: "Correct what `facts.problems` names. Texts can name {{ journey.name }} and {{ message.name }}; domains are written as example.com.",
  },
  "tracking.not-a-network": {
    status: 400,
    title: "One of the networks cannot be read.",
    help: "Correct what `facts.problems` names. A network is written as 192.0.2.0/24 or 2001:db8::/32, at least as narrow as /8 or /16; one address stands for itself.",
  },
  "tracking.no-such-key": {
    status: 404,
    title: "There is no such tracking key.",
    help: "Choose one from the list.",
  },
  "tracking.key-waiting": {
    status: 409,
    title: "A new tracking key is waiting already.",
    help: "It signs within a minute. Make another one after that if you need to.",
  },
  "tracking.keys-used-up": {
    status: 409,
    title: "There are 255 tracking keys, and no more are possible.",
    help: "Go on with the last one: a token names its key in one byte.",
  },
  "tracking.key-in-use": {
    status: 409,
    title: "This tracking key cannot be retired.",
    help: "Its state is in `facts.state`. Make a new key first, and wait two minutes until nobody signs with this one any more.",
  },
  "tracking.review-running": {
    status: 409,
    title: "Stored hits are being judged again already.",
    help: "Wait until it is done, or cancel it.",
  },
  "tracking.no-review": {
    status: 409,
    title: "Nothing is being judged again.",
    help: "There is nothing to cancel.",
  },
  "events.not-found": {
    status: 404,
    title: "There is no such event.",
    help: "It may have been deleted; look in the list.",
  },
  "events.ends-before-start": {
    status: 400,
    title: "The event ends before it starts.",
    help: "Correct the start or the end.",
  },
  "events.slug-taken": {
    status: 409,
    title: "Another event has this page address.",
    help: "Choose another last part of the address.",
  },
  "events.reference-not-found": {
    status: 400,
    title: "The topic or the content settings do not exist.",
    help: "Choose them from their lists.",
  },
  "events.wrong-state": {
    status: 409,
    title: "The event is not in a state that allows this.",
    help: "Its state is in `facts.state`. A cancelled event stays cancelled; make a new one.",
  },
  "events.in-use": {
    status: 409,
    title: "The event is not a draft any more, or somebody registered for it.",
    help: "Cancel it instead, so that its pages can say so.",
  },
  "segment.not-found": {
    status: 404,
    title: "There is no such segment.",
    help: "Go back to the list of segments and choose one.",
  },
  "segment.no-such-contact": {
    status: 404,
    title: "There is no such contact.",
    help: "Give the id of a contact, or an address exactly as it is stored.",
  },
  "segment.invalid": {
    status: 422,
    title: "The rules of this segment do not fit the contacts.",
    help: "Correct the rules named in `problems`.",
  },
  "segment.circular": {
    status: 422,
    title: "Segments cannot contain themselves.",
    help: "Take one of the segments in `circle` out of the other's rules.",
  },
  "segment.name-taken": {
    status: 409,
    title: "Another segment has this name.",
    help: "Choose another name; rules refer to segments by name.",
  },
  "segment.not-dynamic": {
    status: 409,
    title: "A hand-picked segment has no rules.",
    help: "Add and remove its members, or create a segment with rules.",
  },
  "segment.not-static": {
    status: 409,
    title: "The rules of this segment decide who is in it.",
    help: "Change its rules, or make a snapshot and change that.",
  },
  "segment.archived": { status: 409, title: "This segment is archived.", help: "Restore it first." },
  "segment.in-use": {
    status: 409,
    title: "This segment is in use.",
    help: "Stop the journeys and change the segments named in `usedBy` first.",
  },
  "segment.too-slow": {
    status: 503,
    title: "Counting this segment took longer than five seconds and was stopped.",
    help: "Narrow it down, for instance with a shorter time window, or use it without its count.",
  },
  "journey.not-found": {
    status: 404,
    title: "There is no such journey.",
    help: "It may have been deleted; look in the list.",
  },
  "journey.edited-elsewhere": {
    status: 409,
    title: "Somebody else saved this journey meanwhile.",
    help: "Load the newest draft, then make your change again; nothing of theirs or yours was overwritten.",
  },
  "journey.wrong-state": {
    status: 409,
    title: "The journey is not in a state for this.",
    help: "Its state is in `facts.state`; this is possible in `facts.possibleIn`. Copy the journey to change what has run.",
  },
  "journey.check-failed": {
    status: 422,
    title: "The check found something that must be fixed first.",
    help: "Fix the findings with severity `error` in `facts.findings` and try again.",
  },
  "journey.stop-not-confirmed": {
    status: 409,
    title: "Stopping cannot be undone and was not confirmed.",
    help: "Repeat the request with `confirm: true`. `facts` says how many contacts and queued messages it cuts off.",
  },
  "journey.contact-not-inside": {
    status: 404,
    title: "This contact never entered this journey.",
    help: "Choose a contact from the numbers of a tile.",
  },
  "insights.not-found": {
    status: 404,
    title: "There is nothing with this id to give numbers of.",
    help: "Choose a journey, message, version, template or mailing from its list.",
  },
  "senders.route-not-found": {
    status: 404,
    title: "There is no such route.",
    help: "It may have been removed; look in the list.",
  },
  "senders.route-in-use": {
    status: 409,
    title: "The route is the default, or mailings (of a journey that chose it) or other routes name it.",
    help: "Make another route the default, and let none fall back on it. A route that a journey chose stays on record once the journey went live.",
  },
  "senders.fall-back-not-usable": {
    status: 409,
    title: "This route cannot stand in for that one.",
    help: "A route cannot fall back on itself, on one that falls back on it in the end, or on the test mailbox, which reaches nobody.",
  },
  "senders.password-missing": {
    status: 400,
    title: "There is a user name but no password.",
    help: "Enter the password too, or leave the user name empty.",
  },
  "senders.password-needed": {
    status: 409,
    title: "The password has to be entered again.",
    help: "What is named in `facts.changed` decides who gets to see the kept password, so it is not sent there unasked.",
  },
  "senders.provider-not-usable": {
    status: 400,
    title: "This provider cannot be used with these settings.",
    help: "`facts.problem` says what is wrong.",
  },
  "senders.free-mail-domain": {
    status: 400,
    title: "This domain belongs to a mailbox provider.",
    help: "Send from a domain of your own: the provider lets nobody else send in its name, so such mail is refused.",
  },
  "senders.key-not-found": {
    status: 404,
    title: "This domain has no such key.",
    help: "Look at the list of its keys.",
  },
  "senders.key-not-published": {
    status: 409,
    title: "The record of this key was not found in DNS, so its signatures would fail.",
    help: "Publish the record of `facts.name` and try again, or repeat with `force`.",
  },
  "senders.key-signs": {
    status: 409,
    title: "This key signs mail now.",
    help: "Let another key take over, or stop signing with it first.",
  },
  "senders.domain-not-found": {
    status: 404,
    title: "There is no such sending domain or key.",
    help: "It may have been removed; look in the list.",
  },
  "senders.domain-taken": {
    status: 409,
    title: "This domain is there already.",
    help: "Look for it in the list.",
  },
  "delivery.mailing-not-found": {
    status: 404,
    title: "There is no such mailing.",
    help: "Look in the list of mailings.",
  },
  "delivery.mailing-cancelled": {
    status: 409,
    title: "The mailing is cancelled.",
    help: "What is cancelled stays cancelled; send it again as a new mailing.",
  },
  "delivery.not-found": {
    status: 404,
    title: "There is no such delivery.",
    help: "Look in the list of its mailing.",
  },
  "delivery.not-rendered": {
    status: 409,
    title: "This message was never made.",
    help: "It is still queued, or its recipient was skipped before anything was rendered.",
  },
  "delivery.nothing-late": {
    status: 409,
    title: "Nothing of this mailing waits because it is late.",
    help: "Somebody may have sent or skipped it meanwhile, or its time ended; reload the list.",
  },
  "delivery.not-in-doubt": {
    status: 409,
    title: "None of these deliveries is in doubt.",
    help: "Somebody or some evidence may have settled them meanwhile; reload the list.",
  },
  "feedback.no-source": {
    status: 404,
    title: "There is no source of this report.",
    help: "Only the beginning of mail that was not understood is kept, for 90 days and a few for each delivery.",
  },
  "feedback.mailbox-password-needed": {
    status: 400,
    title: "The password of the mailbox is needed.",
    help: "Enter it: there is none yet, or server, encryption or user name changed since it was given.",
  },
  "feedback.webhook-not-found": {
    status: 404,
    title: "There is no such webhook.",
    help: "Reload the list; it may have been removed.",
  },
  "feedback.webhook-key-not-usable": {
    status: 400,
    title: "This does not prove who tells us something.",
    help: "Follow `facts.problem`: each provider shows its key or topic where its webhooks are set up.",
  },
  "delivery.restored": {
    status: 409,
    title: "Sending is locked: this database was restored or copied.",
    help: "Make sure that no other copy of it sends; then somebody who may change settings confirms that this is the live one.",
  },
  "delivery.not-locked": {
    status: 409,
    title: "Sending is not locked.",
    help: "Somebody may have confirmed it meanwhile; reload the page.",
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
