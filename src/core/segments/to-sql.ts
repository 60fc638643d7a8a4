import { commercialCategories } from "../consent/may-send.ts";
import { fromId, type IdKind } from "../kernel/ids.ts";
import { invariant, unreachable } from "../kernel/unreachable.ts";
import type { Condition, Definition, ItemCondition, Rule } from "./condition.ts";
import { type Frame, resolveDateTest } from "./date-range.ts";
import { isTextColumn } from "./field.ts";
import { interactionToSql } from "./interaction-to-sql.ts";
import { type Bind, type SqlFragment, sqlFragment } from "./sql-fragment.ts";
import { columnTestToSql, jsonTestToSql, rangeToSql } from "./test-to-sql.ts";
import { asText } from "./test-value.ts";

/** What a segment named in a condition is: a list of members, or a definition to be put in its place. */
export type SegmentSource = { readonly kind: "static" } | ({ readonly kind: "dynamic" } & Definition);

/** What compiling needs to know besides the condition. */
export type SqlFrame = Frame & {
  /** Every segment that the condition names, directly or through another. */
  readonly segments: ReadonlyMap<string, SegmentSource>;
};

/**
 * Compiles a condition to one boolean SQL expression over a row of `contacts`.
 *
 * [SG1] Every leaf yields true or false, never null. A null would make `not` drop contacts whose field is unset,
 * and "everyone except Berlin" would lose everyone without a city.
 * [SG2] No text of a user is part of the SQL: values, keys and ids are parameters, from `firstParameter` on.
 *
 * What contacts did is asked with `exists`, because the planner may then choose: one hash of everybody who did it,
 * or a look into the index per contact. `in (…)` has no second choice when the hash does not fit into memory.
 */
export function toSql(condition: Condition, frame: SqlFrame, firstParameter = 1): SqlFragment {
  return sqlFragment(firstParameter, (bind) => write(condition, { ...frame, bind, inside: [] }));
}

type Writing = SqlFrame & { readonly bind: Bind; readonly inside: readonly string[] };

function write(condition: Condition, writing: Writing): string {
  switch (condition.kind) {
    case "all":
      return join(condition.of, " and ", "true", (each) => write(each, writing));
    case "any":
      return join(condition.of, " or ", "false", (each) => write(each, writing));
    case "not":
      return `not (${write(condition.of, writing)})`;
    default:
      return writeRule(condition, writing);
  }
}

function writeRule(rule: Rule, writing: Writing): string {
  const { bind } = writing;
  switch (rule.kind) {
    case "attribute":
      return writeAttribute(rule, writing);
    case "items":
      return writeItems(rule, writing);
    case "topic":
      return `(exists (select from consents c where c.address_key = contacts.email_key and c.topic_id = ${bind(row("topic", rule.topicId), "bigint")} and c.granted) and ${notOptedOut})`;
    case "mailable": {
      const now = bind(writing.now.toISOString(), "timestamptz");
      const stopping = bind(commercialCategories, "text[]");
      return `(not exists (select from suppressions s where s.address_key = contacts.email_key and s.category = any(${stopping}) and s.lifted_at is null and (s.expires_at is null or s.expires_at > ${now})) and ${notOptedOut})`;
    }
    case "segment":
      return writeSegment(rule.segmentId, writing);
    case "interaction":
      return interactionToSql(rule, writing, bind);
    case "journey":
      return writeJourney(rule, bind);
    default:
      return unreachable(rule);
  }
}

const notOptedOut =
  "not exists (select from consents c where c.address_key = contacts.email_key and c.topic_id = 0 and not c.granted)";

function writeAttribute({ field, test }: Extract<Rule, { kind: "attribute" }>, writing: Writing): string {
  const { bind } = writing;
  if (isTextColumn(field)) {
    return columnTestToSql({ kind: "column", sql: `contacts.${field}` }, test, writing, bind);
  }
  if (field !== "created_at") {
    return jsonTestToSql({ kind: "json", object: "contacts.attributes", key: field }, test, writing, bind);
  }
  switch (test.operator) {
    case "on":
    case "before":
    case "after":
    case "between-days":
    case "in-last-days":
    case "in-next-days": {
      const range = asText(resolveDateTest(test, writing).moments);
      return `(${rangeToSql("contacts.created_at", range, "timestamptz", bind)})`;
    }
    default:
      return "false";
  }
}

function writeItems({ field, where, count }: Extract<Rule, { kind: "items" }>, writing: Writing): string {
  // No built-in column holds a list.
  const list =
    isTextColumn(field) || field === "created_at"
      ? "null::jsonb"
      : `contacts.attributes -> ${writing.bind(field, "text")}`;
  const items = `jsonb_array_elements(case when jsonb_typeof(${list}) = 'array' then ${list} else '[]' end)`;
  const comparison = { "at-least": ">=", "at-most": "<=", exactly: "=" }[count.operator];
  const test = writeItemCondition(where, writing);
  return `(select count(*) from ${items} as item where ${test}) ${comparison} ${writing.bind(count.value, "integer")}`;
}

function writeItemCondition(condition: ItemCondition, writing: Writing): string {
  switch (condition.kind) {
    case "all":
      return join(condition.of, " and ", "true", (each) => writeItemCondition(each, writing));
    case "any":
      return join(condition.of, " or ", "false", (each) => writeItemCondition(each, writing));
    case "not":
      return `not (${writeItemCondition(condition.of, writing)})`;
    case "attribute": {
      const place = { kind: "json", object: "item.value", key: condition.field } as const;
      return jsonTestToSql(place, condition.test, writing, writing.bind);
    }
    default:
      return unreachable(condition);
  }
}

/** [SG8] A dynamic segment is put in the place of its name, with its own time zone; a circle was refused before. */
function writeSegment(segmentId: string, writing: Writing): string {
  const source = writing.segments.get(segmentId);
  invariant(source, `segment ${segmentId} was looked up before compiling`);
  invariant(!writing.inside.includes(segmentId), `segment ${segmentId} does not contain itself`);
  if (source.kind === "dynamic") {
    const { condition, timeZone } = source;
    return `(${write(condition, { ...writing, timeZone, inside: [...writing.inside, segmentId] })})`;
  }
  const id = writing.bind(row("segment", segmentId), "bigint");
  return `exists (select from segment_members s where s.segment_id = ${id} and s.contact_id = contacts.id)`;
}

function writeJourney(rule: Extract<Rule, { kind: "journey" }>, bind: Bind): string {
  const clauses = [
    "v.contact_id = contacts.id",
    `v.journey_id = ${bind(row("journey", rule.journeyId), "bigint")}`,
  ];
  if (rule.state === "in") clauses.push("v.finished_at is null");
  if (rule.state === "finished") clauses.push("v.finished_at is not null");
  if (rule.nodeId !== undefined) {
    const node = bind(rule.nodeId, "text");
    clauses.push(
      rule.state === "in"
        ? `v.node_id = ${node}`
        : `exists (select from journey_passages p where p.visit_id = v.id and p.node_id = ${node})`,
    );
  }
  return `exists (select from journey_visits v where ${clauses.join(" and ")})`;
}

function join<Part>(parts: readonly Part[], glue: string, ofNone: string, writePart: (part: Part) => string) {
  return parts.length === 0 ? ofNone : `(${parts.map(writePart).join(glue)})`;
}

function row(kind: IdKind, id: string): string {
  const number = fromId(kind, id);
  invariant(number !== undefined, `${id} is the id of a ${kind}`);
  return number;
}
