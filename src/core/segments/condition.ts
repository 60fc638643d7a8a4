import { z } from "zod";
import { idSchema } from "../kernel/ids.ts";

/**
 * A condition says which contacts are meant. It is one JSON document everywhere: in the API, in a segment's
 * row and in a journey's graph, so what it refers to is named by public ids (`msg_12`).
 *
 * Rules with numbers are in docs/spec/segments.md.
 */

/** PostgreSQL cannot store NUL, and a lone surrogate would arrive there as another character. */
const storable = z
  .string()
  .refine(
    (text) => !text.includes("\0") && !/\p{Surrogate}/u.test(text),
    "Contains a character that cannot be stored",
  );
const someText = storable.min(1).max(1000);
const someTexts = z.array(someText).min(1).max(1000);
const wholeDays = z.int().min(1).max(36_500);

/** A key of a built-in column or a custom attribute. */
export const fieldKeySchema = z.string().regex(/^[a-z][a-z0-9_]{0,62}$/);

/** A calendar day that exists, as `2026-02-28`. */
export const calendarDaySchema = z.iso
  .date()
  .refine((day) => /^(19|2\d)/.test(day), "Expected a day from 1900 to 2999");

/** A calendar day: fixed, or counted from today in the segment's time zone (-30: thirty days ago). */
export const daySchema = z.union([
  z.strictObject({ date: calendarDaySchema }),
  z.strictObject({ daysFromToday: z.int().min(-36_500).max(36_500) }),
]);
export type Day = z.infer<typeof daySchema>;

/** A test of dates. On a date it compares calendar days; on a moment it compares with the days' bounds in the zone. */
export const dateTestSchema = z.discriminatedUnion("operator", [
  z.strictObject({ operator: z.enum(["on", "before", "after"]), day: daySchema }),
  z.strictObject({ operator: z.literal("between-days"), from: daySchema, to: daySchema }),
  z.strictObject({ operator: z.enum(["in-last-days", "in-next-days"]), days: wholeDays }),
]);
export type DateTest = z.infer<typeof dateTestSchema>;

/** What one attribute rule asks of a value. A value of another type than the operator is about fails the test. */
export const testSchema = z.discriminatedUnion("operator", [
  z.strictObject({
    operator: z.literal("equals"),
    value: z.union([someText, z.number(), z.boolean()]),
  }),
  z.strictObject({ operator: z.enum(["contains", "starts-with", "ends-with"]), value: someText }),
  z.strictObject({ operator: z.literal("one-of"), values: someTexts }),
  z.strictObject({ operator: z.enum(["less", "at-most", "greater", "at-least"]), value: z.number() }),
  z.strictObject({ operator: z.literal("between"), from: z.number(), to: z.number() }),
  ...dateTestSchema.options,
  z.strictObject({ operator: z.enum(["has-any", "has-all"]), values: someTexts }),
  z.strictObject({ operator: z.literal("is-empty") }),
]);
export type Test = z.infer<typeof testSchema>;

/** How often something must have happened. */
export const countSchema = z.strictObject({
  operator: z.enum(["at-least", "at-most", "exactly"]),
  value: z.int().min(0).max(1_000_000),
});
export type Count = z.infer<typeof countSchema>;

/** When it must have happened. Days are whole days in the segment's zone; hours and last days end now. */
export const windowSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("ever") }),
  z.strictObject({ kind: z.literal("last"), amount: wholeDays, unit: z.enum(["hours", "days"]) }),
  z.strictObject({ kind: z.literal("between"), from: daySchema, to: daySchema }),
]);
export type TimeWindow = z.infer<typeof windowSchema>;

/** What contacts do, as recorded; `received` is a message that the next mail server accepted. */
export const interactionKinds = [
  "received",
  "open",
  "click",
  "view",
  "forward",
  "unsubscribe",
  "bounce",
  "complaint",
  "registered",
  "registration-cancelled",
  "form-submitted",
] as const;

export const interactionKindSchema = z.union([
  z.enum(interactionKinds),
  z.string().regex(/^x:[a-z0-9][a-z0-9_.-]{0,60}$/, "A custom event looks like x:purchase"),
]);

const attributeRule = z.strictObject({
  kind: z.literal("attribute"),
  field: fieldKeySchema,
  test: testSchema,
});

