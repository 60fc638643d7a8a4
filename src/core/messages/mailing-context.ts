import type { ProvenRuns } from "../mime/byte-buffer.ts";
import type { DeliveryTokens } from "../tracking/tokens.ts";

/** What is the same for every recipient of one mailing. */
export type MailingContext = {
  /** Where public pages live, without a slash at the end: `https://mail.example.com`. */
  readonly publicUrl: string;
  /** The content settings under their template names: company_name, postal_address, facebook, own texts by key. */
  readonly settings: Readonly<Record<string, string>>;
  /** Empty outside a journey. */
  readonly journeyName: string;
  /** RFC 2919 identifier without brackets, such as `topic-3.lists.example.com`. */
  readonly listId: string;
  /** Gmail's Feedback-ID: up to four parts joined by colons. */
  readonly feedbackId: string;
  /** Address for unsubscribing by mail; `{token}` in it becomes the recipient's bounce token. */
  readonly unsubscribeMailto?: string;
  readonly commercial: boolean;
  readonly trackOpens: boolean;
  readonly trackClicks: boolean;
  /** Used where the message's own sender fields are empty. */
  readonly defaults: {
    readonly fromName: string;
    readonly fromAddress: string;
    readonly replyTo: string;
  };
};

/** What differs from recipient to recipient. */
export type RecipientInput = {
  readonly address: string;
  readonly displayName: string;
  /** Texts in the order of `CompiledMessage.fields`. */
  readonly fields: readonly (string | null)[];
  readonly tokens: DeliveryTokens;
  /** Without angle brackets: `1025.k3@mail.example.com`. Stable per delivery. */
  readonly messageId: string;
  /** The moment written as Date, in milliseconds since 1970; also `now` in templates. */
  readonly date: number;
  /** IANA name; dates in the message are shown in it. Unknown names count as UTC. */
  readonly timeZone: string;
  /** BCP 47; numbers and names of days and months are shown in it. Unknown ones count as `en`. */
  readonly locale: string;
  /** Without it there is no beacon and links go straight to their address. */
  readonly trackingConsent: boolean;
  /** Packs a personalised address and its signature into one URL-safe segment of `/c/<read>/<number>/<segment>`. */
  readonly signUrl: (url: string) => string;
  /** Marks the subject so that a test cannot be taken for the real thing. */
  readonly testMark?: boolean;
};

/** Where the pieces of a rendered message lie in the buffer. */
export type RenderedBounds = {
  /** First byte of the body, just behind the empty line: headers are `[0, bodyStart)`. */
  readonly bodyStart: number;
  /** End of the message, just behind its last CRLF. */
  readonly end: number;
  /** End of `.CRLF` behind it: `[0, wireEnd)` goes on the wire after DATA as it is. */
  readonly wireEnd: number;
  /** The address in the From header, as it is written there. */
  readonly fromAddress: string;
  /** Copies of runs that the wire gate has seen; part of the buffer, and gone with its content. Not given now and then. */
  readonly proven?: Readonly<ProvenRuns> | undefined;
};

/** Why a message could not be made for this recipient. It was not sent and will not be. */
export type RenderProblem = {
  readonly code:
    | "address-invalid"
    | "sender-invalid"
    | "reply-to-invalid"
    | "subject-empty"
    | "message-id-invalid"
    | "header-too-long"
    | "template-failed";
  readonly message: string;
};

/** A rendered message in readable pieces, for preview and view-in-browser. */
export type MessageParts = {
  readonly subject: string;
  readonly preheader: string;
  readonly fromName: string;
  readonly fromAddress: string;
  readonly replyTo: string;
  readonly html: string;
  readonly text: string;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
};
