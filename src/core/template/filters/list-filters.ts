import type { Budget } from "../budget.ts";
import { compare, equals, isList, isMap, toNumber, toText, type Value, type ValueList } from "../value.ts";
import type { Filters } from "./filter.ts";

/** A list as it is; anything else as a list of one, nil as an empty list. */
export function asList(value: Value): ValueList {
  if (isList(value)) return value;
  return value === null ? [] : [value];
}

/** A list with the items of lists in it in their place, however deep; paid for by the item. */
function flattened(value: Value, budget: Budget): Value[] {
  const items: Value[] = [];
  const add = (list: ValueList, depth: number): void => {
    budget.spend(1 + list.length);
    for (const item of list) {
      if (isList(item) && depth < deepestList) add(item, depth + 1);
      else items.push(item);
    }
  };
  add(asList(value), 0);
  return items;
}

/** No data of a contact is nested deeper; what would be stays as it is. */
const deepestList = 16;

export const listFilters: Filters = {
  join: {
    args: [0, 1],
    run: (input, [between = " "], { budget }) => {
      const items = asList(input).map(toText);
      const glue = toText(between);
      budget.checkLength(items.reduce((sum, item) => sum + item.length + glue.length, 0));
      return budget.made(items.join(glue));
    },
  },
  split: {
    args: [1, 1],
    run: (input, [at = ""], { budget }) => {
      const whole = budget.made(toText(input));
      const pieces = piecesOf(whole, toText(at));
      budget.spend(pieces.length);
      while (pieces.at(-1) === "") pieces.pop();
      return pieces;
    },
  },
  first: { args: [0, 0], run: (input) => (isList(input) ? (input[0] ?? null) : null) },
  last: { args: [0, 0], run: (input) => (isList(input) ? (input.at(-1) ?? null) : null) },
  reverse: { args: [0, 0], run: (input) => asList(input).toReversed() },
  compact: {
    args: [0, 1],
    run: (input, [key]) =>
      asList(input).filter((item) => (key === undefined ? item : property(item, key)) !== null),
  },
  concat: {
    args: [1, 1],
    run: (input, [more = null], { budget }) => {
      const joined = [...flattened(input, budget), ...asList(more)];
      budget.spend(joined.length);
      return joined;
    },
  },
  uniq: {
    args: [0, 1],
    run: (input, [key], { budget }) => {
      const kept: Value[] = [];
      const seen: Value[] = [];
      for (const item of asList(input)) {
        budget.spend(1 + (kept.length >> 3));
        const mark = key === undefined ? item : property(item, key);
        if (seen.some((other) => equals(other, mark))) continue;
        seen.push(mark);
        kept.push(item);
      }
      return kept;
    },
  },
  sort: {
    args: [0, 1],
    run: (input, [key], { budget }) => {
      budget.spend(asList(input).length);
      return sorted(asList(input), key, (value) => value);
    },
  },
  sort_natural: {
    args: [0, 1],
    run: (input, [key], { budget }) => {
      budget.spend(asList(input).length);
      return sorted(asList(input), key, (value) => (value === null ? null : toText(value).toLowerCase()));
    },
  },
  map: {
    args: [1, 1],
    run: (input, [key = ""], { budget }) => {
      const items = flattened(input, budget);
      return items.map((item) => property(item, key));
    },
  },
  sum: {
    args: [0, 1],
    run: (input, [key], { budget }) => {
      let sum = 0;
      for (const item of flattened(input, budget)) {
        const value = key === undefined ? item : property(item, key);
        if (typeof value === "number" || typeof value === "string") sum += toNumber(value);
      }
      return Number.isInteger(sum) ? sum : Number(sum.toPrecision(15));
    },
  },
};

/** Liquid's one space stands for any run of white space. */
function piecesOf(whole: string, at: string): string[] {
  if (at === "") return [...whole];
  return at === " " ? whole.trimStart().split(/\s+/u) : whole.split(at);
}

/** The entry of a map under a key; nil for anything else. */
export function property(item: Value, key: Value): Value {
  return isMap(item) ? (item.get(toText(key)) ?? null) : null;
}

/** By a property if its name is given and not nil. Nil comes last; what cannot be compared keeps its place. */
function sorted(list: ValueList, key: Value | undefined, view: (value: Value) => Value): ValueList {
  const rank = (item: Value) => view((key ?? null) === null ? item : property(item, key ?? null));
  return list.toSorted((a, b) => {
    const left = rank(a);
    const right = rank(b);
    if (left === null || right === null) return left === right ? 0 : left === null ? 1 : -1;
    return compare(left, right) ?? 0;
  });
}
