/** Calendar days and the moments at which they begin, in a time zone. Days are `2026-02-28`; moments are Dates. */

const dayMilliseconds = 86_400_000;
const formatters = new Map<string, Intl.DateTimeFormat>();

/** The calendar day that it is at a moment in a zone. */
export function dayAt(moment: Date, timeZone: string): string {
  return wallClock(moment, timeZone).toISOString().slice(0, 10);
}

/** The day some days later (negative: earlier). */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * dayMilliseconds).toISOString().slice(0, 10);
}

/**
 * The first moment of a day in a zone. Usually midnight; where clocks jump over midnight (Beirut, Havana),
 * the moment they jump to.
 */
export function startOfDay(day: string, timeZone: string): Date {
  const midnight = Date.parse(`${day}T00:00:00Z`);
  const offsets = [-1, 1].map((side) => offsetAt(new Date(midnight + side * dayMilliseconds), timeZone));
  const candidates = offsets.map((offset) => new Date(midnight - offset)).sort((a, b) => +a - +b);
  const exact = candidates.find((candidate) => wallClock(candidate, timeZone).getTime() === midnight);
  return exact ?? firstMomentAfterGap(midnight, candidates, timeZone);
}

/** Midnight does not exist: search the moment between the two readings of it at which the day begins. */
function firstMomentAfterGap(midnight: number, candidates: readonly Date[], timeZone: string): Date {
  let before = Math.min(...candidates.map(Number)) - 1000;
  let after = Math.max(...candidates.map(Number));
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (wallClock(new Date(middle), timeZone).getTime() >= midnight) after = middle;
    else before = middle;
  }
  return new Date(after);
}

function offsetAt(moment: Date, timeZone: string): number {
  return wallClock(moment, timeZone).getTime() - moment.getTime();
}

/** What a clock on the wall shows, as if it were UTC. */
function wallClock(moment: Date, timeZone: string): Date {
  const read: Record<string, number> = {};
  for (const { type, value } of formatterOf(timeZone).formatToParts(moment)) read[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = read;
  const milliseconds = ((moment.getTime() % 1000) + 1000) % 1000;
  const shown = new Date(Date.UTC(2000, month - 1, day, hour, minute, second, milliseconds));
  shown.setUTCFullYear(year, month - 1, day);
  return shown;
}

function formatterOf(timeZone: string): Intl.DateTimeFormat {
  const known = formatters.get(timeZone);
  if (known) return known;
  const made = new Intl.DateTimeFormat("en-u-ca-iso8601", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  formatters.set(timeZone, made);
  return made;
}
