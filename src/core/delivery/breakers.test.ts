import { expect, test } from "vitest";
import { BreakerLimits, judgeBreakers, type WindowCounts } from "./breakers.ts";

const limits = BreakerLimits.parse({});
const none = { tried: 1000, hardBounces: 0, policyRefusals: 0, unmade: 0, complaints: 0, inDoubt: 0 };

test.each<[keyof WindowCounts, number]>([
  ["hardBounces", 50],
  ["policyRefusals", 20],
  ["complaints", 3],
  ["inDoubt", 10],
])("[D30] %s trip above their limit, not at it", (breaker, atLimit) => {
  expect(judgeBreakers({ ...none, [breaker]: atLimit }, limits).kind).not.toBe("trip");
  expect(judgeBreakers({ ...none, [breaker]: atLimit + 1 }, limits)).toMatchObject({ kind: "trip", breaker });
});

test("[D30] messages that could not be made count among all that were to be made", () => {
  expect(judgeBreakers({ ...none, unmade: 10 }, limits).kind).toBe("fine");
  expect(judgeBreakers({ ...none, unmade: 11 }, limits)).toMatchObject({ kind: "trip", breaker: "unmade" });
  expect(judgeBreakers({ ...none, tried: 0, unmade: 100 }, limits).kind).toBe("trip");
});

test("[D30] a small mailing is not stopped by a few bounces, and is by many in doubt", () => {
  expect(judgeBreakers({ ...none, tried: 99, hardBounces: 99 }, limits).kind).toBe("fine");
  expect(judgeBreakers({ ...none, tried: 99, inDoubt: 11 }, limits).kind).toBe("trip");
});

test("[D30] complaints alarm before they stop, and the reason says how many of how many", () => {
  expect(judgeBreakers({ ...none, complaints: 1 }, limits)).toEqual({
    kind: "alarm",
    reason: "0.1 % of recipients complained: 1 of 1000.",
  });
  expect(judgeBreakers({ ...none, hardBounces: 51 }, limits)).toMatchObject({
    reason: "5.1 % of addresses do not exist: 51 of 1000 (limit 5 %).",
  });
});
