import { expect, test } from "vitest";
import { mappingProblems } from "./column.ts";
import { guessColumns } from "./guess-columns.ts";
import { guessDelimiter, guessEncoding, guessHeader } from "./guess-format.ts";
import { createRowReader, mergeRows } from "./read-row.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const none = () => false;

test("encodings are told by byte order mark, by zero bytes, by being valid UTF-8", () => {
  const wide = (text: string, swap: boolean) =>
    Uint8Array.from([...text].flatMap((sign) => (swap ? [0, sign.charCodeAt(0)] : [sign.charCodeAt(0), 0])));
  expect(guessEncoding(Uint8Array.of(0xff, 0xfe, 0x61, 0), false)).toBe("utf-16le");
  expect(guessEncoding(Uint8Array.of(0xfe, 0xff, 0, 0x61), false)).toBe("utf-16be");
  expect(guessEncoding(wide("email,name\nana@example.com,Ana\n", false), true)).toBe("utf-16le");
  expect(guessEncoding(wide("email,name\nana@example.com,Ana\n", true), true)).toBe("utf-16be");
  expect(guessEncoding(bytes("email\nana@example.com"), true)).toBe("utf-8");
  expect(guessEncoding(Uint8Array.of(0x4a, 0xf6, 0x72, 0x67), false)).toBe("windows-1252");
});

test.each([
  ["email,name\na@b.co,Ana\n", ","],
  ["email;name;sum\na@b.co;Ana;1,5\nb@b.co;Bo;2,5\n", ";"],
  ["email\tname\na@b.co\tAna, Maria\n", "\t"],
  ["email|name\na@b.co|Ana\n", "|"],
  ["email\na@b.co\n", ","],
  ['"email","a;b"\n"x@y.zz","c;d;e"\n', ","],
])("%j is separated by %j", (text, delimiter) => {
  expect(guessDelimiter(text)).toBe(delimiter);
});

test("a first row with an address in it is no header", () => {
  expect(guessHeader([["email"], ["a@b.co"]])).toBe(true);
  expect(guessHeader([["a@b.co", "Ana"]])).toBe(false);
});

test("columns are known by their headers in several languages, or become attributes of a fitting type", () => {
  const headers = [
    "E-Mail",
    "Vorname",
    "Ort",
    "Kunden-Nr.",
    "Points",
    "Since",
    "VIP",
    "Land",
    "Phone",
    "Email",
  ];
  const row = ["a@b.co", "Ana", "Bonn", "A-1", "12.5", "2026-01-01", "yes", "Germany", "+49 1", "x@y.zz"];
  const attributes = [{ key: "points", label: "Points", type: "number", choices: [] }] as const;
  const guessed = guessColumns(headers, [row], attributes, true, (key) => key === "email");
  expect(guessed.map(({ target }) => target)).toEqual([
    { kind: "email" },
    { kind: "field", field: "firstName" },
    { kind: "field", field: "city" },
    { kind: "new-attribute", key: "kunden_nr", label: "Kunden-Nr.", type: "text" },
    { kind: "attribute", key: "points" },
    { kind: "new-attribute", key: "since", label: "Since", type: "date" },
    { kind: "new-attribute", key: "vip", label: "VIP", type: "boolean" },
    { kind: "new-attribute", key: "land", label: "Land", type: "text" },
    { kind: "new-attribute", key: "phone", label: "Phone", type: "text" },
    { kind: "new-attribute", key: "email_2", label: "Email", type: "text" },
  ]);
});

test("without a header the column of addresses is found, and the rest is ignored", () => {
  const guessed = guessColumns(["Column 1", "Column 2"], [["Ana", "a@b.co"]], [], false, none);
  expect(guessed.map(({ target }) => target.kind)).toEqual(["ignore", "email"]);
});

test("headers that mean something to JavaScript become ordinary keys", () => {
  const guessed = guessColumns(
    ["email", "__proto__", "constructor"],
    [],
    [],
    true,
    (key) => key === "constructor",
  );
  expect(guessed.map(({ target }) => ("key" in target ? target.key : target.kind))).toEqual([
    "email",
    "proto",
    "constructor_2",
  ]);
});

test("a mapping needs exactly one address and no target twice", () => {
  const email = { kind: "email" } as const;
  const city = { kind: "field", field: "city" } as const;
  expect(mappingProblems([email, city], 2, new Set(), none)).toEqual([]);
  expect(mappingProblems([city, city], 2, new Set(), none)).toHaveLength(2);
  expect(mappingProblems([email], 2, new Set(), none)).toHaveLength(1);
  expect(mappingProblems([email, { kind: "attribute", key: "x" }], 2, new Set(), none)).toHaveLength(1);
  const fresh = { kind: "new-attribute", key: "x", label: "X", type: "text" } as const;
  expect(mappingProblems([email, fresh], 2, new Set(["x"]), none)).toHaveLength(1);
});

test("a row is taken over whole or not at all, with all of its problems", () => {
  const read = createRowReader(
    [
      { kind: "email" },
      { kind: "field", field: "country" },
      { kind: "attribute", key: "points" },
      { kind: "ignore" },
    ],
    [{ key: "points", type: "number", choices: [] }],
    (domain) => domain,
  );
  expect(read(["Ana@b.co", "de", "5", "x"])).toEqual({
    email: "Ana@b.co",
    key: "ana@b.co",
    fields: { country: "DE" },
    attributes: new Map([["points", 5]]),
  });
  expect(read(["ana@b.co"])).toMatchObject({ key: "ana@b.co", fields: {} });
  expect(read(["nobody", "Germany", "many", "x", "y"])).toEqual([
    { column: 0, code: "address-invalid", message: expect.any(String) },
    { column: null, code: "too-many-cells", message: expect.any(String) },
    { column: 1, code: "value-invalid", message: expect.any(String) },
    { column: 2, code: "value-invalid", message: expect.any(String) },
  ]);
});

test("of two rows for one address the later counts where it says something", () => {
  const row = (fields: object, points?: number) => ({
    email: "a@b.co",
    key: "a@b.co",
    fields,
    attributes: new Map(points === undefined ? [] : [["points", points]]),
  });
  expect(mergeRows(row({ city: "Bonn", country: "DE" }, 1), row({ city: "Rome" }))).toEqual(
    row({ city: "Rome", country: "DE" }, 1),
  );
});
