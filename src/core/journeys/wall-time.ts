/** What clocks on the wall of a zone show at a moment, as `2026-03-29T09:30`. */
export function wallTimeAt(moment: Date, timeZone: string): string {
  return new Date(moment.getTime() + offsetAt(moment, timeZone)).toISOString().slice(0, 16);
}

/**
 * The moment at which clocks of a zone show a wall time, or undefined if it cannot be read. A time that comes twice in
 * autumn is the first of the two; one that is skipped in spring is as much later as clocks jump.
 */
export function momentOf(wallTime: string, timeZone: string): Date | undefined {
  const asUtc = Date.parse(`${wallTime}:00Z`);
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(wallTime) || Number.isNaN(asUtc)) return undefined;
  const day = 86_400_000;
  const offsets = [offsetAt(new Date(asUtc - day), timeZone), offsetAt(new Date(asUtc + day), timeZone)];
  const candidates = offsets
    .map((offset) => new Date(asUtc - offset))
    .sort((a, b) => a.getTime() - b.getTime());
  return candidates.find((candidate) => wallTimeAt(candidate, timeZone) === wallTime) ?? candidates.at(-1);
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** How far clocks of a zone are ahead of UTC at a moment, in milliseconds. */
function offsetAt(moment: Date, timeZone: string): number {
  const format =
    formats.get(timeZone) ??
    new Intl.DateTimeFormat("en-US", {
      timeZone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
  formats.set(timeZone, format);
  const part = Object.fromEntries(
    format.formatToParts(moment).map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  const shown = Date.UTC(year, month - 1, day, hour, minute, second);
  return shown - Math.floor(moment.getTime() / 1000) * 1000;
}
