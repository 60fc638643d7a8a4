import { expect, test } from "vitest";
import type { FieldType } from "../messages/contact-schema.ts";
import { readAttributeText, readAttributeValue } from "./attribute-value.ts";
import { readFieldText } from "./field-value.ts";

const rule = (type: FieldType) => ({ key: "k", type, choices: ["Gold", "Silver", "gold plus"] });

test.each<[FieldType, string, unknown]>([
  ["text", "  hello ", "hello"],
  ["number", "12.5", 12.5],
  ["number", "12,5", 12.5],
  ["number", "-3", -3],
  ["number", "1e3", 1000],
  ["boolean", "Yes", true],
  ["boolean", "0", false],
  ["date", "2024-02-29", "2024-02-29"],
  ["date", "1.3.2026", "2026-03-01"],
  ["datetime", "2026-12-31T18:00:00+01:00", "2026-12-31T17:00:00.000Z"],
  ["datetime", "2026-12-31 18:00", "2026-12-31T18:00:00.000Z"],
  ["choice", "gold", "Gold"],
  ["choices", "gold; Silver|GOLD", ["Gold", "Silver"]],
  ["list", '[{"sku":"a"}]', [{ sku: "a" }]],
])("%s takes %j", (type, text, value) => {
  expect(readAttributeText(rule(type), text)).toEqual({ ok: true, value });
});

test.each<[FieldType, unknown]>([
  ["text", 5],
  ["text", "x".repeat(10_001)],
  ["number", "1,234"],
  ["number", "1.234.567"],
  ["number", "12 apples"],
  ["number", "0x10"],
  ["number", Number.NaN],
  ["number", "9e999"],
  ["boolean", "perhaps"],
  ["date", "2026-02-30"],
  ["date", "3/4/2026"],
  ["datetime", "2026-12-31T25:00:00Z"],
  ["datetime", "tomorrow"],
  ["choice", "Bronze"],
  ["choices", ["Gold", 5]],
  ["list", "{}"],
  ["list", "[1]"],
  ["list", [null]],
  ["list", '[{"a":"\\u0000"}]'],
  ["list", [{ a: ["\ud800"] }]],
  ["text", "zero\0byte"],
  ["text", "half \ud800"],
  ["list", "[".repeat(1000)],
])("%s refuses %j", (type, value) => {
  expect(readAttributeValue(rule(type), value)).toEqual({ ok: false, error: expect.any(String) });
});

test("values that have their type already are taken as they are", () => {
  expect(readAttributeValue(rule("number"), 0)).toEqual({ ok: true, value: 0 });
  expect(readAttributeValue(rule("boolean"), false)).toEqual({ ok: true, value: false });
  expect(readAttributeValue(rule("choices"), [])).toEqual({ ok: true, value: [] });
});

test("fields are trimmed, empty ones are null, and none holds a line break", () => {
  expect(readFieldText("firstName", " Ana ")).toEqual({ ok: true, value: "Ana" });
  expect(readFieldText("city", "  ")).toEqual({ ok: true, value: null });
  expect(readFieldText("country", "de")).toEqual({ ok: true, value: "DE" });
  expect(readFieldText("timeZone", "America/Argentina/Buenos_Aires").ok).toBe(true);
  expect(readFieldText("firstName", "Ana\r\nBcc: x@example.com").ok).toBe(false);
  expect(readFieldText("country", "Germany").ok).toBe(false);
  expect(readFieldText("timeZone", "../etc/passwd").ok).toBe(false);
  expect(readFieldText("language", "german please").ok).toBe(false);
  expect(readFieldText("lastName", "x".repeat(201)).ok).toBe(false);
});
