import type { Schema } from "#core/segments/check-condition.ts";
import type { Condition, InteractionRule } from "#core/segments/condition.ts";

/** A kind of rule to add, as the menu offers it. `make` is undefined while there is nothing that it could be about. */
export type NewRule = {
  readonly key: string;
  readonly label: string;
  readonly group: "About the contact" | "What they did" | "Where they are";
  readonly make: () => Condition;
};

const ever = { kind: "ever" } as const;
const once = { operator: "at-least", value: 1 } as const;

/** An interaction with nothing narrowed down. */
export function anInteraction(interaction: string): InteractionRule {
  return { kind: "interaction", interaction, count: once, window: ever };
}

/** The rules that can be added in this workspace; those about things it does not have are left out. */
export function newRules({ fields, catalog }: Schema): readonly NewRule[] {
  const [topic] = catalog.topic;
  const [segment] = catalog.segment;
  const [journey] = catalog.journey;
  const list = fields.find(({ type }) => type === "list");
  const about = "About the contact";
  const did = "What they did";
  const where = "Where they are";
  return [
    {
      key: "attribute",
      label: "Field or attribute",
      group: about,
      make: () => ({ kind: "attribute", field: "city", test: { operator: "equals", value: "" } }),
    },
    ...(list
      ? [
          {
            key: "items",
            label: "Number of items in a list",
            group: about,
            make: (): Condition => ({
              kind: "items",
              field: list.key,
              where: { kind: "all", of: [] },
              count: once,
            }),
          } as const,
        ]
      : []),
    ...(topic
      ? [
          {
            key: "topic",
            label: "Subscription",
            group: about,
            make: (): Condition => ({ kind: "topic", topicId: topic.id }),
          } as const,
        ]
      : []),
    { key: "mailable", label: "May be mailed", group: about, make: () => ({ kind: "mailable" }) },
    { key: "open", label: "Opened a message", group: did, make: () => anInteraction("open") },
    { key: "click", label: "Clicked in a message", group: did, make: () => anInteraction("click") },
    { key: "received", label: "Received a message", group: did, make: () => anInteraction("received") },
    {
      key: "registered",
      label: "Registered for an event",
      group: did,
      make: () => anInteraction("registered"),
    },
    { key: "other", label: "Did something else", group: did, make: () => anInteraction("forward") },
    ...(segment
      ? [
          {
            key: "segment",
            label: "In another segment",
            group: where,
            make: (): Condition => ({ kind: "segment", segmentId: segment.id }),
          } as const,
        ]
      : []),
    ...(journey
      ? [
          {
            key: "journey",
            label: "In a journey",
            group: where,
            make: (): Condition => ({ kind: "journey", journeyId: journey.id, state: "entered" }),
          } as const,
        ]
      : []),
  ];
}

/** Common segments to begin with. */
export const starters: readonly {
  readonly name: string;
  readonly words: string;
  readonly condition: Condition;
}[] = [
  {
    name: "Everyone who may be mailed",
    words: "Neither suppressed nor opted out",
    condition: { kind: "all", of: [{ kind: "mailable" }] },
  },
  {
    name: "Engaged lately",
    words: "Opened or clicked in the last 30 days",
    condition: {
      kind: "any",
      of: ["open", "click"].map((kind) => ({ ...anInteraction(kind), window: lastDays(30) })),
    },
  },
  {
    name: "Gone quiet",
    words: "Received mail in the last 90 days, but opened and clicked nothing",
    condition: {
      kind: "all",
      of: [
        { ...anInteraction("received"), window: lastDays(90) },
        {
          kind: "not",
          of: {
            kind: "any",
            of: ["open", "click"].map((kind) => ({ ...anInteraction(kind), window: lastDays(90) })),
          },
        },
      ],
    },
  },
  {
    name: "New contacts",
    words: "Added in the last 7 days",
    condition: {
      kind: "all",
      of: [{ kind: "attribute", field: "created_at", test: { operator: "in-last-days", days: 7 } }],
    },
  },
  {
    name: "No first name",
    words: "To be asked, or greeted otherwise",
    condition: {
      kind: "all",
      of: [{ kind: "attribute", field: "first_name", test: { operator: "is-empty" } }],
    },
  },
];

function lastDays(amount: number) {
  return { kind: "last", amount, unit: "days" } as const;
}
