import type { Day, Test } from "../condition.ts";
import { nearest } from "../nearest.ts";
import { SyntaxProblem, type Token } from "./lex.ts";
import { type Parsing, parseList } from "./parse-group.ts";
import { refuseToken, type TokenReader } from "./token-reader.ts";

type Negatable = { readonly test: Test; readonly isNegated: boolean };

const operatorWords = [
  "contains",
  "starts",
  "ends",
  "in",
  "between",
  "on",
  "before",
  "after",
  "has",
  "is",
  "not",
];

/** Reads what follows a field: an operator and its values. `!=`, `not in` and the like are the negation of a test. */
export function parseTest(parsing: Parsing, field: string): Negatable {
  const { reader } = parsing;
  if (reader.peek().kind === "symbol") return parseComparison(reader, field);
  const isNegated = reader.take("not");
  if (reader.take("is")) {
    const isNot = reader.take("not");
    reader.expect("empty");
    return { test: { operator: "is-empty" }, isNegated: isNegated !== isNot };
  }
  return { test: parseWordTest(parsing, field), isNegated };
}

function parseWordTest(parsing: Parsing, field: string): Test {
  const { reader } = parsing;
  const operator = reader.next();
  switch (operator.text.toLowerCase()) {
    case "contains":
      return { operator: "contains", value: parseText(reader) };
    case "starts":
      reader.expect("with");
      return { operator: "starts-with", value: parseText(reader) };
    case "ends":
      reader.expect("with");
      return { operator: "ends-with", value: parseText(reader) };
    case "in":
      return parseIn(parsing);
    case "between":
      return parseBetween(reader);
    case "on":
    case "before":
    case "after": {
      const word = operator.text.toLowerCase();
      return {
        operator: word === "on" ? "on" : word === "before" ? "before" : "after",
        day: parseDay(reader),
      };
    }
    case "has": {
      const isAll = reader.take("all");
      if (!isAll) reader.take("any");
      const values = reader.is("(") ? parseList(parsing, () => parseText(reader)) : [parseText(reader)];
      return { operator: isAll ? "has-all" : "has-any", values };
    }
    default:
      return refuseOperator(operator, field);
  }
}

function refuseOperator(operator: Token, field: string): never {
  if (operator.kind === "string") refuseToken(operator, "an operator", `${field} = ${operator.text}`);
  const meant = operator.kind === "word" ? nearest(operator.text, operatorWords) : undefined;
  return refuseToken(
    operator,
    `an operator after ${field}, such as = or is empty`,
    meant ? `Did you mean ${meant}?` : null,
  );
}

/** Comparisons of dates are sugar: `<` is before, `>=` is not before. */
function parseComparison(reader: TokenReader, field: string): Negatable {
  const symbol = reader.next();
  const at = reader.peek();
  if (!["=", "!=", "<>", "<", "<=", ">", ">="].includes(symbol.text)) refuseOperator(symbol, field);
  if (startsDay(reader)) {
    const day = parseDay(reader);
    const isNegated = ["!=", "<>", "<=", ">="].includes(symbol.text);
    if (["=", "!=", "<>"].includes(symbol.text)) return { test: { operator: "on", day }, isNegated };
    const isBefore = symbol.text === "<" || symbol.text === ">=";
    return { test: { operator: isBefore ? "before" : "after", day }, isNegated };
  }
  const value = parseValue(reader);
  if (symbol.text === "=") return { test: { operator: "equals", value }, isNegated: false };
  if (symbol.text === "!=" || symbol.text === "<>")
    return { test: { operator: "equals", value }, isNegated: true };
  if (typeof value !== "number") refuseToken(at, `a number or a day after ${symbol.text}`);
  const operator = orders[symbol.text] ?? refuseOperator(symbol, field);
  return { test: { operator, value }, isNegated: false };
}

const orders: Readonly<Record<string, "less" | "at-most" | "greater" | "at-least">> = {
  "<": "less",
  "<=": "at-most",
  ">": "greater",
  ">=": "at-least",
};

function parseIn(parsing: Parsing): Test {
  const { reader } = parsing;
  if (reader.take("last")) return { operator: "in-last-days", days: parseDays(reader) };
  if (reader.take("next")) return { operator: "in-next-days", days: parseDays(reader) };
  return { operator: "one-of", values: parseList(parsing, () => parseText(reader)) };
}

function parseBetween(reader: TokenReader): Test {
  if (startsDay(reader)) {
    const from = parseDay(reader);
    reader.expect("and");
    return { operator: "between-days", from, to: parseDay(reader) };
  }
  const from = parseNumber(reader);
  reader.expect("and");
  return { operator: "between", from, to: parseNumber(reader) };
}

function startsDay(reader: TokenReader): boolean {
  const { kind } = reader.peek();
  return kind === "date" || reader.is("today") || (kind === "number" && /^days?$/i.test(reader.peek(1).text));
}

/** Reads `2026-02-28`, `today`, `3 days ago` or `3 days from now`. */
export function parseDay(reader: TokenReader): Day {
  if (reader.peek().kind === "date") return { date: reader.next().value };
  if (reader.take("today")) return { daysFromToday: 0 };
  if (reader.peek().kind !== "number")
    refuseToken(reader.peek(), "a day such as 2026-02-28, today or 3 days ago");
  const days = parseDays(reader);
  if (reader.take("ago")) return { daysFromToday: -days };
  if (!reader.is("from")) refuseToken(reader.peek(), "ago or from now");
  reader.expect("from");
  reader.expect("now");
  return { daysFromToday: days };
}

function parseDays(reader: TokenReader): number {
  const days = parseWhole(reader);
  if (!reader.take("day")) reader.expect("days");
  return days;
}

/** Reads a whole number of zero or more. */
export function parseWhole(reader: TokenReader): number {
  const token = reader.expectKind("number", "a whole number");
  const value = Number(token.value);
  if (!Number.isSafeInteger(value) || value < 0)
    throw new SyntaxProblem(`${token.text} is not a whole number of 0 or more.`, token.span);
  return value;
}

function parseNumber(reader: TokenReader): number {
  return Number(reader.expectKind("number", "a number or a day").value);
}

/** Reads a text in quotes that is not empty. */
export function parseText(reader: TokenReader): string {
  const token = reader.peek();
  if (token.kind === "word") refuseToken(token, "a text in quotes", `"${token.text}"`);
  reader.expectKind("string", "a text in quotes");
  if (token.value === "")
    throw new SyntaxProblem("An empty text matches nothing.", token.span, "Use: is empty");
  return token.value;
}

function parseValue(reader: TokenReader): string | number | boolean {
  if (reader.peek().kind === "number") return Number(reader.next().value);
  if (reader.take("true")) return true;
  if (reader.take("false")) return false;
  return parseText(reader);
}
