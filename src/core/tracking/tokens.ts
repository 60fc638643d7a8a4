/**
 * Signed tokens of one delivery. One HMAC-SHA-512 (64 bytes) is cut into four tags of 128 bits, one for each
 * purpose, so a beacon's token can never unsubscribe anyone and a message costs one MAC, not one per link.
 *
 * A token is base64url of: key id (1 byte), delivery id (8 bytes, big endian), tag (16 bytes) = 34 characters.
 * The bounce token is base32 in lower case (40 characters), because mail servers may change the case of a local part.
 */
export const purposes = ["read", "manage", "forward", "bounce"] as const;
export type Purpose = (typeof purposes)[number];

export type DeliveryTokens = { readonly [purpose in Purpose]: string };

/** Computes HMAC-SHA-512 of the input with the secret of the named key, or undefined if there is no such key. */
export type Mac = (kid: number, input: Uint8Array) => Uint8Array | undefined;

const headBytes = 9;
const tagBytes = 16;

/** Makes the four tokens of a delivery. `deliveryId` is a positive decimal below 2^63. */
export function mintTokens(deliveryId: string, kid: number, mac: Mac): DeliveryTokens {
  const head = headOf(deliveryId, kid);
  const tags = mac(kid, head);
  if (!tags) throw new Error(`No tracking key ${kid}`);
  const token = (index: number) => {
    const bytes = new Uint8Array(headBytes + tagBytes);
    bytes.set(head);
    bytes.set(tags.subarray(index * tagBytes, (index + 1) * tagBytes), headBytes);
    return bytes;
  };
  return {
    read: toBase64Url(token(0)),
    manage: toBase64Url(token(1)),
    forward: toBase64Url(token(2)),
    bounce: toBase32(token(3)),
  };
}

/** Reads a token made for exactly this purpose back to its delivery id; undefined for anything else, in constant time of the tag. */
export function readToken(
  token: string,
  purpose: Purpose,
  mac: Mac,
): { readonly deliveryId: string; readonly kid: number } | undefined {
  const bytes = purpose === "bounce" ? fromBase32(token) : fromBase64Url(token);
  if (bytes?.length !== headBytes + tagBytes) return undefined;
  const kid = bytes[0] ?? 0;
  const tags = mac(kid, bytes.subarray(0, headBytes));
  if (!tags) return undefined;
  const start = purposes.indexOf(purpose) * tagBytes;
  let difference = 0;
  for (let i = 0; i < tagBytes; i++) difference |= (tags[start + i] ?? 0) ^ (bytes[headBytes + i] ?? 0);
  return difference === 0 ? { deliveryId: idIn(bytes), kid } : undefined;
}

/** The decimal id in bytes 1 to 8. Ids below 2^53, so nearly all, need no big integers. */
function idIn(bytes: Uint8Array): string {
  let high = 0;
  let low = 0;
  for (let i = 1; i < 5; i++) high = high * 256 + (bytes[i] ?? 0);
  for (let i = 5; i < headBytes; i++) low = low * 256 + (bytes[i] ?? 0);
  return high < 0x20_0000
    ? String(high * 0x1_0000_0000 + low)
    : ((BigInt(high) << 32n) | BigInt(low)).toString();
}

function headOf(deliveryId: string, kid: number): Uint8Array {
  const head = new Uint8Array(headBytes);
  head[0] = kid;
  // Ids below 2^53, so nearly all, need no big integers.
  let number = Number(deliveryId);
  if (number <= Number.MAX_SAFE_INTEGER) {
    for (let i = headBytes - 1; i > 0; i--) {
      head[i] = number % 256;
      number = Math.floor(number / 256);
    }
    return head;
  }
  let rest = BigInt(deliveryId);
  for (let i = headBytes - 1; i > 0; i--) {
    head[i] = Number(rest & 255n);
    rest >>= 8n;
  }
  return head;
}

const base64Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const base32Alphabet = "abcdefghijklmnopqrstuvwxyz234567";

/** Gives a text that lies in one piece: one grown by a letter at a time would be put together again in each link. */
function encode(bytes: Uint8Array, alphabet: Uint8Array, bitsEach: number): string {
  const codes = codesFor(Math.ceil((bytes.length * 8) / bitsEach));
  let count = 0;
  const mask = (1 << bitsEach) - 1;
  let held = 0;
  let bits = 0;
  for (let i = 0; i < bytes.length; i++) {
    held = (held << 8) | (bytes[i] ?? 0);
    bits += 8;
    while (bits >= bitsEach) {
      bits -= bitsEach;
      codes[count++] = alphabet[(held >> bits) & mask] ?? 0;
    }
    held &= (1 << bits) - 1;
  }
  if (bits > 0) codes[count] = alphabet[(held << (bitsEach - bits)) & mask] ?? 0;
  if (codes.length <= 1024) return String.fromCharCode(...codes);
  let text = "";
  // In pieces, because a call takes only so many arguments.
  for (let at = 0; at < codes.length; at += 1024) text += String.fromCharCode(...codes.slice(at, at + 1024));
  return text;
}

/** One list for all tokens of a length. */
const codesByLength: number[][] = [];

function codesFor(length: number): number[] {
  if (length > 64) return new Array<number>(length).fill(0);
  let codes = codesByLength[length];
  if (!codes) {
    codes = new Array<number>(length).fill(0);
    codesByLength[length] = codes;
  }
  return codes;
}

function codesOf(alphabet: string): Uint8Array {
  return Uint8Array.from(alphabet, (character) => character.charCodeAt(0));
}
const base64Codes = codesOf(base64Alphabet);
const base32Codes = codesOf(base32Alphabet);

/** The value of each character code below 128; 255 for one that is not of the alphabet. */
function valuesOf(alphabet: string): Uint8Array {
  const values = new Uint8Array(128).fill(255);
  for (let i = 0; i < alphabet.length; i++) values[alphabet.charCodeAt(i)] = i;
  return values;
}
const base64Values = valuesOf(base64Alphabet);
const base32Values = valuesOf(base32Alphabet);

function decode(text: string, values: Uint8Array, bitsEach: number): Uint8Array | undefined {
  const bytes = new Uint8Array((text.length * bitsEach) >> 3);
  let length = 0;
  let held = 0;
  let bits = 0;
  for (let i = 0; i < text.length; i++) {
    const value = values[text.charCodeAt(i)] ?? 255;
    if (value === 255) return undefined;
    held = (held << bitsEach) | value;
    bits += bitsEach;
    if (bits >= 8) {
      bits -= 8;
      bytes[length++] = held >> bits;
      held &= (1 << bits) - 1;
    }
  }
  // A lone character and left-over bits that are not zero would make many texts stand for one token.
  return held === 0 && bits < bitsEach ? bytes : undefined;
}

/** Encodes bytes as unpadded base64url (RFC 4648, section 5). */
export function toBase64Url(bytes: Uint8Array): string {
  return encode(bytes, base64Codes, 6);
}

/** Decodes unpadded base64url; undefined if it is anything else. */
export function fromBase64Url(text: string): Uint8Array | undefined {
  return decode(text, base64Values, 6);
}

function toBase32(bytes: Uint8Array): string {
  return encode(bytes, base32Codes, 5);
}

function fromBase32(text: string): Uint8Array | undefined {
  return decode(text.toLowerCase(), base32Values, 5);
}
