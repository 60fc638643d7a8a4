import { toText, type Value } from "../value.ts";
import { knownLocale } from "./number-filters.ts";

/** A reading of clock and calendar in one place, with its distance from UTC in minutes. */
export type WallTime = {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly millisecond: number;
  readonly offset: number;
};

/**
 * Reads a date as templates know it: seconds since 1970, `now`, `today`, an ISO date, or an ISO date and time.
 * An instant is shown in the given zone; a date, or a time without a zone, is taken as it is written.
 */
export function readMoment(value: Value, timeZone: string, now: number): WallTime | undefined {
  if (typeof value === "number")
    return Number.isFinite(value) ? wallTimeAt(value * 1000, timeZone) : undefined;
  const text = toText(value).trim();
  if (text === "now" || text === "today") return wallTimeAt(now, timeZone);
  if (/^\d{9,11}$/.test(text)) return wallTimeAt(Number(text) * 1000, timeZone);
  const match =
    /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s?(Z|[+-]\d\d(?::?\d\d)?)?)?$/i.exec(
      text,
    );
  if (!match) return undefined;
  const [, year, month, day, hour = "0", minute = "0", second = "0", fraction = "0", zone] = match;
  const parts = [year, month, day, hour, minute, second].map(Number);
  const millisecond = Math.floor(Number(`0.${fraction}`) * 1000);
  const utc = Date.UTC(
    parts[0] ?? 0,
    (parts[1] ?? 1) - 1,
    parts[2],
    parts[3],
    parts[4],
    parts[5],
    millisecond,
  );
  const shown = new Date(utc);
  if (shown.getUTCMonth() + 1 !== parts[1] || shown.getUTCDate() !== parts[2]) return undefined;
  if (zone === undefined) return { ...utcParts(utc), offset: offsetAt(utc, timeZone) };
  return wallTimeAt(utc - zoneMinutes(zone) * 60_000, timeZone);
}

/** The clock and calendar of a zone at an instant (milliseconds since 1970); undefined outside the years 1 to 9999. */
export function wallTimeAt(instant: number, timeZone: string): WallTime | undefined {
  if (!(instant > -62_135_000_000_000 && instant < 253_402_000_000_000)) return undefined;
  const offset = offsetAt(instant, timeZone);
  return { ...utcParts(instant + offset * 60_000), offset };
}

function utcParts(milliseconds: number): Omit<WallTime, "offset"> {
  const date = new Date(milliseconds);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    millisecond: date.getUTCMilliseconds(),
  };
}

function zoneMinutes(zone: string): number {
  if (zone.toUpperCase() === "Z") return 0;
  const digits = zone.slice(1).replace(":", "").padEnd(4, "0");
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2));
  return zone.startsWith("-") ? -minutes : minutes;
}

const zones = new Map<string, Intl.DateTimeFormat | undefined>();
const offsets = new Map<string, number>();

/** Minutes east of UTC. Zones change only at whole quarters of an hour, so one answer serves the quarter. */
function offsetAt(instant: number, timeZone: string): number {
  const quarter = Math.floor(instant / 900_000);
  const key = `${timeZone}|${quarter}`;
  const known = offsets.get(key);
  if (known !== undefined) return known;
  const offset = computeOffset(quarter * 900_000, timeZone);
  if (offsets.size >= 5_000) offsets.clear();
  offsets.set(key, offset);
  return offset;
}

function computeOffset(instant: number, timeZone: string): number {
  const format = formatOf(timeZone);
  if (!format) return 0;
  const parts = new Map(format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]));
  const wall = Date.UTC(
    parts.get("year") ?? 1970,
    (parts.get("month") ?? 1) - 1,
    parts.get("day"),
    parts.get("hour"),
    parts.get("minute"),
    parts.get("second"),
  );
  return Math.round((wall - instant) / 60_000);
}

function formatOf(timeZone: string): Intl.DateTimeFormat | undefined {
  if (zones.has(timeZone)) return zones.get(timeZone);
  let format: Intl.DateTimeFormat | undefined;
  try {
    format = new Intl.DateTimeFormat("en-US", {
      timeZone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
  } catch {
    format = undefined;
  }
  if (zones.size >= 1_000) zones.clear();
  zones.set(timeZone, format);
  return format;
}

const names = new Map<string, string>();

/** The name of a month (1 to 12) or weekday (0 is Sunday) in a language. */
export function calendarName(
  kind: "month" | "weekday",
  style: "long" | "short",
  number: number,
  locale: string,
): string {
  const key = `${kind}|${style}|${number}|${locale}`;
  const known = names.get(key);
  if (known !== undefined) return known;
  // 2023-01-01 was a Sunday, and its months start at 1.
  const instant = kind === "month" ? Date.UTC(2023, number - 1, 15) : Date.UTC(2023, 0, 1 + number);
  const name = new Intl.DateTimeFormat(knownLocale(locale), { [kind]: style, timeZone: "UTC" }).format(
    instant,
  );
  if (names.size >= 5_000) names.clear();
  names.set(key, name);
  return name;
}
