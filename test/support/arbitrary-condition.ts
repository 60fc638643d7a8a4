import fc from "fast-check";
import type {
  Condition,
  Count,
  Day,
  InteractionRule,
  ItemCondition,
  Test,
  TimeWindow,
} from "#core/segments/condition.ts";
import type { Field, FieldType } from "#core/segments/field.ts";

/** Random conditions over a small world, so that rules and contacts meet often. Ids are those of `worldIds`. */

export const worldNow = new Date("2026-03-29T10:15:30.250Z");
export const worldZones = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "America/Havana"];
export const worldIds = {
  topics: ["top_1", "top_2", "top_3"],
  messages: ["msg_1", "msg_2"],
  journeys: ["jrn_1", "jrn_2"],
  events: ["evt_1", "evt_2"],
  staticSegments: ["seg_1", "seg_2"],
  dynamicSegment: "seg_3",
  nodes: ["start", "wait", "mail"],
  links: ["https://example.com/a", "https://example.com/b", "Register"],
};

export const worldTexts = [
  "Bonn",
  "bonn",
  "BONN",
  "New York",
  "Éire",
  "éire",
  "İzmir",
  "izmir",
  "ΣΑΣ",
  "σας",
  "Straße",
  "50%_\\",
  'o\'Neil "x"',
  "😀 ok",
  "2026-03-29",
  "5",
];
export const worldDays = ["2026-03-01", "2026-03-22", "2026-03-28", "2026-03-29", "2026-03-30", "2027-01-01"];
export const worldChoices = ["free", "pro", "Pro"];
const numbers = [-1, 0, 0.1, 5, 5.5, 1e21];

const hour = 3_600_000;
/** Moments around every edge that rules can have. */
export const worldMoments = [
  0,
  1,
  -1,
  -24 * hour,
  -24 * hour - 1,
  -48 * hour,
  24 * hour,
  24 * hour - 1,
  -9000 * hour,
]
  .map((shift) => new Date(worldNow.getTime() + shift))
  .concat(
    [
      "2026-03-28T23:00:00.000Z",
      "2026-03-28T22:59:59.999Z",
      "2026-03-29T00:00:00.000Z",
      "2026-03-29T05:00:00.000Z",
      "2026-03-22T04:00:00.000Z",
      "2026-03-28T18:30:00.000Z",
    ].map((text) => new Date(text)),
  );

/** The schema of the world: one attribute of each type. */
export const worldFields: readonly Field[] = (
  [
    ["note", "text"],
    ["age", "number"],
    ["vip", "boolean"],
    ["birthday", "date"],
    ["seen_at", "datetime"],
    ["plan", "choice"],
    ["interests", "choices"],
    ["orders", "list"],
    ["count", "number"],
  ] satisfies [string, FieldType][]
).map(([key, type]) => ({ key, label: key, type, choices: type.startsWith("choice") ? worldChoices : [] }));

const text = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...worldTexts) },
  { weight: 1, arbitrary: fc.string({ minLength: 1, maxLength: 4 }).filter((some) => !some.includes("\0")) },
);
const day: fc.Arbitrary<Day> = fc.oneof(
  fc.record({ date: fc.constantFrom(...worldDays) }),
  fc.record({ daysFromToday: fc.integer({ min: -8, max: 3 }) }),
);
const number = fc.constantFrom(...numbers);

const textTest: fc.Arbitrary<Test> = fc.oneof(
  fc.record({ operator: fc.constant("equals" as const), value: text }),
  fc.record({ operator: fc.constantFrom("contains", "starts-with", "ends-with"), value: text.map(ofPart) }),
  fc.record({
    operator: fc.constant("one-of" as const),
    values: fc.array(text, { minLength: 1, maxLength: 3 }),
  }),
);
const numberTest: fc.Arbitrary<Test> = fc.oneof(
  fc.record({ operator: fc.constant("equals" as const), value: number }),
  fc.record({ operator: fc.constantFrom("less", "at-most", "greater", "at-least"), value: number }),
  fc.record({ operator: fc.constant("between" as const), from: number, to: number }),
);
const booleanTest: fc.Arbitrary<Test> = fc.record({
  operator: fc.constant("equals" as const),
  value: fc.boolean(),
});
const dateTest: fc.Arbitrary<Test> = fc.oneof(
  fc.record({ operator: fc.constantFrom("on", "before", "after"), day }),
  fc.record({ operator: fc.constant("between-days" as const), from: day, to: day }),
  fc.record({
    operator: fc.constantFrom("in-last-days", "in-next-days"),
    days: fc.constantFrom(1, 2, 7, 400),
  }),
);
const choiceTest: fc.Arbitrary<Test> = fc.record({
  operator: fc.constantFrom("has-any", "has-all"),
  values: fc.uniqueArray(fc.constantFrom(...worldChoices), { minLength: 1, maxLength: 2 }),
});
const emptyTest: fc.Arbitrary<Test> = fc.constant({ operator: "is-empty" });
const anyTest = fc.oneof(textTest, numberTest, booleanTest, dateTest, choiceTest, emptyTest);

const testsOfType: { readonly [type in FieldType]: fc.Arbitrary<Test> } = {
  text: fc.oneof(textTest, emptyTest),
  number: fc.oneof(numberTest, emptyTest),
  boolean: fc.oneof(booleanTest, emptyTest),
  date: fc.oneof(dateTest, emptyTest),
  datetime: fc.oneof(dateTest, emptyTest),
  choice: fc.oneof(choiceTest, emptyTest),
  choices: fc.oneof(choiceTest, emptyTest),
  list: emptyTest,
};

