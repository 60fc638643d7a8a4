import { expect, test } from "vitest";
import { lastTakenAt, webhookSummary } from "./webhook-values.ts";

const count = (kind: string, total: number, lastAt = "2026-01-01T00:00:00.000Z") => ({
  kind,
  total,
  lastAt,
  note: null,
});

test("what came is said in one order, without what never came and without what was refused", () => {
  const counts = [count("refused", 9), count("other", 3), count("bounce", 1200), count("complaint", 0)];
  expect(webhookSummary({ counts }, (value) => `#${value}`)).toBe("#1200 bounces, #3 of no matter");
  expect(webhookSummary({ counts: [count("refused", 1)] }, String)).toBeUndefined();
});

test("the last time is the last of what was taken", () => {
  const counts = [
    count("bounce", 1, "2026-01-02T00:00:00.000Z"),
    count("other", 1, "2026-01-03T00:00:00.000Z"),
    count("refused", 1, "2026-01-04T00:00:00.000Z"),
  ];
  expect(lastTakenAt({ counts })).toBe("2026-01-03T00:00:00.000Z");
  expect(lastTakenAt({ counts: [] })).toBeUndefined();
});
