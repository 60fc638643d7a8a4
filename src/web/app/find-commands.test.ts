import { expect, test } from "vitest";
import { findCommands } from "./find-commands.ts";

const commands = [
  { label: "Contacts", href: "/contacts" },
  { label: "Import contacts", href: "/contacts/imports/new" },
  { label: "API keys", href: "/settings/api-keys" },
];
const labels = (typed: string) => findCommands(commands, typed).map(({ label }) => label);

test("nothing typed offers everything", () => {
  expect(labels("")).toEqual(["Contacts", "Import contacts", "API keys"]);
});

test("every typed word must begin a word of the label; a label that begins with it comes first", () => {
  expect(labels("con")).toEqual(["Contacts", "Import contacts"]);
  expect(labels("im con")).toEqual(["Import contacts"]);
  expect(labels("keys")).toEqual(["API keys"]);
  expect(labels("ontacts")).toEqual([]);
});
