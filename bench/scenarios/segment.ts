import { loadavg } from "node:os";
import { parseArgs } from "node:util";
import { toId } from "#core/kernel/ids.ts";
import type { Condition, Rule } from "#core/segments/condition.ts";
import { sql } from "#server/platform/index.ts";
import { PostroadError } from "../../sdk/src/index.ts";
import { fillInteractions } from "../support/fill-interactions.ts";
import { type Prepared, prepareLetter } from "../support/prepare-letter.ts";
import type { Figure, Report } from "../support/report.ts";
import { openWorkplace, type Workplace } from "../support/workplace.ts";

/** Counts and samples ten segments through the API, as the editor does while a marketer works on one. */
export async function measureSegments(args: readonly string[]): Promise<Report> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      contacts: { type: "string", default: "1000000" },
      interactions: { type: "string", default: "20000000" },
    },
  });
  const contacts = Number(values.contacts);
  const interactions = Number(values.interactions);
  const load = loadavg()[0] ?? 0;
  const workplace = await openWorkplace();
  try {
    const letter = await prepareLetter(workplace, { contacts, port: 9, connections: 1, signed: "none" });
    await fillInteractions(workplace.db, { contacts, interactions, messageId: letter.messageId });
    await workplace.db.run(sql`checkpoint`);
    const pro = await workplace.client.segments.create({
      body: { name: "Pro", definition: { timeZone: "Europe/Berlin", condition: isPro } },
    });
    const counted: Counted[] = [];
    for (const [name, condition] of segmentsOf(letter, pro.id))
      counted.push(await count(workplace, name, condition));
    const totalOf = (name: string) => counted.find((each) => each.name === name)?.total;
    return {
      title: "Ten segments, counted and sampled",
      work:
        `${contacts.toLocaleString("en")} contacts with ${interactions.toLocaleString("en")} interactions in a year; each segment by ` +
        `POST /api/segments/preview, the median of three after a first; load average at the start ${load.toFixed(1)}`,
      figures: counted.map(figureOf),
      proofs: [
        {
          fact: "one in five lives in New York and one in three is on the plan pro, as they were made",
          holds:
            totalOf(newYorkName) === Math.floor(contacts / 5) &&
            totalOf("on the plan pro") === Math.floor(contacts / 3),
        },
        {
          fact: "each segment means somebody, and none of them everybody",
          holds: counted.every(({ total }) => total === "too slow" || (total > 0 && total < contacts)),
        },
        {
          fact: "each was counted within the five seconds that the product allows a statement",
          holds: counted.every(({ total }) => total !== "too slow"),
        },
      ],
    };
  } finally {
    await workplace.stop();
  }
}

const newYorkName = "city is New York";
const isPro: Condition = { kind: "attribute", field: "plan", test: { operator: "equals", value: "pro" } };
const newYork: Condition = {
  kind: "attribute",
  field: "city",
  test: { operator: "equals", value: "New York" },
};

type InteractionRule = Extract<Rule, { kind: "interaction" }>;
type Kind = InteractionRule["interaction"];

function did(interaction: Kind, atLeast: number, days?: number): InteractionRule {
  return {
    kind: "interaction",
    interaction,
    count: { operator: "at-least", value: atLeast },
    window: days === undefined ? { kind: "ever" } : { kind: "last", amount: days, unit: "days" },
  };
}

/** What marketers ask for, from one field to several things that people did or did not do. */
function segmentsOf(letter: Prepared, proId: string): readonly (readonly [string, Condition])[] {
  const topic: Condition = { kind: "topic", topicId: toId("topic", letter.topicId) };
  const messageId = toId("message", letter.messageId);
  const not = (of: Condition): Condition => ({ kind: "not", of });
  const all = (...of: Condition[]): Condition => ({ kind: "all", of });
  return [
    [newYorkName, newYork],
    ["on the plan pro", { kind: "segment", segmentId: proId }],
    [
      "with us for five years and 2,500 points",
      all(
        {
          kind: "attribute",
          field: "member_since",
          test: { operator: "before", day: { daysFromToday: -1826 } },
        },
        { kind: "attribute", field: "points", test: { operator: "at-least", value: 2500 } },
      ),
    ],
    [
      "ordered twice for 50 or more",
      {
        kind: "items",
        field: "orders",
        where: { kind: "attribute", field: "price", test: { operator: "at-least", value: 50 } },
        count: { operator: "at-least", value: 2 },
      },
    ],
    ["subscribed, mailable and on the plan pro", all(topic, { kind: "mailable" }, isPro)],
    ["clicked in the last 30 days", did("click", 1, 30)],
    ["opened three times in the last 90 days", did("open", 3, 90)],
    [
      "opened the letter and did not click in it",
      all({ ...did("open", 1), messageId }, not({ ...did("click", 1), messageId })),
    ],
    ["from New York, subscribed, nothing opened for 180 days", all(newYork, topic, not(did("open", 1, 180)))],
    [
      "clicked or opened often, or a pro at one of ten companies",
      {
        kind: "any",
        of: [
          did("click", 3, 365),
          did("open", 8, 365),
          all(isPro, {
            kind: "attribute",
            field: "company",
            test: { operator: "one-of", values: Array.from({ length: 10 }, (_, n) => `Company ${n + 1}`) },
          }),
        ],
      },
    ],
  ];
}

type Counted = {
  readonly name: string;
  readonly total: number | "too slow";
  readonly milliseconds: number;
};

async function count(workplace: Workplace, name: string, condition: Condition): Promise<Counted> {
  const times: number[] = [];
  let total: Counted["total"] = 0;
  for (let n = 0; n < 4; n++) {
    const start = performance.now();
    total = await preview(workplace, condition);
    if (n > 0) times.push(performance.now() - start);
  }
  return { name, total, milliseconds: times.toSorted((a, b) => a - b)[1] ?? Number.NaN };
}

/** The product refuses a segment that takes too long; that is a result, not a failure of the bench. */
async function preview({ client }: Workplace, condition: Condition): Promise<Counted["total"]> {
  try {
    const definition = { timeZone: "Europe/Berlin", condition };
    return (await client.segments.preview({ body: { definition } })).total;
  } catch (error) {
    if (error instanceof PostroadError && error.code === "segment.too-slow") return "too slow";
    throw error;
  }
}

function figureOf({ name, total, milliseconds }: Counted): Figure {
  const note = total === "too slow" ? "refused as too slow" : `${total.toLocaleString("en")} contacts`;
  return { name, value: milliseconds, unit: "ms", note };
}
