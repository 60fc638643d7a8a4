/** The zone of whoever looks at the page. */
export const ownZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Every zone to choose from. */
export const zones = Intl.supportedValuesOf("timeZone");

const minuteMs = 60_000;

/** An instant as an `<input type="datetime-local">` of a zone shows it: "2026-04-01T18:00". */
export function toLocalInput(at: string, timeZone: string): string {
  const parts = new Intl.DateTimeFormat("en-CA", {
    timeZone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).formatToParts(new Date(at));
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? "";
  return `${part("year").padStart(4, "0")}-${part("month")}-${part("day")}T${part("hour")}:${part("minute")}`;
}

/**
 * The instant that a local time of a zone means, as ISO text; undefined if it is no time. Where clocks go back and a
 * time comes twice it is the first, where they go forward and it is left out it is moved on.
 */
export function fromLocalInput(local: string, timeZone: string): string | undefined {
  const wanted = Date.parse(`${local}Z`);
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(local) || Number.isNaN(wanted)) return undefined;
  const offsetAt = (time: number) =>
    Date.parse(`${toLocalInput(new Date(time).toISOString(), timeZone)}Z`) -
    Math.floor(time / minuteMs) * minuteMs;
  // The offsets of the day before and of the day after are all that can hold: one of them, or both around a change.
  const offsets = [offsetAt(wanted - 24 * 60 * minuteMs), offsetAt(wanted + 24 * 60 * minuteMs)];
  const instants = offsets.map((offset) => wanted - offset);
  const fitting = instants.filter((instant) => offsetAt(instant) === wanted - instant);
  return new Date(fitting.length > 0 ? Math.min(...fitting) : (instants[0] ?? wanted)).toISOString();
}
