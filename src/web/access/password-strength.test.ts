import { expect, test } from "vitest";
import { passwordStrength } from "./password-strength.ts";

test("a password is judged by the rules of the server while it is typed", () => {
  expect(passwordStrength("", "").level).toBe(0);
  expect(passwordStrength("short", "")).toEqual({ level: 1, words: "Use at least 10 characters." });
  expect(passwordStrength("ana@example.org", "ana@example.org").level).toBe(1);
  expect(passwordStrength("blue kettle", "ana@example.org").level).toBe(2);
  expect(passwordStrength("blue kettle morning", "ana@example.org").level).toBe(3);
});
