import { expect, test } from "vitest";
import { bodyOf, issuesOfEvent, valuesOf } from "./event-form.ts";

const now = new Date("2026-03-02T09:00:00Z");
const filled = {
  ...valuesOf(undefined, now),
  name: "Spring",
  startsAt: "2026-04-01T18:00",
  endsAt: "2026-04-01T20:00",
  timeZone: "Europe/Zurich",
};

test("a new event begins with nothing wrong but its name", () => {
  expect(issuesOfEvent(valuesOf(undefined, now)).map(({ path }) => path)).toEqual(["name"]);
});

test("a filled-in form is sent as instants and numbers, and an event fills the form again", () => {
  const body = bodyOf({ ...filled, capacity: "50" });
  expect(body).toMatchObject({ startsAt: "2026-04-01T16:00:00.000Z", capacity: 50, topicId: null });
  expect("slug" in body).toBe(false);
});

test("wrong times and places are found at their fields", () => {
  expect(issuesOfEvent({ ...filled, endsAt: "2026-04-01T17:00" }).map(({ path }) => path)).toEqual([
    "endsAt",
  ]);
  expect(issuesOfEvent({ ...filled, startsAt: "" }).map(({ path }) => path)).toEqual(["startsAt"]);
  for (const capacity of ["0", "-1", "many", "1.5"])
    expect(issuesOfEvent({ ...filled, capacity }).map(({ path }) => path)).toEqual(["capacity"]);
});
