import type { ProvenRuns } from "./byte-buffer.ts";

/** Where the pieces of a message lie, as the renderer gives them. */
export type GateBounds = {
  readonly bodyStart: number;
  readonly end: number;
  readonly wireEnd: number;
  /**
   * Copies of lines that `areSoundLines` has said yes to, but for letters, digits, - and _ that stand where others of
   * these did. Only what lies between them is looked at; without it, everything is.
   */
  readonly proven?: Readonly<ProvenRuns> | undefined;
};

export type WireViolation =
  | "line-too-long"
  | "bare-cr"
  | "bare-lf"
  | "nul"
  | "not-7-bit"
  | "dot-at-line-start"
  | "terminator"
  | "header-malformed"
  | "header-missing"
  | "header-repeated"
  | "bounds";

const lineLimit = 998;
const mandatory = ["from", "to", "subject", "date", "message-id", "mime-version", "content-type"];
const singletons = [
  ...mandatory,
  "sender",
  "reply-to",
  "cc",
  "bcc",
  "return-path",
  "content-transfer-encoding",
  "list-id",
  "list-unsubscribe",
  "list-unsubscribe-post",
  "feedback-id",
  "precedence",
  "auto-submitted",
];

/** One bit for each header that may stand only once, by the length of its name. */
const namesByLength: { readonly codes: readonly number[]; readonly bit: number }[][] = [];
singletons.forEach((name, i) => {
  const codes = [...name].map((character) => character.charCodeAt(0));
  namesByLength[name.length] = [...(namesByLength[name.length] ?? []), { codes, bit: 1 << i }];
});
// They come first.
const allMandatory = (1 << mandatory.length) - 1;

/**
 * The last look at the bytes before they go on the wire, whoever made them (RFC 5321 4.5.2, RFC 5322 2.1): what it
 * finds must not be sent. One pass, four bytes at a time where nothing is to be seen, because it runs on each message.
 */
export function wireGate(bytes: Uint8Array, bounds: GateBounds): readonly WireViolation[] {
  const { bodyStart, end, wireEnd } = bounds;
  if (!(bodyStart > 4 && bodyStart <= end && wireEnd === end + 3 && wireEnd <= bytes.length))
    return ["bounds"];
  const found = new Set<WireViolation>();
  // The quick look only ever says yes; what is wrong, the whole scan says.
  if (!bounds.proven || !isSoundBetween(bytes, end, bounds.proven)) scanLines(bytes, end, found);
  const isTerminated =
    bytes[end - 2] === 13 &&
    bytes[end - 1] === 10 &&
    bytes[end] === 46 &&
    bytes[end + 1] === 13 &&
    bytes[end + 2] === 10;
  if (!isTerminated) found.add("terminator");
  scanHeaders(bytes, bodyStart, found);
  return [...found];
}

/** True for lines that can stand in a body wherever a line may begin: nothing in them would be found, and they end. */
export function areSoundLines(bytes: Uint8Array, from = 0, to = bytes.length): boolean {
  if (to - from < 2 || bytes[to - 2] !== 13 || bytes[to - 1] !== 10) return from === to;
  let lineStart = from;
  for (let at = from; at < to; at++) {
    const byte = bytes[at] ?? 0;
    if (byte >= 32 && byte < 128) {
      if (byte === 46 && at === lineStart) return false;
    } else if (byte === 13) {
      if (at - lineStart > lineLimit || bytes[at + 1] !== 10) return false;
      at++;
      lineStart = at + 1;
    } else if (byte === 10 || byte === 0 || byte > 127) return false;
  }
  return true;
}

/** Looks at what lies between proven runs, and at each seam: a run must begin where a line does and end with one. */
function isSoundBetween(bytes: Uint8Array, end: number, { bounds, length }: Readonly<ProvenRuns>): boolean {
  let from = 0;
  for (let i = 0; i < length; i += 2) {
    const start = bounds[i] ?? 0;
    const stop = bounds[i + 1] ?? 0;
    if (start < from || stop < start + 2 || stop > end || !areSoundLines(bytes, from, start)) return false;
    if (bytes[stop - 2] !== 13 || bytes[stop - 1] !== 10 || bytes[start] === 46) return false;
    from = stop;
  }
  return areSoundLines(bytes, from, end);
}

function scanLines(bytes: Uint8Array, end: number, found: Set<WireViolation>): void {
  // A message that does not start on a word boundary is looked at byte by byte throughout.
  const isAligned = bytes.byteOffset % 4 === 0;
  const words = isAligned
    ? new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2)
    : new Int32Array(0);
  let lineStart = 0;
  let at = 0;
  while (at < end) {
    if ((at & 3) === 0 && isAligned) {
      // Skips words of four bytes that are all printable ASCII: none has its top bit set or is below 32.
      let word = at >> 2;
      const last = end >> 2;
      while (word < last) {
        const four = words[word] ?? 0;
        if ((((four - 0x20202020) | four) & 0x80808080) !== 0) break;
        word++;
      }
      at = word << 2;
      if (at >= end) break;
    }
    const byte = bytes[at] ?? 0;
    if (byte === 13) {
      if (bytes[at + 1] !== 10) {
        found.add("bare-cr");
        at++;
        continue;
      }
      if (at - lineStart > lineLimit) found.add("line-too-long");
      at += 2;
      lineStart = at;
      if (bytes[at] === 46 && at < end) found.add("dot-at-line-start");
      continue;
    }
    if (byte === 10) found.add("bare-lf");
    else if (byte === 0) found.add("nul");
    else if (byte > 127) found.add("not-7-bit");
    at++;
  }
  if (end - lineStart > lineLimit) found.add("line-too-long");
}

function scanHeaders(bytes: Uint8Array, bodyStart: number, found: Set<WireViolation>): void {
  const isClosed =
    bytes[bodyStart - 4] === 13 &&
    bytes[bodyStart - 3] === 10 &&
    bytes[bodyStart - 2] === 13 &&
    bytes[bodyStart - 1] === 10;
  if (!isClosed) found.add("header-malformed");
  let seen = 0;
  let at = 0;
  while (at < bodyStart - 2) {
    let colon = -1;
    let lineEnd = at;
    while (lineEnd < bodyStart && bytes[lineEnd] !== 13) {
      if (colon < 0 && bytes[lineEnd] === 58) colon = lineEnd;
      lineEnd++;
    }
    if (lineEnd === bodyStart) break;
    const isFolded = bytes[at] === 32 || bytes[at] === 9;
    if (isFolded ? at === 0 : colon <= at) found.add("header-malformed");
    if (!isFolded && colon > at) {
      if (!isFieldName(bytes, at, colon)) found.add("header-malformed");
      const bit = knownName(bytes, at, colon);
      if ((seen & bit) !== 0) found.add("header-repeated");
      seen |= bit;
    }
    at = lineEnd + 2;
  }
  if ((seen & allMandatory) !== allMandatory) found.add("header-missing");
}

function isFieldName(bytes: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) {
    const byte = bytes[i] ?? 0;
    if (byte < 33 || byte > 126) return false;
  }
  return true;
}

/** The bit of a header that may stand only once; 0 for any other. */
function knownName(bytes: Uint8Array, from: number, to: number): number {
  for (const { codes, bit } of namesByLength[to - from] ?? []) {
    let i = 0;
    // 32 makes letters small and leaves the hyphen as it is.
    while (i < codes.length && ((bytes[from + i] ?? 0) | 32) === codes[i]) i++;
    if (i === codes.length) return bit;
  }
  return 0;
}
