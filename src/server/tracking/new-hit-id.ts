import { createHash, randomFillSync } from "node:crypto";

const hexOf = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));
/** Dice are thrown for many ids at once: each throw is a call into the operating system. */
const dice = Buffer.alloc(10 * 400);
let used = dice.length;

/** A UUID of version 7 (RFC 9562, section 5.7): ordered by time, so that the unique index grows at its end. */
export function newHitId(at: Date): string {
  if (used === dice.length) {
    randomFillSync(dice);
    used = 0;
  }
  const hex = (place: number) => hexOf[dice[used + place] ?? 0] ?? "";
  const time = at.getTime().toString(16).padStart(12, "0");
  const version = hexOf[((dice[used] ?? 0) & 0x0f) | 0x70] ?? "";
  const variant = hexOf[((dice[used + 2] ?? 0) & 0x3f) | 0x80] ?? "";
  const id = `${time.slice(0, 8)}-${time.slice(8)}-${version}${hex(1)}-${variant}${hex(3)}-${hex(4)}${hex(5)}${hex(6)}${hex(7)}${hex(8)}${hex(9)}`;
  used += 10;
  return id;
}

/** A UUID of version 8 (RFC 9562, section 5.8) that is the same for every telling of one thing. */
export function namedHitId(name: string): string {
  const bytes = createHash("sha256").update(name).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
