import PostalMime, { decodeWords } from "postal-mime";
import type { ReceivedMail } from "#core/delivery/feedback/received-mail.ts";

const mostParts = 1000;
const deepest = 50;
const longestText = 1024 * 1024;
const readBytes = 1024 * 1024;

/**
 * [D98] Parses mail that came back, its first MB: what machines write for machines stands before the copy of our message, and 20 MB of
 * parts would keep everybody else waiting for seconds. What is too deep, has too many parts or cannot be parsed is a mail without content: it is still known
 * whom it was for, and it is kept as not understood.
 */
export async function readMail(whole: Buffer, recipients: readonly string[]): Promise<ReceivedMail> {
  const raw = whole.subarray(0, readBytes);
  const unread = { recipients, headers: [], text: "", parts: [] };
  if (countBoundaries(raw) > mostParts) return unread;
  const email = await PostalMime.parse(raw, {
    maxNestingDepth: deepest,
    maxRfc822NestingDepth: 0,
    attachmentEncoding: "arraybuffer",
  }).catch(() => undefined);
  if (!email) return unread;
  return {
    recipients,
    headers: email.headers.map(({ key, value }) => ({ name: key, value: decodeWords(value) })),
    text: (email.text ?? textOf(email.html ?? "")).slice(0, longestText),
    parts: email.attachments.map(({ mimeType, content }) => ({
      type: mimeType.toLowerCase(),
      text: (typeof content === "string"
        ? content
        : Buffer.from(new Uint8Array(content)).toString("utf8")
      ).slice(0, longestText),
    })),
  };
}

/** Lines that may begin a part. Counted before parsing, so that nobody can make the parser build a million of them. */
function countBoundaries(raw: Buffer): number {
  let count = 0;
  for (let at = raw.indexOf("\n--"); at >= 0 && count <= mostParts; at = raw.indexOf("\n--", at + 3)) count++;
  return count;
}

/** Roughly what HTML says; only words are looked for in it. */
function textOf(html: string): string {
  return html
    .slice(0, longestText)
    .replace(/<br[^<>]{0,100}>|<\/(?:p|div|tr)>/gi, "\n")
    .replace(/<[^<>]{0,2000}>/g, " ");
}
