import { fail, ok, type Result } from "../kernel/result.ts";
import type { FieldType } from "../messages/contact-schema.ts";

/** What is known of a custom attribute: enough to judge its values. */
export type AttributeRule = {
  readonly key: string;
  readonly type: FieldType;
  readonly choices: readonly string[];
};

export type AttributeValue = string | number | boolean | readonly string[] | readonly object[];

const maxTextLength = 10_000;
const maxItems = 1000;
const yes = new Set(["true", "yes", "y", "1", "on"]);
const no = new Set(["false", "no", "n", "0", "off"]);

/** Judges a value from JSON. Null and undefined are no values: the caller decides that they clear. The error is a sentence. */
export function readAttributeValue(rule: AttributeRule, value: unknown): Result<AttributeValue, string> {
  switch (rule.type) {
    case "number":
      return typeof value === "number" && Number.isFinite(value) ? ok(value) : readAttributeText(rule, value);
    case "boolean":
      return typeof value === "boolean" ? ok(value) : readAttributeText(rule, value);
    case "choices":
      return Array.isArray(value) ? readChoices(rule, value) : readAttributeText(rule, value);
    case "list":
      return Array.isArray(value) ? readList(value) : readAttributeText(rule, value);
    default:
      return readAttributeText(rule, value);
  }
}

/** Judges a value written as text, such as a cell of a file. The text is not empty. */
export function readAttributeText(rule: AttributeRule, value: unknown): Result<AttributeValue, string> {
  if (typeof value !== "string") return fail(`Expected ${described[rule.type]}.`);
  const text = value.trim();
  if (/[\0\p{Cs}]/u.test(text)) return fail("The value is no proper text.");
  switch (rule.type) {
    case "text":
      return text.length > maxTextLength ? fail(`Longer than ${maxTextLength} characters.`) : ok(text);
    case "number":
      return readNumber(text);
    case "boolean":
      return readBoolean(text);
    case "date":
      return readDate(text);
    case "datetime":
      return readDatetime(text);
    case "choice":
      return readChoice(rule, text);
    case "choices":
      return readChoices(
        rule,
        text.split(/[|;,]/).filter((part) => part.trim() !== ""),
      );
    case "list":
      return readListText(text);
  }
}

const described: Record<FieldType, string> = {
  text: "a text",
  number: "a number",
  boolean: "yes or no",
  date: "a date like 2026-12-31",
  datetime: "a date and time like 2026-12-31T18:00:00Z",
  choice: "one of the choices",
  choices: "a list of choices",
  list: "a list of objects",
};

function readNumber(text: string): Result<number, string> {
  const plain = /^-?\d+,\d{1,2}$/.test(text) ? text.replace(",", ".") : text;
  if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?$/.test(plain) || plain.length > 40)
    return fail("Expected a number like 12.5, without thousands separators.");
  const number = Number(plain);
  return Number.isFinite(number) ? ok(number) : fail("The number is too large.");
}

function readBoolean(text: string): Result<boolean, string> {
  const word = text.toLowerCase();
  if (yes.has(word)) return ok(true);
  return no.has(word) ? ok(false) : fail("Expected yes or no.");
}

function daysIn(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

function dateOf(year: string, month: string, day: string): string | undefined {
  const [y, m, d] = [Number(year), Number(month), Number(day)];
  if (y < 1 || m < 1 || m > 12 || d < 1 || d > daysIn(y, m)) return undefined;
  return `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
}

/** ISO 8601, or day.month.year, which cannot be mistaken. Slashes can be (3/4 is two days), so they are refused. */
function readDate(text: string): Result<string, string> {
  const iso = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  const dotted = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/.exec(text);
  const date = iso
    ? dateOf(iso[1] ?? "", iso[2] ?? "", iso[3] ?? "")
    : dotted && dateOf(dotted[3] ?? "", dotted[2] ?? "", dotted[1] ?? "");
  return date ? ok(date) : fail("Expected a date like 2026-12-31.");
}

/** RFC 3339, kept in UTC to the second or finer. Without an offset it counts as UTC. */
function readDatetime(text: string): Result<string, string> {
  const parts =
    /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d{1,9})?)?\s?(Z|[+-]\d{2}:?\d{2})?$/i.exec(
      text,
    );
  const [, year = "", month = "", day = "", hour = "", minute = "", second = "0", zone = "Z"] = parts ?? [];
  const isTime = Number(hour) < 24 && Number(minute) < 60 && Number(second) < 60;
  const date = parts && isTime ? dateOf(year, month, day) : undefined;
  const offset = zone.toUpperCase() === "Z" ? "Z" : `${zone.slice(0, 3)}:${zone.slice(-2)}`;
  const instant = date
    ? Date.parse(`${date}T${hour}:${minute}:${second.padStart(2, "0")}${offset}`)
    : Number.NaN;
  return Number.isNaN(instant)
    ? fail("Expected a date and time like 2026-12-31T18:00:00Z.")
    : ok(new Date(instant).toISOString());
}

function readChoice(rule: AttributeRule, text: string): Result<string, string> {
  const lower = text.trim().toLowerCase();
  const choice =
    rule.choices.find((each) => each === text) ?? rule.choices.find((each) => each.toLowerCase() === lower);
  if (choice !== undefined) return ok(choice);
  return fail(`“${text.slice(0, 50)}” is none of the choices.`);
}

function readChoices(rule: AttributeRule, values: readonly unknown[]): Result<readonly string[], string> {
  const chosen = new Set<string>();
  for (const value of values) {
    if (typeof value !== "string") return fail(`Expected ${described.choices}.`);
    const choice = readChoice(rule, value);
    if (!choice.ok) return choice;
    chosen.add(choice.value);
  }
  return ok([...chosen]);
}

function readList(values: readonly unknown[]): Result<readonly object[], string> {
  if (values.length > maxItems) return fail(`More than ${maxItems} items.`);
  const objects = values.filter(
    (value): value is object => typeof value === "object" && value !== null && !Array.isArray(value),
  );
  if (objects.length !== values.length) return fail("Every item of the list must be an object.");
  // What PostgreSQL's jsonb cannot hold: zero characters and halves of surrogate pairs.
  if (/\\u(?:0000|d[89a-f])/i.test(JSON.stringify(objects)))
    return fail("A text in the list is no proper text.");
  return ok(objects);
}

function readListText(text: string): Result<readonly object[], string> {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? readList(value) : fail("Expected a list of objects in JSON.");
  } catch {
    return fail("Expected a list of objects in JSON.");
  }
}
