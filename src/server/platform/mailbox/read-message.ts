import PostalMime, { decodeWords, type Email } from "postal-mime";
import type { MessageHead } from "./segment.ts";

export type MailPart = {
  readonly name: string;
  readonly type: string;
  readonly contentId: string;
  readonly content: Buffer;
};

/** A message as a mail client understands it. */
export type ReadMessage = {
  readonly head: MessageHead;
  readonly raw: Buffer;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  readonly html: string | undefined;
  readonly text: string | undefined;
  readonly parts: readonly MailPart[];
  /** Where a mail client's own unsubscribe button would post (RFC 8058); undefined when it would show none. */
  readonly oneClickUrl: string | undefined;
};

/** Parses a stored message. */
export async function readMessage(head: MessageHead, raw: Buffer): Promise<ReadMessage> {
  const email = await PostalMime.parse(raw);
  return {
    head,
    raw,
    headers: email.headers.map(({ originalKey, value }) => ({
      name: originalKey,
      value: decodeWords(value),
    })),
    html: email.html || undefined,
    text: email.text || undefined,
    parts: email.attachments.map(({ filename, mimeType, contentId, content }) => ({
      name: filename ?? "",
      type: mimeType,
      contentId: (contentId ?? "").replace(/^<|>$/g, ""),
      content: typeof content === "string" ? Buffer.from(content) : Buffer.from(new Uint8Array(content)),
    })),
    oneClickUrl: findOneClickUrl(email),
  };
}

function findOneClickUrl(email: Email): string | undefined {
  const header = (key: string) => email.headers.find((each) => each.key === key)?.value ?? "";
  if (!/List-Unsubscribe=One-Click/i.test(header("list-unsubscribe-post"))) return undefined;
  return /<(https?:\/\/[^>\s]+)>/i.exec(header("list-unsubscribe"))?.[1];
}

/**
 * The HTML part as it is shown: pictures that came along are fetched from here, and links open in a tab of their own
 * (the frame is sandboxed, and a page that opened inside it would be too).
 */
export function toFrameDocument({ head, html = "", parts }: ReadMessage): string {
  const withPictures = html.replace(/\bcid:([^"'\s)>]+)/gi, (whole, name: string) => {
    const place = parts.findIndex(({ contentId }) => contentId === decodeSafely(name));
    return place < 0 ? whole : `/messages/${head.id}/parts/${place}`;
  });
  const base = '<base target="_blank">';
  const opening = /<head\b[^>]*>|<html\b[^>]*>|<!doctype[^>]*>/gi;
  let at = 0;
  for (const match of withPictures.slice(0, 5000).matchAll(opening)) {
    at = match.index + match[0].length;
    if (/^<head/i.test(match[0])) break;
  }
  return withPictures.slice(0, at) + base + withPictures.slice(at);
}

function decodeSafely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
