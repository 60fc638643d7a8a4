import type { Reply } from "./reply-parser.ts";

/** Where in the conversation something happened. `dot`: the end of the content is on its way. */
export const phases = [
  "connect",
  "greeting",
  "ehlo",
  "starttls",
  "auth",
  "mail",
  "rcpt",
  "data",
  "content",
  "dot",
] as const;
export type Phase = (typeof phases)[number];

/** What became of one message in one conversation. Every end of a conversation is exactly one of these. */
export type Outcome =
  /** The server took responsibility. */
  | { readonly kind: "accepted"; readonly reply: Reply }
  /** The server said no for good, or we know ourselves that it cannot be sent this way (`reply` is null). */
  | {
      readonly kind: "refused";
      readonly phase: Phase;
      readonly reply: Reply | null;
      readonly message: string;
      /** We know ourselves that it is larger than what this route takes. */
      readonly isTooLarge?: true;
    }
  /** Surely not accepted; the recipient is to be tried again later. */
  | {
      readonly kind: "deferred";
      readonly phase: Phase;
      readonly reply: Reply | null;
      readonly message: string;
      /** The other side named the time before which another attempt is in vain. */
      readonly waitMilliseconds?: number;
      /** Said by the provider that was asked to send it, of its own: nothing about the receiving domain. */
      readonly isOfTheProvider?: true;
    }
  /**
   * Surely not accepted, and for no reason of the recipient's: the connection was spent or the lease ran out. `reply` is there where
   * a connection was closed on its very first message: that is the road's trouble.
   */
  | { readonly kind: "untouched"; readonly phase: Phase; readonly message: string; readonly reply?: Reply }
  /** The sender address or content of this mailing is refused, whoever the recipient is. */
  | {
      readonly kind: "sender-refused";
      readonly phase: Phase;
      readonly reply: Reply;
      readonly message: string;
    }
  /** The end of the content was sent and no understandable answer came: it may have arrived. */
  | { readonly kind: "in-doubt"; readonly message: string };

/**
 * [D10] What a reply means in a phase. 421 closes the connection wherever it comes; before the dot nothing was
 * sent. An unknown code counts by its first digit (RFC 5321, section 4.2.1).
 */
export function judgeReply(phase: "mail" | "rcpt" | "data" | "dot", reply: Reply, message: string): Outcome {
  const kind = Math.floor(reply.code / 100);
  if (phase === "dot" && kind === 2) return { kind: "accepted", reply };
  if (kind === 4) return { kind: "deferred", phase, reply, message };
  if (kind === 5) {
    const isAboutSize = reply.code === 552 || reply.enhanced === "5.3.4";
    if (phase === "mail" && !isAboutSize) return { kind: "sender-refused", phase, reply, message };
    return { kind: "refused", phase, reply, message };
  }
  // A 2xx or 3xx that does not belong here: after the dot nobody knows what it means, before it nothing was sent.
  if (phase === "dot") return { kind: "in-doubt", message };
  return { kind: "deferred", phase, reply, message };
}

/**
 * [D10] What a broken conversation means for the message in it. `isFirstUse` is false where the connection had
 * served before and may just have been spent.
 */
export function judgeBreak(
  phase: "mail" | "rcpt" | "data" | "content" | "dot",
  isFirstUse: boolean,
  message: string,
): Outcome {
  if (phase === "dot") return { kind: "in-doubt", message };
  if (phase === "mail" && !isFirstUse) return { kind: "untouched", phase, message };
  return { kind: "deferred", phase, reply: null, message };
}
