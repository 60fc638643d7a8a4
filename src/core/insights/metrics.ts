import type { Counts } from "./counts.ts";

/** A number that the product shows: what it is called, how it is worked out, and in which words to say so. */
export type Metric = {
  readonly id: string;
  readonly label: string;
  /** The formula as shown to people. */
  readonly formula: string;
  readonly unit: "count" | "share";
  /** Null: there is nothing to divide by yet. */
  readonly value: (counts: Counts) => number | null;
};

/** Part of a whole as a number from 0 to 1; null if there is no whole. */
function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

const delivered = (counts: Counts) => counts.accepted - counts.bouncedLater;

/** Every metric, defined once. Rates count people, not machines, and deliveries, not repeats. */
export const metrics = [
  {
    id: "recipients",
    label: "Recipients",
    formula: "Everybody this was ever queued for",
    unit: "count",
    value: (counts) => counts.recipients,
  },
  {
    id: "sent",
    label: "Sent",
    formula: "Handed to the recipient's server: accepted + refused + in doubt",
    unit: "count",
    value: (counts) => counts.accepted + counts.refused + counts.inDoubt,
  },
  {
    id: "delivered",
    label: "Delivered",
    formula: "Accepted by the recipient's server − bounced later",
    unit: "count",
    value: delivered,
  },
  {
    id: "delivery-rate",
    label: "Delivery rate",
    formula: "Delivered ÷ sent",
    unit: "share",
    value: (counts) => share(delivered(counts), counts.accepted + counts.refused + counts.inDoubt),
  },
  {
    id: "bounces",
    label: "Bounces",
    formula: "Refused at once + bounced later",
    unit: "count",
    value: (counts) => counts.refused + counts.bouncedLater,
  },
  {
    id: "skipped",
    label: "Skipped",
    formula: "Not sent, because consent or suppression said no at the moment of sending",
    unit: "count",
    value: (counts) => counts.skipped,
  },
  {
    id: "opens",
    label: "Opens",
    formula: "Deliveries opened by a person at least once",
    unit: "count",
    value: (counts) => counts.opens.humanFirst,
  },
  {
    id: "open-rate",
    label: "Open rate",
    formula: "Opens by people (once per delivery) ÷ delivered",
    unit: "share",
    value: (counts) => share(counts.opens.humanFirst, delivered(counts)),
  },
  {
    id: "clicks",
    label: "Clicks",
    formula: "Deliveries in which a person followed at least one link",
    unit: "count",
    value: (counts) => counts.clicks.humanFirst,
  },
  {
    id: "click-rate",
    label: "Click rate (CTR)",
    formula: "Clicks by people (once per delivery) ÷ delivered",
    unit: "share",
    value: (counts) => share(counts.clicks.humanFirst, delivered(counts)),
  },
  {
    id: "click-to-open",
    label: "Click-to-open (CTOR)",
    formula: "Clicks by people ÷ opens by people (each once per delivery)",
    unit: "share",
    value: (counts) => share(counts.clicks.humanFirst, counts.opens.humanFirst),
  },
  {
    id: "forwards",
    label: "Forwards",
    formula: "Copies sent to friends with the forwarding form",
    unit: "count",
    value: (counts) => counts.forwards,
  },
  {
    id: "unsubscribes",
    label: "Unsubscribes",
    formula: "Deliveries whose recipient unsubscribed through them",
    unit: "count",
    value: (counts) => counts.unsubscribes,
  },
  {
    id: "unsubscribe-rate",
    label: "Unsubscribe rate",
    formula: "Unsubscribes ÷ delivered",
    unit: "share",
    value: (counts) => share(counts.unsubscribes, delivered(counts)),
  },
] as const satisfies readonly Metric[];

export type MetricId = (typeof metrics)[number]["id"];

/** The definition of a metric. */
export function metricOf(id: MetricId): Metric {
  const found = metrics.find((metric) => metric.id === id);
  if (!found) throw new Error(`No metric ${id}`);
  return found;
}

/** True if every recipient is accounted for exactly once. */
export function addsUp(counts: Counts): boolean {
  const { recipients, accepted, refused, skipped, givenUp, inDoubt, waiting } = counts;
  return recipients === accepted + refused + skipped + givenUp + inDoubt + waiting;
}
