import type { MarketingEvent } from "#contract/events.ts";
import type { Issue } from "../ui/problem.ts";
import { fromLocalInput, ownZone, toLocalInput } from "./zoned-time.ts";

/** What the form holds: local times of the event's zone, and texts where the contract has numbers. */
export type EventValues = {
  readonly name: string;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly timeZone: string;
  readonly place: string;
  readonly onlineUrl: string;
  readonly capacity: string;
  readonly description: string;
  readonly slug: string;
  readonly topicId: string;
  readonly contentSettingsId: string;
};

/** Fills the form from an event, or for a new one: a week from now, from six to eight in the evening. */
export function valuesOf(event: MarketingEvent | undefined, now: Date): EventValues {
  if (!event) {
    const day = toLocalInput(new Date(now.getTime() + 7 * 86_400_000).toISOString(), ownZone).slice(0, 10);
    return {
      ...{ name: "", place: "", onlineUrl: "", capacity: "", description: "", slug: "", topicId: "" },
      ...{ startsAt: `${day}T18:00`, endsAt: `${day}T20:00`, timeZone: ownZone, contentSettingsId: "" },
    };
  }
  const { name, timeZone, place, onlineUrl, description, slug } = event;
  return {
    ...{ name, timeZone, place, onlineUrl, description, slug },
    startsAt: toLocalInput(event.startsAt, timeZone),
    endsAt: toLocalInput(event.endsAt, timeZone),
    capacity: event.capacity === null ? "" : String(event.capacity),
    topicId: event.topicId ?? "",
    contentSettingsId: event.contentSettingsId ?? "",
  };
}

/** What the server cannot be asked: times that are none, and places that are no number. */
export function issuesOfEvent(values: EventValues): Issue[] {
  const issues: Issue[] = [];
  const startsAt = fromLocalInput(values.startsAt, values.timeZone);
  const endsAt = fromLocalInput(values.endsAt, values.timeZone);
  if (values.name.trim() === "") issues.push({ path: "name", message: "Give the event a name." });
  if (!startsAt) issues.push({ path: "startsAt", message: "Say when it starts." });
  if (!endsAt) issues.push({ path: "endsAt", message: "Say when it ends." });
  else if (startsAt && endsAt < startsAt)
    issues.push({ path: "endsAt", message: "The event ends before it starts." });
  if (values.capacity !== "" && !/^[1-9]\d{0,5}$/.test(values.capacity))
    issues.push({ path: "capacity", message: "A number of places, or nothing for no limit." });
  return issues;
}

/** What is sent, from values without issues. */
export function bodyOf(values: EventValues) {
  const { name, timeZone, place, onlineUrl, description, slug } = values;
  return {
    ...{ name, timeZone, place, onlineUrl, description },
    ...(slug === "" ? {} : { slug }),
    startsAt: fromLocalInput(values.startsAt, timeZone) ?? "",
    endsAt: fromLocalInput(values.endsAt, timeZone) ?? "",
    capacity: values.capacity === "" ? null : Number(values.capacity),
    topicId: values.topicId === "" ? null : values.topicId,
    contentSettingsId: values.contentSettingsId === "" ? null : values.contentSettingsId,
  };
}
