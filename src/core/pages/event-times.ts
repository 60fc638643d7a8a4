/** When an event is, in words, in the event's own time zone: "Thursday 5 March 2026, 18:00–20:00 (Europe/Berlin)". */
export function eventTimes(event: {
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly timeZone: string;
}): string {
  const { startsAt, endsAt } = event;
  const timeZone = isTimeZone(event.timeZone) ? event.timeZone : "UTC";
  const day = new Intl.DateTimeFormat("en-GB", { timeZone, dateStyle: "full" });
  const time = new Intl.DateTimeFormat("en-GB", { timeZone, timeStyle: "short" });
  const end =
    day.format(startsAt) === day.format(endsAt)
      ? `–${time.format(endsAt)}`
      : ` – ${day.format(endsAt)}, ${time.format(endsAt)}`;
  return `${day.format(startsAt)}, ${time.format(startsAt)}${end} (${timeZone})`;
}

/** Says whether this is an IANA time zone that this machine knows. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
