/**
 * What a template can hold: nothing of the host. Maps are `Map`s, so no prototype can be reached through a key,
 * and there are no functions.
 */
export type Value = string | number | boolean | null | ValueList | ValueMap | Markup | Special;
export type ValueList = readonly Value[];
export type ValueMap = ReadonlyMap<string, Value>;

/** HTML made by a filter that knows it is safe, with the text it stands for. */
export class Markup {
  readonly html: string;
  readonly text: string;
  /** The text is percent-encoded already. */
  readonly isUrlPart: boolean;

  constructor(html: string, text: string, isUrlPart = false) {
    this.html = html;
    this.text = text;
    this.isUrlPart = isUrlPart;
  }
}

/** Liquid's `empty` and `blank`, which only comparisons understand. */
export class Special {
  readonly name: "empty" | "blank";

  constructor(name: "empty" | "blank") {
    this.name = name;
  }
}

export const empty = new Special("empty");
export const blank = new Special("blank");

/** True for lists. `Array.isArray` alone does not narrow a readonly array. */
export function isList(value: Value): value is ValueList {
  return Array.isArray(value);
}

/** True for maps. */
export function isMap(value: Value): value is ValueMap {
  return value instanceof Map;
}

/** Only nil and false are untrue; the empty text and 0 are true, as in Liquid. */
export function isTrue(value: Value): boolean {
  return value !== null && value !== false;
}

/** Shows a value as text: nil as nothing, a list as its items one after the other. */
export function toText(value: Value): string {
  if (typeof value === "string") return value;
  if (value === null) return "";
  if (typeof value === "number") return numberText(value);
  if (typeof value === "boolean") return value ? "true" : "false";
  if (value instanceof Markup) return value.text;
  if (isList(value)) return value.map(toText).join("");
  return "";
}

function numberText(value: number): string {
  if (!Number.isFinite(value)) return "";
  return Object.is(value, -0) ? "0" : String(value);
}

/** Reads a value as a number; text that is no number counts as 0, as in Liquid. */
export function toNumber(value: Value): number {
  if (typeof value === "number") return value;
  if (value === null || typeof value === "boolean") return 0;
  const match = /^\s*(-?\d{1,300}(?:\.\d{1,300})?)/.exec(toText(value).slice(0, 700));
  return match ? Number(match[1]) : 0;
}

/** True for "", [] and a map without entries. */
export function isEmpty(value: Value): boolean {
  if (value instanceof Markup) return value.text === "";
  if (typeof value === "string" || isList(value)) return value.length === 0;
  return isMap(value) && value.size === 0;
}

/** True for what is empty, nil, false, or white space only. */
export function isBlank(value: Value): boolean {
  if (value === null || value === false) return true;
  if (typeof value === "string" || value instanceof Markup) return toText(value).trim() === "";
  return isEmpty(value);
}

/** Equality as templates mean it. Nil equals only nil and blank; it is told from the empty text. */
export function equals(left: Value, right: Value): boolean {
  if (left instanceof Special) return left === right || matches(left, right);
  if (right instanceof Special) return matches(right, left);
  if (left instanceof Markup || right instanceof Markup) return toText(left) === toText(right);
  if (isList(left) && isList(right)) {
    return left.length === right.length && left.every((item, i) => equals(item, right[i] ?? null));
  }
  return left === right;
}

function matches(special: Special, value: Value): boolean {
  return special.name === "empty" ? isEmpty(value) : isBlank(value);
}

/** Order of two numbers or two texts; undefined if they cannot be compared (nil, lists, mixed kinds). */
export function compare(left: Value, right: Value): number | undefined {
  if (typeof left === "number" && typeof right === "number") return left - right;
  if (typeof left === "string" && typeof right === "string") return left < right ? -1 : left > right ? 1 : 0;
  if (left instanceof Markup || right instanceof Markup) return compare(bare(left), bare(right));
  return undefined;
}

function bare(value: Value): Value {
  return value instanceof Markup ? value.text : value;
}

const maximumDepth = 20;

/** Turns parsed JSON into values. Only own properties are taken over; what lies deeper than 20 is nil. */
export function fromJson(json: unknown, depth = 0): Value {
  if (typeof json === "string" || typeof json === "number" || typeof json === "boolean") return json;
  if (depth > maximumDepth || typeof json !== "object" || json === null) return null;
  if (Array.isArray(json)) return json.map((item) => fromJson(item, depth + 1));
  return new Map(Object.entries(json).map(([key, item]) => [key, fromJson(item, depth + 1)]));
}
