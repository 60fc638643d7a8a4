import { headerAddress, mailboxHeader } from "../mime/address.ts";
import { foldedHeader } from "../mime/headers.ts";
import { oneLine } from "../template/escape.ts";
import type { MailingContext } from "./mailing-context.ts";
import { Refusal } from "./refusal.ts";

/** Who a message comes from, for one recipient. */
export type Senders = { readonly fromName: string; readonly fromAddress: string; readonly replyTo: string };

// "=_" never occurs in quoted-printable, so no part can contain the boundary.
export const boundary = "=_postroad_alternative";

export type WrittenSender = { readonly headers: string; readonly address: string };

/** From and, where wanted, Reply-To, with the address that stands in From. */
export function writtenSender({ fromName, fromAddress, replyTo }: Senders): WrittenSender {
  const from = headerAddress(fromAddress);
  if (from === undefined) throw new Refusal("sender-invalid", `“${fromAddress}” is no valid sender address.`);
  const reply = replyTo === "" ? undefined : headerAddress(replyTo);
  if (replyTo !== "" && reply === undefined) {
    throw new Refusal("reply-to-invalid", `“${replyTo}” is no valid address for replies.`);
  }
  const headers = mailboxHeader("From", fromName, from) + (reply ? mailboxHeader("Reply-To", "", reply) : "");
  return { headers, address: from };
}

/** [D46] A message that nobody asked a person for: programs that answer mail leave it alone (RFC 3834, section 5). */
const automatic = "Auto-Submitted: auto-generated\r\nX-Auto-Response-Suppress: All\r\n";

/** The headers that are the same for everyone, up to the empty line. */
export function fixedHeaders(mailing: MailingContext): string {
  const lists = mailing.commercial
    ? "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" +
      (mailing.listId === "" ? "" : foldedHeader("List-Id", [`<${safeToken(mailing.listId)}>`])) +
      (mailing.feedbackId === "" ? "" : foldedHeader("Feedback-ID", [safeToken(mailing.feedbackId)])) +
      "Precedence: bulk\r\n"
    : automatic;
  return `${lists}MIME-Version: 1.0\r\nContent-Type: multipart/alternative;\r\n boundary="${boundary}"\r\n`;
}

/** Ids of headers are made by us; whatever else gets in is dropped rather than let into a header. */
function safeToken(text: string): string {
  return text.replace(/[^\w.:@+-]/g, "").slice(0, 200);
}

/** A Message-ID without brackets that can stand in a header. */
export function checkedMessageId(messageId: string): string {
  const bare = /[<>]/.test(messageId) ? messageId.replace(/^<|>$/g, "") : messageId;
  if (/^[\w.!#$%&'*+/=?^`{|}~-]+@[\w.-]+$/.test(bare) && bare.length <= 250) return bare;
  throw new Refusal("message-id-invalid", "The Message-ID cannot be written in a header.");
}

const isTidy = /^[\x21-\x7e\xa1-\u167f]+(?: [\x21-\x7e\xa1-\u167f]+)*$/;

/** Text of one line, with runs of spaces that templates leave behind taken out. */
export function tidyLine(text: string): string {
  return isTidy.test(text) ? text : oneLine(text).replace(/\s+/g, " ").trim();
}

/** A mailbox as a person reads it. */
export function shown(name: string, address: string): string {
  return name === "" ? address : `${name} <${address}>`;
}
