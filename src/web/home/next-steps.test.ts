import { expect, test } from "vitest";
import { isUnderWay, nextSteps, type Progress } from "./next-steps.ts";

const nothing: Progress = {
  hasPostalAddress: false,
  contacts: 0,
  hasSegment: false,
  hasMessage: false,
  hasLiveMessage: false,
  hasJourney: false,
  hasLiveJourney: false,
};
const everything: Progress = {
  hasPostalAddress: true,
  contacts: 3,
  hasSegment: true,
  hasMessage: true,
  hasLiveMessage: true,
  hasJourney: true,
  hasLiveJourney: true,
};
const firstUndone = (progress: Progress) => nextSteps(progress).find(({ isDone }) => !isDone)?.title;

test("a new workspace begins with who it is", () => {
  expect(firstUndone(nothing)).toBe("Say who you are");
  expect(isUnderWay(nothing)).toBe(false);
});

test("each step is done by real data, and the next one follows", () => {
  expect(firstUndone({ ...nothing, hasPostalAddress: true })).toBe("Bring in your contacts");
  expect(firstUndone({ ...everything, hasLiveMessage: false })).toBe("Take it live");
  expect(firstUndone({ ...everything, hasLiveJourney: false })).toBe("Build a journey");
});

test("a journey that was begun is opened, not begun again", () => {
  const step = nextSteps({ ...everything, hasLiveJourney: false }).find(
    ({ title }) => title === "Build a journey",
  );
  expect(step?.href).toBe("/journeys");
});

test("once the first journey runs, the list has done its work", () => {
  expect(isUnderWay(everything)).toBe(true);
});
