import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { calendarFile } from "./calendar-file.ts";
import { movingUp, placeFor } from "./event-lifecycle.ts";
import { eventTimes } from "./event-times.ts";
import { judgeForm } from "./form-guard.ts";
import { friendsAllowed, readFriends } from "./forward-request.ts";
import { maskAddress } from "./mask-address.ts";

const now = new Date("2026-03-05T12:00:00Z");
const ago = (seconds: number) => new Date(now.getTime() - seconds * 1000);

describe("what a page tells", () => {
  test("[PG3] a masked address is known by its owner only", () => {
    expect(maskAddress("jane.doe@example.com")).toBe("j•••@e•••.com");
    expect(maskAddress("ö@bücher.example")).toBe("ö•••@b•••.example");
    expect(maskAddress("nonsense")).toBe("•••");
  });
  test("an event's times are those of its place", () => {
    const event = {
      startsAt: new Date("2026-03-05T17:00:00Z"),
      endsAt: new Date("2026-03-05T19:00:00Z"),
      timeZone: "Europe/Berlin",
    };
    expect(eventTimes(event)).toBe("Thursday 5 March 2026, 18:00–20:00 (Europe/Berlin)");
    expect(eventTimes({ ...event, timeZone: "Nowhere/Land" })).toContain("(UTC)");
  });
});

describe("[PG6] a form", () => {
  test("that a program filled in, too quickly or too late, is told apart", () => {
    expect(judgeForm({ trap: "", madeAt: ago(10) }, now)).toBe("person");
    expect(judgeForm({ trap: "http://spam", madeAt: ago(10) }, now)).toBe("program");
    expect(judgeForm({ trap: "", madeAt: ago(1) }, now)).toBe("too-quick");
    expect(judgeForm({ trap: "", madeAt: ago(25 * 3600) }, now)).toBe("stale");
    expect(judgeForm({ trap: "", madeAt: undefined }, now)).toBe("stale");
  });
});

describe("[PG8] forwarding", () => {
  test("limits hold together", () => {
    expect(friendsAllowed({ ofDelivery: 0, ofSender: 0, ofInstance: 0 })).toBe(5);
    expect(friendsAllowed({ ofDelivery: 4, ofSender: 0, ofInstance: 0 })).toBe(1);
    expect(friendsAllowed({ ofDelivery: 0, ofSender: 18, ofInstance: 0 })).toBe(2);
    expect(friendsAllowed({ ofDelivery: 0, ofSender: 0, ofInstance: 99_999 })).toBe(0);
  });
  test("a friend's name carries neither lines nor links nor addresses", () => {
    const nameOf = (name: string) => readFriends({ email_1: "a@example.com", name_1: name })[0]?.name;
    expect(nameOf(" Ana\r\nBcc: b@example.com")).toBe("");
    expect(nameOf("win at www.spam.example")).toBe("");
    expect(nameOf("Ana\u202E Lima")).toBe("Ana Lima");
  });
});

describe("[E3] places", () => {
  test("nobody gets a place that is not there, and all that are there are given", () => {
    fc.assert(
      fc.property(
        fc.option(fc.integer({ min: 1, max: 50 })),
        fc.nat(60),
        fc.nat(60),
        (capacity, taken, waiting) => {
          const registered = capacity === null ? taken : Math.min(taken, capacity);
          expect(placeFor(capacity, registered) === "registered").toBe(
            capacity === null || registered < capacity,
          );
          const after = registered + movingUp(capacity, registered, waiting);
          expect(after).toBe(
            capacity === null ? registered + waiting : Math.min(capacity, registered + waiting),
          );
        },
      ),
    );
  });
});

describe("[E7] a calendar file", () => {
  const event = {
    uid: "evt_1@example.com",
    name: "Spring, meeting; part\\1",
    description: "Line one\r\nATTENDEE:mailto:evil@example.com",
    place: "Hall",
    url: "https://example.com/e/x",
    startsAt: now,
    endsAt: now,
    stampedAt: now,
    isCancelled: false,
  };
  test("has no line that a text could add, and no long line", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => {
        const lines = calendarFile({ ...event, name: text, description: text, place: text }).split("\r\n");
        const names = lines.filter((line) => !line.startsWith(" ")).map((line) => line.split(":")[0]);
        const allowed =
          "BEGIN VERSION PRODID METHOD UID DTSTAMP DTSTART DTEND SUMMARY DESCRIPTION LOCATION URL STATUS END";
        for (const name of names) expect([...allowed.split(" "), ""]).toContain(name);
        for (const line of lines) expect(Buffer.byteLength(line.toWellFormed())).toBeLessThanOrEqual(75);
      }),
    );
  });
  test("escapes what has a meaning", () => {
    const file = calendarFile(event);
    expect(file).toContain("SUMMARY:Spring\\, meeting\\; part\\\\1\r\n");
    expect(file).toContain("DESCRIPTION:Line one\\nATTENDEE:mailto:evil@example.com\r\n");
    expect(file).toContain("DTSTART:20260305T120000Z\r\n");
  });
});
