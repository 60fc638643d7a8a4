import { unreachable } from "../kernel/unreachable.ts";
import type { DateTest, Day, TimeWindow } from "./condition.ts";
import { addDays, dayAt, startOfDay } from "./day.ts";

/** When and where a condition is judged: the moment, and the zone in which days begin. */
export type Frame = { readonly now: Date; readonly timeZone: string };

/** From (inclusive) until (exclusive); a missing bound is open. */
export type Range<Bound> = { readonly from?: Bound; readonly until?: Bound };

/** What a test of dates asks of a calendar day and of a moment. */
export type DateRange = { readonly days: Range<string>; readonly moments: Range<Date> };

const hour = 3_600_000;

/**
 * Resolves a test of dates against the clock.
 *
 * [SG6] A fixed or relative day is a day in the frame's zone. "In the last 7 days" counts 7 × 24 hours back
 * from now for moments, and today with the 6 days before it for calendar days. Both the database and the
 * in-memory meaning use the bounds from here, so they cannot disagree about a calendar.
 */
export function resolveDateTest(test: DateTest, frame: Frame): DateRange {
  const today = dayAt(frame.now, frame.timeZone);
  switch (test.operator) {
    case "on":
      return wholeDays(dayOf(test.day, today), dayOf(test.day, today), frame);
    case "between-days":
      return wholeDays(dayOf(test.from, today), dayOf(test.to, today), frame);
    case "before":
      return wholeDays(undefined, addDays(dayOf(test.day, today), -1), frame);
    case "after":
      return wholeDays(addDays(dayOf(test.day, today), 1), undefined, frame);
    case "in-last-days":
      return {
        days: { from: addDays(today, 1 - test.days), until: addDays(today, 1) },
        moments: lastHours(test.days * 24, frame.now),
      };
    case "in-next-days":
      return {
        days: { from: today, until: addDays(today, test.days) },
        moments: { from: frame.now, until: new Date(frame.now.getTime() + test.days * 24 * hour) },
      };
    default:
      return unreachable(test);
  }
}

/** Resolves an interaction's window to moments. */
export function resolveWindow(window: TimeWindow, frame: Frame): Range<Date> {
  switch (window.kind) {
    case "ever":
      return {};
    case "last":
      return lastHours(window.unit === "days" ? window.amount * 24 : window.amount, frame.now);
    case "between": {
      const today = dayAt(frame.now, frame.timeZone);
      return wholeDays(dayOf(window.from, today), dayOf(window.to, today), frame).moments;
    }
    default:
      return unreachable(window);
  }
}

/** True if a value lies in a range. Works for days (text) and for moments (Date). */
export function isWithin<Bound extends string | Date>(value: Bound, range: Range<Bound>): boolean {
  if (range.from !== undefined && value < range.from) return false;
  return range.until === undefined || value < range.until;
}

/** The calendar day that is meant, given today. */
export function dayOf(day: Day, today: string): string {
  return "date" in day ? day.date : addDays(today, day.daysFromToday);
}

/** Now itself is inside; moments are told apart by the millisecond. */
function lastHours(hours: number, now: Date): Range<Date> {
  return { from: new Date(now.getTime() - hours * hour), until: new Date(now.getTime() + 1) };
}

function wholeDays(first: string | undefined, last: string | undefined, { timeZone }: Frame): DateRange {
  const until = last === undefined ? undefined : addDays(last, 1);
  return {
    days: { ...(first !== undefined && { from: first }), ...(until !== undefined && { until }) },
    moments: {
      ...(first !== undefined && { from: startOfDay(first, timeZone) }),
      ...(until !== undefined && { until: startOfDay(until, timeZone) }),
    },
  };
}
