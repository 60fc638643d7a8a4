import { describe, expect, test } from "vitest";
import { isNewKeySuggested, type KeyFacts, keyStates, signingKey } from "./key-states.ts";

const start = Date.UTC(2026, 0, 5, 9);
const key = (kid: number, afterSeconds: number, retiredAt: number | null = null): KeyFacts => ({
  kid,
  createdAt: start + afterSeconds * 1000,
  retiredAt,
});
const at = (seconds: number) => start + seconds * 1000;
const states = (keys: readonly KeyFacts[], seconds: number) =>
  [...keyStates(keys, at(seconds)).values()].map(({ state, canRetire }) => (canRetire ? `${state}!` : state));

describe("[T56] a new key", () => {
  const two = [key(1, 0), key(2, 1000)];
  test("waits a minute before it signs, and the one before verifies then", () => {
    expect(states(two, 1059)).toEqual(["signs", "waiting"]);
    expect(states(two, 1060)).toEqual(["verifies", "signs"]);
    expect([signingKey(two, at(1059)), signingKey(two, at(1060))]).toEqual([1, 2]);
  });
  test("signs at once where it is the first of all", () => {
    expect(signingKey([key(1, 0)], at(0))).toBe(1);
    expect(signingKey([], at(0))).toBeUndefined();
  });
});

describe("[T59] a key can be retired", () => {
  test("only once no sender can still be signing with it", () => {
    const two = [key(1, 0), key(2, 1000)];
    expect(states(two, 1119)).toEqual(["verifies", "signs"]);
    expect(states(two, 1120)).toEqual(["verifies!", "signs"]);
  });
  test("and never signs again, not even as the last one left", () => {
    const all = [key(1, 0, at(5000)), key(2, 1000, at(5000)), key(3, 4900)];
    expect(signingKey(all, at(6000))).toBe(3);
    expect(states(all, 6000)).toEqual(["retired", "retired", "signs"]);
    expect(signingKey([key(1, 0, at(10))], at(20))).toBeUndefined();
  });
});

test("[T57] a new key is suggested a year after the last one was made", () => {
  const year = 365 * 86_400;
  expect(isNewKeySuggested([key(1, 0)], at(year))).toBe(false);
  expect(isNewKeySuggested([key(1, 0)], at(year + 1))).toBe(true);
  expect(isNewKeySuggested([key(1, 0), key(2, 1000)], at(year + 1))).toBe(false);
});
