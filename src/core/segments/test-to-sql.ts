import { unreachable } from "../kernel/unreachable.ts";
import type { DateTest, Test } from "./condition.ts";
import { type Frame, type Range, resolveDateTest } from "./date-range.ts";
import { foldCase } from "./fold-case.ts";
import type { Bind, SqlType } from "./sql-fragment.ts";
import { asText, dayPattern, momentPattern } from "./test-value.ts";

/** A text column; its name is one of ours, never a user's. */
export type ColumnPlace = { readonly kind: "column"; readonly sql: string };
/** A key of a JSON object; the object's expression is ours, the key is bound. */
export type JsonPlace = { readonly kind: "json"; readonly object: string; readonly key: string };

const falseSql = "false";

/** Compiles a test of a text column. Never null: each comparison follows `is not null`. */
export function columnTestToSql({ sql }: ColumnPlace, test: Test, frame: Frame, bind: Bind): string {
  if (test.operator === "is-empty") return `coalesce(${sql}, '') = ''`;
  if (test.operator === "has-any" || test.operator === "has-all") {
    const every = test.operator === "has-all";
    const equal = `${sql} = ${every ? "all" : "any"}(${bind(test.values, "text[]")})`;
    return `(${sql} is not null and ${equal})`;
  }
  const passes = textPasses(sql, test, frame, bind);
  return passes === undefined ? falseSql : `(${sql} is not null and ${passes})`;
}

/**
 * Compiles a test of a JSON value. Never null: an absent key gives null only behind a guard that is false then.
 * Equality with a number, a truth value or a choice is containment, which the GIN index on attributes serves.
 */
export function jsonTestToSql({ object, key }: JsonPlace, test: Test, frame: Frame, bind: Bind): string {
  const contains = (value: unknown) => `${object} @> ${bind(JSON.stringify({ [key]: value }), "jsonb")}`;
  const value = () => `${object} -> ${bind(key, "text")}`;
  const isType = (type: string) => `coalesce(jsonb_typeof(${value()}), '') = '${type}'`;
  switch (test.operator) {
    case "is-empty":
      return `coalesce(${value()}, 'null') in ('null', '""', '[]')`;
    case "equals":
      if (typeof test.value !== "string") return contains(test.value);
      break;
    case "less":
    case "at-most":
    case "greater":
    case "at-least":
      return `(${isType("number")} and ${value()} ${comparisons[test.operator]} ${bind(String(test.value), "jsonb")})`;
    case "between":
      return `(${isType("number")} and ${value()} between ${bind(String(test.from), "jsonb")} and ${bind(String(test.to), "jsonb")})`;
    case "has-any":
    case "has-all": {
      const each = test.values.map((one) => `(${contains([one])} or ${contains(one)})`);
      return `(${each.join(test.operator === "has-any" ? " or " : " and ")})`;
    }
  }
  const passes = textPasses(`(${object} ->> ${bind(key, "text")})`, test, frame, bind);
  // The guard comes last: most rows fail the test before, and null and false is false.
  return passes === undefined ? falseSql : `(${passes} and ${isType("string")})`;
}

const comparisons = { less: "<", "at-most": "<=", greater: ">", "at-least": ">=" } as const;

/** The part that is about text, given that there is some; undefined if the test is not about text. */
function textPasses(sql: string, test: Test, frame: Frame, bind: Bind): string | undefined {
  const folded = `fold_case(${sql})`;
  switch (test.operator) {
    case "equals":
      return typeof test.value === "string" ? `${folded} = ${bind(foldCase(test.value), "text")}` : undefined;
    case "one-of":
      return `${folded} = any(${bind(test.values.map(foldCase), "text[]")})`;
    case "contains":
      return `strpos(${folded}, ${bind(foldCase(test.value), "text")}) > 0`;
    case "starts-with":
      return `starts_with(${folded}, ${bind(foldCase(test.value), "text")})`;
    case "ends-with": {
      const end = foldCase(test.value);
      return `right(${folded}, ${bind([...end].length, "integer")}) = ${bind(end, "text")}`;
    }
    case "on":
    case "before":
    case "after":
    case "between-days":
    case "in-last-days":
    case "in-next-days":
      return writtenDatePasses(sql, test, frame, bind);
    case "less":
    case "at-most":
    case "greater":
    case "at-least":
    case "between":
    case "has-any":
    case "has-all":
    case "is-empty":
      return undefined;
    default:
      return unreachable(test);
  }
}

/**
 * Dates in attributes sort as text, so nothing is cast and nothing malformed raises an error. The form is looked at
 * after the range: for 1,000,000 contacts this halves the time (2.5 s instead of 4.5 s on a busy machine).
 */
function writtenDatePasses(sql: string, test: DateTest, frame: Frame, bind: Bind): string {
  const { days, moments } = resolveDateTest(test, frame);
  const inC = `${sql} collate "C"`;
  const isDay = `${rangeToSql(inC, days, "text", bind)} and ${sql} ~ '${dayPattern}'`;
  const isMoment = `${rangeToSql(inC, asText(moments), "text", bind)} and ${sql} ~ '${momentPattern}'`;
  return `(${isDay} or ${isMoment})`;
}

/** Compiles "lies within"; a range open at both ends holds everything. */
export function rangeToSql(sql: string, range: Range<string>, type: SqlType, bind: Bind): string {
  const bounds = [];
  if (range.from !== undefined) bounds.push(`${sql} >= ${bind(range.from, type)}`);
  if (range.until !== undefined) bounds.push(`${sql} < ${bind(range.until, type)}`);
  return bounds.length === 0 ? "true" : bounds.join(" and ");
}
