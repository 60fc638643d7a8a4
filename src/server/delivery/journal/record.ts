/**
 * Records of the journal. One has 16 bytes: delivery id (8), kind (1), attempt (1), reply code (2), enhanced subject and detail
 * (1 + 2, 0 for none), check byte (1).
 */
export const recordBytes = 16;
/** Where the kind stands in a record. */
export const kindOffset = 8;
/** S: the final dot is about to be written. */
export const started = 0x53;
/** R: its reply is there. */
export const replied = 0x52;

/** One try of one delivery. */
export type Attempt = { readonly deliveryId: string; readonly attempt: number };

/** What a journal says of one delivery: how far its last noted attempt came. */
export type Noted = {
  readonly attempt: number;
  /** Null: the end of the content was about to be written and no reply is noted. */
  readonly reply: { readonly code: number; readonly enhanced: string | null } | null;
};

/** Writes a record at a place and gives the place behind it. */
export function encodeRecord(
  into: Buffer,
  at: number,
  kind: number,
  { deliveryId, attempt: number }: Attempt,
  code: number,
  enhanced: string | null,
): number {
  const [subject, detail] = statusOf(enhanced);
  writeId(into, at, deliveryId);
  into[at + kindOffset] = kind;
  into[at + 9] = Math.min(number, 255);
  into[at + 10] = code >> 8;
  into[at + 11] = code;
  into[at + 12] = Math.min(subject, 255);
  into[at + 13] = detail >> 8;
  into[at + 14] = detail;
  into[at + 15] = checkOf(into, at);
  return at + recordBytes;
}

/** Ids below 2^53, so nearly all, need no big integers. */
function writeId(into: Buffer, at: number, deliveryId: string): void {
  const id = Number(deliveryId);
  if (id > Number.MAX_SAFE_INTEGER) {
    into.writeBigUInt64BE(BigInt(deliveryId), at);
    return;
  }
  let high = Math.floor(id / 0x1_0000_0000);
  let low = id >>> 0;
  for (let i = 3; i >= 0; i--) {
    into[at + i] = high;
    into[at + 4 + i] = low;
    high >>>= 8;
    low >>>= 8;
  }
}

const noStatus = [0, 0] as const;
let lastStatus: { readonly text: string; readonly numbers: readonly [number, number] } = {
  text: "",
  numbers: noStatus,
};

/** Subject and detail of an enhanced status; servers say the same one again and again. */
function statusOf(enhanced: string | null): readonly [number, number] {
  if (enhanced === null) return noStatus;
  if (enhanced !== lastStatus.text) {
    const [, subject = "0", detail = "0"] = enhanced.split(".");
    lastStatus = { text: enhanced, numbers: [Number(subject), Math.min(Number(detail), 65_535)] };
  }
  return lastStatus.numbers;
}

/** Reads all records that are whole, in the order of writing. */
export function* recordsOf(bytes: Buffer): Generator<Noted & { deliveryId: string }> {
  for (let at = 0; at + recordBytes <= bytes.length; at += recordBytes) {
    // Nothing was written here yet, or it is torn: the last one, after a power cut.
    if (bytes[at + 15] !== checkOf(bytes, at)) continue;
    const code = bytes.readUInt16BE(at + 10);
    const subject = bytes[at + 12] ?? 0;
    const enhanced =
      subject === 0 ? null : `${Math.floor(code / 100)}.${subject}.${bytes.readUInt16BE(at + 13)}`;
    yield {
      deliveryId: bytes.readBigUInt64BE(at).toString(),
      attempt: bytes[at + 9] ?? 0,
      reply: bytes[at + kindOffset] === replied ? { code, enhanced } : null,
    };
  }
}

function checkOf(bytes: Uint8Array, at: number): number {
  let sum = 0xa5;
  for (let i = at; i < at + recordBytes - 1; i++) sum = (sum * 31 + (bytes[i] ?? 0)) & 0xff;
  return sum;
}
