/** When an event is, in words, in the event's own time zone: "Thursday 5 March 2026, 18:00–20:00 (Europe/Berlin)". */
export function eventTimes(event: {
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly timeZone: string;
}): string {
  const { startsAt, endsAt } = event;
  const timeZone = isTimeZone(event.timeZone) ? event.timeZone : "UTC";
  const time = new Intl.DateTimeFormat("en-GB", { timeZone, hour: "2-digit", minute: "2-digit" });
  const [firstDay, lastDay] = [dayOf(startsAt, timeZone), dayOf(endsAt, timeZone)];
  const end = firstDay === lastDay ? `–${time.format(endsAt)}` : ` – ${lastDay}, ${time.format(endsAt)}`;
  return `${firstDay}, ${time.format(startsAt)}${end} (${timeZone})`;
}

/** Put together from parts, because the commas of the ready-made style differ from one ICU version to the next. */
function dayOf(date: Date, timeZone: string): string {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    weekday: "long",
    day: "numeric",
    month: "long",
    year: "numeric",
  });
  return format
    .formatToParts(date)
    .filter(({ type }) => type !== "literal")
    .map(({ value }) => value)
    .join(" ");
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