const builtIn: readonly [string, FieldType][] = [
  ["email", "text"],
  ["first_name", "text"],
  ["city", "text"],
  ["country", "text"],
  ["created_at", "datetime"],
];
const keys: readonly [string, FieldType][] = [
  ...builtIn,
  ...worldFields.map(({ key, type }): [string, FieldType] => [key, type]),
];
const count: fc.Arbitrary<Count> = fc.record({
  operator: fc.constantFrom("at-least", "at-most", "exactly"),
  value: fc.integer({ min: 0, max: 3 }),
});
const window: fc.Arbitrary<TimeWindow> = fc.oneof(
  fc.constant({ kind: "ever" as const }),
  fc.record({
    kind: fc.constant("last" as const),
    amount: fc.constantFrom(1, 2, 24, 30),
    unit: fc.constantFrom("hours", "days"),
  }),
  fc.record({ kind: fc.constant("between" as const), from: day, to: day }),
);

/** Mostly absent, because each filter halves what is found. */
const optional = <Value>(values: readonly Value[], weight = 1) =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constant(undefined) },
    { weight, arbitrary: fc.constantFrom(...values) },
  );

/** Leaves out the keys whose value is undefined, as JSON would. */
function compact<Value extends object>(value: Value): Value {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as Value;
}

const interaction: fc.Arbitrary<InteractionRule> = fc
  .record({
    kind: fc.constant("interaction" as const),
    interaction: fc.constantFrom("received", "open", "click", "registered", "unsubscribe", "x:purchase"),
    messageId: optional(worldIds.messages, 2),
    journeyId: optional(worldIds.journeys),
    eventId: optional(worldIds.events),
    link: optional(worldIds.links),
    machines: optional([true as const]),
    count,
    window,
  })
  .map((rule) => compact(rule) as InteractionRule);

const journey = fc
  .record({
    kind: fc.constant("journey" as const),
    journeyId: fc.constantFrom(...worldIds.journeys),
    state: fc.constantFrom("in" as const, "entered" as const, "finished" as const),
    nodeId: optional(worldIds.nodes, 3),
  })
  .map((rule) => compact(rule) as Extract<Condition, { kind: "journey" }>);

function items(test: (key: string) => fc.Arbitrary<Test>): fc.Arbitrary<Condition> {
  const leaf = fc
    .constantFrom("total", "status", "placed")
    .chain((field) => test(field).map((each): ItemCondition => ({ kind: "attribute", field, test: each })));
  return fc.record({
    kind: fc.constant("items" as const),
    field: fc.constant("orders"),
    where: groupsOf(leaf, 2),
    count,
  });
}

type Group<Leaf> = Leaf | { kind: "all" | "any"; of: Group<Leaf>[] } | { kind: "not"; of: Group<Leaf> };

function groupsOf<Leaf>(leaf: fc.Arbitrary<Leaf>, maxDepth: number): fc.Arbitrary<Group<Leaf>> {
  return fc.letrec<{ group: Group<Leaf> }>((tie) => ({
    group: fc.oneof(
      { maxDepth, withCrossShrink: true },
      { weight: 3, arbitrary: leaf },
      {
        weight: 2,
        arbitrary: fc.record({
          kind: fc.constantFrom("all" as const, "any" as const),
          of: fc.array(tie("group"), { maxLength: 3 }),
        }),
      },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant("not" as const), of: tie("group") }) },
    ),
  })).group;
}

function leaf(testOf: (type: FieldType) => fc.Arbitrary<Test>, segments: readonly string[]) {
  const attribute = fc
    .constantFrom(...keys)
    .chain(([field, type]) => testOf(type).map((test): Condition => ({ kind: "attribute", field, test })));
  return fc.oneof(
    { weight: 6, arbitrary: attribute },
    { weight: 1, arbitrary: items(() => anyTest) },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant("topic" as const),
        topicId: fc.constantFrom(...worldIds.topics),
      }),
    },
    { weight: 1, arbitrary: fc.constant({ kind: "mailable" as const }) },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant("segment" as const),
        segmentId: fc.constantFrom(...segments),
      }),
    },
    { weight: 4, arbitrary: interaction },
    { weight: 1, arbitrary: journey },
  );
}

/** Every other one is a single rule: in a large group one rule rarely decides. */
function oftenSingle(leaf: fc.Arbitrary<Condition>, maxDepth: number): fc.Arbitrary<Condition> {
  return fc.oneof(leaf, groupsOf(leaf, maxDepth));
}

/** Any condition, also ill-typed ones: the two meanings must agree on those too. */
export const anyCondition: fc.Arbitrary<Condition> = oftenSingle(
  leaf(() => anyTest, [...worldIds.staticSegments, worldIds.dynamicSegment]),
  3,
);

/** Conditions that name no dynamic segment, for the definition of one. */
export const flatCondition: fc.Arbitrary<Condition> = oftenSingle(
  leaf(() => anyTest, worldIds.staticSegments),
  2,
);

/** Conditions that the type check accepts. */
export const wellTypedCondition: fc.Arbitrary<Condition> = groupsOf(
  leaf((type) => testsOfType[type], worldIds.staticSegments),
  3,
);

function ofPart(whole: string): string {
  return [...whole].slice(0, 2).join("");
}
