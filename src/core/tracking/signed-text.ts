import { fromBase64Url, type Mac, toBase64Url } from "./tokens.ts";

const tagBytes = 16;

/**
 * What is signed is "postroad/signed/", key id, purpose, NUL, text. That is always longer than the 9 bytes that delivery
 * tokens sign, so neither can be taken for the other.
 */
function inputOf(kid: number, purpose: string, text: Uint8Array): Uint8Array {
  const head = toUtf8(`postroad/signed/${kid}/${purpose}\0`);
  const input = new Uint8Array(head.length + text.length);
  input.set(head);
  input.set(text, head.length);
  return input;
}

/** Packs a text with its 128-bit signature into one URL-safe part: base64url of key id, tag, UTF-8 text. */
export function signText(purpose: string, text: string, kid: number, mac: Mac): string {
  const bytes = toUtf8(text);
  const tag = mac(kid, inputOf(kid, purpose, bytes));
  if (!tag) throw new Error(`No tracking key ${kid}`);
  const packed = new Uint8Array(1 + tagBytes + bytes.length);
  packed[0] = kid;
  packed.set(tag.subarray(0, tagBytes), 1);
  packed.set(bytes, 1 + tagBytes);
  return toBase64Url(packed);
}

/** Gives back a text signed for exactly this purpose; undefined for anything else, in constant time of the tag. */
export function readSignedText(purpose: string, packed: string, mac: Mac): string | undefined {
  const bytes = fromBase64Url(packed);
  if (!bytes || bytes.length < 1 + tagBytes) return undefined;
  const kid = bytes[0] ?? 0;
  const text = bytes.subarray(1 + tagBytes);
  const tag = mac(kid, inputOf(kid, purpose, text));
  if (!tag) return undefined;
  let difference = 0;
  for (let i = 0; i < tagBytes; i++) difference |= (tag[i] ?? 0) ^ (bytes[1 + i] ?? 0);
  return difference === 0 ? fromUtf8(text) : undefined;
}

/**
 * Signs the address of a personalised link for one delivery, as the last segment of `/c/<read>/<number>/<segment>`.
 * Bound to the delivery and not to the link number: the renderer signs before it knows the place.
 */
export function signUrl(url: string, deliveryId: string, kid: number, mac: Mac): string {
  return signText(`url/${deliveryId}`, url, kid, mac);
}

/**
 * The text that was signed as an address for this delivery; undefined for anything else. Whoever redirects still has
 * to see that it is http or https.
 */
export function readSignedUrl(segment: string, deliveryId: string, mac: Mac): string | undefined {
  return readSignedText(`url/${deliveryId}`, segment, mac);
}

/** UTF-8 of a text, by the language alone: core has no TextEncoder. Lone surrogates become U+FFFD. */
function toUtf8(text: string): Uint8Array {
  const escaped = encodeURIComponent(text.replace(/\p{Surrogate}/gu, "\u{FFFD}"));
  const bytes = new Uint8Array(escaped.length);
  let length = 0;
  for (let at = 0; at < escaped.length; at++) {
    const isEscape = escaped[at] === "%";
    bytes[length++] = isEscape ? Number.parseInt(escaped.slice(at + 1, at + 3), 16) : escaped.charCodeAt(at);
    if (isEscape) at += 2;
  }
  return bytes.subarray(0, length);
}

function fromUtf8(bytes: Uint8Array): string | undefined {
  let escaped = "";
  for (const byte of bytes) escaped += `%${byte.toString(16).padStart(2, "0")}`;
  try {
    return decodeURIComponent(escaped);
  } catch {
    return undefined; // not UTF-8: cannot have been signed by us
  }
}
