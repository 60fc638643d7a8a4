import { expect, test } from "vitest";
import { periodFrom } from "./period.ts";
import { reasonWords } from "./reason-words.ts";
import { hrefOf, kindOf, wordsOf } from "./scope-words.ts";

test("a reason is read as words, whatever it is", () => {
  expect(reasonWords("suppressed-hard-bounce")).toBe("Suppressed: hard bounce");
  expect(reasonWords("no-consent")).toBe("No consent to the topic");
  expect(reasonWords("mailbox-full")).toBe("Mailbox full");
});

test("every kind of id leads to its numbers, and none to a page that is not there", () => {
  expect(hrefOf("msg_3")).toBe("/insights/messages/msg_3");
  expect(hrefOf("jrn_3")).toBe("/insights/journeys/jrn_3");
  expect(hrefOf("cnt_3")).toBe("/insights");
  expect(kindOf("tpl_1")?.singular).toBe("Template");
  expect(wordsOf("mailing").parts).toEqual([]);
});

test("a period begins at a whole hour, and an unknown one is the usual one", () => {
  const now = new Date("2026-03-02T09:41:12Z");
  expect(periodFrom("7", now)).toEqual({ days: "7", from: "2026-02-23T09:00:00.000Z" });
  expect(periodFrom("forever", now).days).toBe("30");
});
