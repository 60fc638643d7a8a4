import { expect, test } from "vitest";
import { timelineFacts, timelineWords } from "./timeline-words.ts";

const entry = {
  source: "interaction" as const,
  kind: "click",
  messageName: "Spring letter",
  journeyName: null,
  isMachine: false,
  details: {},
};

test("what happened is told as a sentence", () => {
  expect(timelineWords(entry)).toBe("Clicked in “Spring letter”");
  expect(timelineWords({ ...entry, kind: "x:bought" })).toBe("Did “bought”");
  expect(timelineWords({ ...entry, source: "delivery", kind: "accepted" })).toBe("Was sent “Spring letter”");
  expect(timelineWords({ ...entry, source: "consent", kind: "withdrawn", details: {} })).toBe(
    "Withdrew from all commercial mail",
  );
  expect(
    timelineWords({ ...entry, source: "journey", journeyName: "Welcome", details: { tile: "Wait" } }),
  ).toBe("Passed “Wait” in “Welcome”");
  const passage = { ...entry, source: "journey" as const, journeyName: "Welcome" };
  expect(timelineWords({ ...passage, kind: "timeout", details: { tileKind: "trigger" } })).toBe(
    "Passed “Trigger” in “Welcome”: Time-out",
  );
  expect(timelineWords({ ...passage, kind: "next", details: { tileKind: "end" } })).toBe(
    "Reached the end of “Welcome”",
  );
  expect(timelineWords({ ...entry, kind: "registered", details: { event: "Gala" } })).toBe(
    "Registered for “Gala”",
  );
});

test("a hit by a machine says so", () => {
  expect(timelineFacts({ ...entry, isMachine: true, details: { link: "https://example.org" } })).toEqual([
    "https://example.org",
    "believed to be a machine",
  ]);
});

test("how consent was given is said in words", () => {
  expect(
    timelineFacts({ ...entry, source: "consent", kind: "granted", details: { source: "import" } }),
  ).toEqual(["by an import"]);
});
