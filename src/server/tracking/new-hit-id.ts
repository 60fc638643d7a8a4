import { randomFillSync } from "node:crypto";

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