const itemKeySchema = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,62}$/);
const itemRule = z.strictObject({ kind: z.literal("attribute"), field: itemKeySchema, test: testSchema });

/** Leaves in nested groups. `all` of nothing is true, `any` of nothing is false. */
export type Group<Leaf> =
  | Leaf
  | { readonly kind: "all" | "any"; readonly of: readonly Group<Leaf>[] }
  | { readonly kind: "not"; readonly of: Group<Leaf> };

/** A condition on one object of a list attribute. Its fields are not declared anywhere, so they are not type-checked. */
export type ItemRule = z.infer<typeof itemRule>;
export type ItemCondition = Group<ItemRule>;

const itemConditionSchema: z.ZodType<ItemCondition> = z.discriminatedUnion("kind", [
  itemRule,
  z.strictObject({ kind: z.enum(["all", "any"]), of: z.array(z.lazy(() => itemConditionSchema)).max(200) }),
  z.strictObject({ kind: z.literal("not"), of: z.lazy(() => itemConditionSchema) }),
]);

const leaves = [
  attributeRule,
  /** How many objects of a list attribute meet a condition. */
  z.strictObject({
    kind: z.literal("items"),
    field: fieldKeySchema,
    where: itemConditionSchema,
    count: countSchema,
  }),
  /** Subscribed: consent to the topic stands, and commercial mail as a whole was not declined. */
  z.strictObject({ kind: z.literal("topic"), topicId: idSchema("topic") }),
  /** Commercial mail may reach the address at all: no suppression stops it, and it was not declined as a whole. */
  z.strictObject({ kind: z.literal("mailable") }),
  z.strictObject({ kind: z.literal("segment"), segmentId: idSchema("segment") }),
  z.strictObject({
    kind: z.literal("interaction"),
    interaction: interactionKindSchema,
    messageId: idSchema("message").optional(),
    journeyId: idSchema("journey").optional(),
    eventId: idSchema("event").optional(),
    /** The link's URL or label, as in the message. */
    link: someText.optional(),
    /** Opens and clicks by scanners, proxies and prefetchers count too. Default: people only. */
    machines: z.literal(true).optional(),
    count: countSchema,
    window: windowSchema,
  }),
  z.strictObject({
    kind: z.literal("journey"),
    journeyId: idSchema("journey"),
    state: z.enum(["in", "entered", "finished"]),
    /** in: standing at this tile; entered, finished: on a visit that passed it. */
    nodeId: storable.min(1).max(200).optional(),
  }),
] as const;

const leafSchema = z.discriminatedUnion("kind", leaves);

/** A rule without parts. Each leaf is true or false of a contact, never unknown. */
export type Rule = z.infer<typeof leafSchema>;
export type InteractionRule = Extract<Rule, { kind: "interaction" }>;

export type Condition = Group<Rule>;

const shape: z.ZodType<Condition> = z.discriminatedUnion("kind", [
  ...leaves,
  z.strictObject({ kind: z.enum(["all", "any"]), of: z.array(z.lazy(() => shape)).max(200) }),
  z.strictObject({ kind: z.literal("not"), of: z.lazy(() => shape) }),
]);

/** Deeper nesting is refused before anything walks it, so that no walk can exhaust the stack. */
export const deepestNesting = 30;

/** The shape of a condition. */
export const conditionSchema = z.preprocess((value, context) => {
  if (isShallow(value)) return value;
  context.addIssue({ code: "custom", message: `Groups may be nested ${deepestNesting} deep at most` });
  return z.NEVER;
}, shape);

function isShallow(value: unknown): boolean {
  let level: unknown[] = [value];
  // A group and its list are two levels of JSON; a leaf adds at most a handful below.
  for (let depth = 0; depth < deepestNesting * 2 + 10; depth++) {
    level = level.flatMap((each) => (typeof each === "object" && each !== null ? Object.values(each) : []));
    if (level.length === 0) return true;
  }
  return false;
}

/** What a dynamic segment stores: the condition, and the zone in which its days begin and end. */
export const definitionSchema = z.strictObject({
  timeZone: z.string().min(1).max(64).refine(isTimeZone, "Not an IANA time zone such as Europe/Berlin"),
  condition: conditionSchema,
});
export type Definition = z.infer<typeof definitionSchema>;

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
