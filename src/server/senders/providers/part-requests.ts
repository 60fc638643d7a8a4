import { providerTag } from "#core/delivery/feedback/provider-event.ts";
import type { MessageParts } from "./read-parts.ts";

type Json = { readonly [field: string]: unknown };

/**
 * [S11] What SendGrid is asked (v3 Mail Send). Its own tracking, footers and unsubscribe links are off: the message has its own. Every
 * message of ours is for one recipient.
 */
export function sendGridMail(
  { from, to, replyTo, subject, html, text, headers }: MessageParts,
  tag: string,
): Json {
  const mailbox = ({ name, address }: MessageParts["from"]) => ({
    email: address,
    ...(name === "" ? {} : { name }),
  });
  const off = { enable: false };
  return {
    personalizations: [{ to: [mailbox(to)], custom_args: { [providerTag]: tag } }],
    from: mailbox(from),
    ...(replyTo ? { reply_to: mailbox(replyTo) } : {}),
    subject,
    // Plain text first, and no part without a letter: both are refused otherwise.
    content: [
      { type: "text/plain", value: text },
      { type: "text/html", value: html },
    ].filter(({ value }) => value !== ""),
    headers: Object.fromEntries(headers.map(({ name, value }) => [name, value])),
    tracking_settings: {
      click_tracking: { enable: false, enable_text: false },
      open_tracking: off,
      subscription_tracking: off,
      ganalytics: off,
    },
    mail_settings: { footer: off },
  };
}

/** [S11] What Postmark is asked (/email), by one of its message streams. It is asked to keep our Message-ID. */
export function postmarkMail(
  { from, to, replyTo, subject, html, text, headers }: MessageParts,
  tag: string,
  stream: string,
): Json {
  return {
    From: mailboxText(from),
    To: mailboxText(to),
    ...(replyTo ? { ReplyTo: mailboxText(replyTo) } : {}),
    Subject: subject,
    ...(html === "" ? {} : { HtmlBody: html }),
    ...(text === "" ? {} : { TextBody: text }),
    Headers: [
      ...headers.map(({ name, value }) => ({ Name: name, Value: value })),
      { Name: "X-PM-KeepID", Value: "true" },
    ],
    Metadata: { [providerTag]: tag },
    MessageStream: stream,
    TrackOpens: false,
    TrackLinks: "None",
  };
}

/** A mailbox as a text in which no name can become an address. */
function mailboxText({ name, address }: MessageParts["from"]): string {
  return name === "" ? address : `"${name.replace(/[\\"]/g, "\\$&")}" <${address}>`;
}
