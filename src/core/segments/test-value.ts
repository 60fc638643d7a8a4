import { unreachable } from "../kernel/unreachable.ts";
import type { DateTest, Test } from "./condition.ts";
import { type Frame, isWithin, resolveDateTest } from "./date-range.ts";
import { foldCase } from "./fold-case.ts";

/**
 * True if a value passes a test. The value is what JSON holds (text, number, true/false, list, null), or a Date
 * for a moment that the database keeps as one.
 *
 * [SG1] Never unknown: no value, or one of another type than the test is about, does not pass.
 */
export function passesTest(value: unknown, test: Test, frame: Frame): boolean {
  switch (test.operator) {
    case "equals":
      if (typeof test.value !== "string") return value === test.value;
      return typeof value === "string" && foldCase(value) === foldCase(test.value);
    case "contains":
      return typeof value === "string" && foldCase(value).includes(foldCase(test.value));
    case "starts-with":
      return typeof value === "string" && foldCase(value).startsWith(foldCase(test.value));
    case "ends-with":
      return typeof value === "string" && foldCase(value).endsWith(foldCase(test.value));
    case "one-of":
      return typeof value === "string" && test.values.some((one) => foldCase(one) === foldCase(value));
    case "less":
      return typeof value === "number" && value < test.value;
    case "at-most":
      return typeof value === "number" && value <= test.value;
    case "greater":
      return typeof value === "number" && value > test.value;
    case "at-least":
      return typeof value === "number" && value >= test.value;
    case "between":
      return typeof value === "number" && value >= test.from && value <= test.to;
    case "has-any":
      return test.values.some((one) => has(value, one));
    case "has-all":
      return test.values.every((one) => has(value, one));
    case "is-empty":
      return isEmpty(value);
    case "on":
    case "before":
    case "after":
    case "between-days":
    case "in-last-days":
    case "in-next-days":
      return passesDateTest(value, test, frame);
    default:
      return unreachable(test);
  }
}

/** [SG4] No value, empty text and an empty list are the same thing: empty. */
function isEmpty(value: unknown): boolean {
  return (
    value === undefined || value === null || value === "" || (Array.isArray(value) && value.length === 0)
  );
}

/** [SG5] A single choice is a list of one. Choices come from a list, so they compare exactly. */
function has(value: unknown, one: string): boolean {
  return value === one || (Array.isArray(value) && value.includes(one));
}

/** How dates are written in attributes: a calendar day, or a moment in UTC with milliseconds. */
export const dayPattern = "^\\d{4}-\\d{2}-\\d{2}$";
export const momentPattern = "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$";
const isDay = new RegExp(dayPattern);
const isMoment = new RegExp(momentPattern);

/** Both forms sort as text, so nothing needs to be read as a date, and nothing malformed can raise an error. */
function passesDateTest(value: unknown, test: DateTest, frame: Frame): boolean {
  const { days, moments } = resolveDateTest(test, frame);
  if (value instanceof Date) return isWithin(value, moments);
  if (typeof value !== "string") return false;
  if (isDay.test(value)) return isWithin(value, days);
  return isMoment.test(value) && isWithin(value, asText(moments));
}

/** The bounds as attributes write moments. */
export function asText({ from, until }: { readonly from?: Date; readonly until?: Date }) {
  return { ...(from && { from: from.toISOString() }), ...(until && { until: until.toISOString() }) };
}
