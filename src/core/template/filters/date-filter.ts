import { toText, type Value } from "../value.ts";
import type { Filters } from "./filter.ts";
import { calendarName, readMoment, type WallTime } from "./moment.ts";

export const dateFilters: Filters = {
  date: {
    args: [0, 1],
    run: (input, [format = "%Y-%m-%d"], { budget, locale, timeZone, now }) => {
      if (input === null || input === "") return null;
      const moment = readMoment(input, timeZone, now);
      // What is no date is shown as it is, as in Liquid.
      return moment
        ? budget.made(formatMoment(moment, budget.made(toText(format)), locale))
        : (input satisfies Value);
    },
  },
};

/** Writes a moment after a strftime pattern. Names of months and days are in the given language. */
export function formatMoment(moment: WallTime, pattern: string, locale: string): string {
  return pattern.replace(
    /%([-0^_#]?)(\d{0,2})([a-zA-Z%])/g,
    (whole, flag: string, width: string, code: string) => {
      const directive = directives[code];
      if (!directive) return whole;
      const { text, width: usual = 0, fill = "0" } = directive(moment, locale);
      if (flag === "^") return text.toUpperCase();
      if (flag === "#") return text.toLowerCase();
      if (flag === "-") return text;
      return text.padStart(
        width === "" ? usual : Number(width),
        flag === "_" ? " " : flag === "0" ? "0" : fill,
      );
    },
  );
}

type Piece = { readonly text: string; readonly width?: number; readonly fill?: string };

function digits(value: number, width = 2): Piece {
  return { text: String(value), width };
}

function spaced(value: number): Piece {
  return { text: String(value), width: 2, fill: " " };
}

const composed = (pattern: string) => (moment: WallTime, locale: string) => ({
  text: formatMoment(moment, pattern, locale),
});

const directives: { readonly [code: string]: ((moment: WallTime, locale: string) => Piece) | undefined } =
  Object.assign(Object.create(null), {
    Y: (m) => digits(m.year, 4),
    C: (m) => digits(Math.floor(m.year / 100)),
    y: (m) => digits(m.year % 100),
    m: (m) => digits(m.month),
    d: (m) => digits(m.day),
    e: (m) => spaced(m.day),
    j: (m) => digits(dayOfYear(m), 3),
    H: (m) => digits(m.hour),
    k: (m) => spaced(m.hour),
    I: (m) => digits(m.hour % 12 || 12),
    l: (m) => spaced(m.hour % 12 || 12),
    M: (m) => digits(m.minute),
    S: (m) => digits(m.second),
    L: (m) => digits(m.millisecond, 3),
    p: (m) => ({ text: m.hour < 12 ? "AM" : "PM" }),
    P: (m) => ({ text: m.hour < 12 ? "am" : "pm" }),
    B: (m, locale) => ({ text: calendarName("month", "long", m.month, locale) }),
    b: (m, locale) => ({ text: calendarName("month", "short", m.month, locale) }),
    h: (m, locale) => ({ text: calendarName("month", "short", m.month, locale) }),
    A: (m, locale) => ({ text: calendarName("weekday", "long", weekday(m), locale) }),
    a: (m, locale) => ({ text: calendarName("weekday", "short", weekday(m), locale) }),
    u: (m) => ({ text: String(weekday(m) || 7) }),
    w: (m) => ({ text: String(weekday(m)) }),
    V: (m) => digits(isoWeek(m).week),
    G: (m) => digits(isoWeek(m).year, 4),
    s: (m) => ({ text: String(Math.floor((utcOf(m) - m.offset * 60_000) / 1000)) }),
    z: (m) => ({ text: offsetText(m.offset) }),
    Z: (m) => ({ text: m.offset === 0 ? "UTC" : offsetText(m.offset) }),
    F: composed("%Y-%m-%d"),
    T: composed("%H:%M:%S"),
    X: composed("%H:%M:%S"),
    R: composed("%H:%M"),
    r: composed("%I:%M:%S %p"),
    D: composed("%m/%d/%y"),
    x: composed("%m/%d/%y"),
    c: composed("%a %b %e %H:%M:%S %Y"),
    "%": () => ({ text: "%" }),
    n: () => ({ text: "\n" }),
    t: () => ({ text: "\t" }),
  } satisfies { [code: string]: (moment: WallTime, locale: string) => Piece });

function utcOf(moment: WallTime): number {
  return Date.UTC(moment.year, moment.month - 1, moment.day, moment.hour, moment.minute, moment.second);
}

function weekday(moment: WallTime): number {
  return new Date(Date.UTC(moment.year, moment.month - 1, moment.day)).getUTCDay();
}

function dayOfYear(moment: WallTime): number {
  return (Date.UTC(moment.year, moment.month - 1, moment.day) - Date.UTC(moment.year, 0, 1)) / 86_400_000 + 1;
}

/** ISO 8601: the week belongs to the year that its Thursday is in. */
function isoWeek(moment: WallTime): { week: number; year: number } {
  const thursday = new Date(Date.UTC(moment.year, moment.month - 1, moment.day + 4 - (weekday(moment) || 7)));
  const year = thursday.getUTCFullYear();
  return { year, week: Math.ceil(((thursday.getTime() - Date.UTC(year, 0, 1)) / 86_400_000 + 1) / 7) };
}

function offsetText(minutes: number): string {
  const size = Math.abs(minutes);
  const clock = [Math.floor(size / 60), size % 60].map((part) => String(part).padStart(2, "0")).join("");
  return (minutes < 0 ? "-" : "+") + clock;
}
