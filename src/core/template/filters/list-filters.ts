import { compare, equals, isList, isMap, isTrue, toText, type Value, type ValueList } from "../value.ts";
import type { Filters } from "./filter.ts";

/** A list as it is; anything else as a list of one, nil as an empty list. */
function asList(value: Value): ValueList {
  if (isList(value)) return value;
  return value === null ? [] : [value];
}

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
      const pieces = toText(at) === "" ? [...whole] : whole.split(toText(at));
      budget.spend(pieces.length);
      while (pieces.at(-1) === "") pieces.pop();
      return pieces;
    },
  },
  first: { args: [0, 0], run: (input) => (isList(input) ? (input[0] ?? null) : null) },
  last: { args: [0, 0], run: (input) => (isList(input) ? (input.at(-1) ?? null) : null) },
  reverse: { args: [0, 0], run: (input) => asList(input).toReversed() },
  compact: { args: [0, 0], run: (input) => asList(input).filter((item) => item !== null) },
  concat: {
    args: [1, 1],
    run: (input, [more = null], { budget }) => {
      const joined = [...asList(input), ...asList(more)];
      budget.spend(joined.length);
      return joined;
    },
  },
  uniq: {
    args: [0, 0],
    run: (input, _, { budget }) => {
      const kept: Value[] = [];
      for (const item of asList(input)) {
        budget.spend(1 + (kept.length >> 3));
        if (!kept.some((other) => equals(other, item))) kept.push(item);
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
      budget.spend(asList(input).length);
      return asList(input).map((item) => property(item, key));
    },
  },
  where: {
    args: [1, 2],
    run: (input, [key = "", wanted], { budget }) => {
      budget.spend(asList(input).length);
      return asList(input).filter((item) => {
        const value = property(item, key);
        return wanted === undefined ? isTrue(value) : equals(value, wanted);
      });
    },
  },
  sum: {
    args: [0, 1],
    run: (input, [key], { budget }) => {
      budget.spend(asList(input).length);
      let sum = 0;
      for (const item of asList(input)) {
        const value = key === undefined ? item : property(item, key);
        if (typeof value === "number") sum += value;
      }
      return Number.isInteger(sum) ? sum : Number(sum.toPrecision(15));
    },
  },
};

function property(item: Value, key: Value): Value {
  return isMap(item) ? (item.get(toText(key)) ?? null) : null;
}

/** Nil comes last; what cannot be compared keeps its place. */
function sorted(list: ValueList, key: Value | undefined, view: (value: Value) => Value): ValueList {
  const rank = (item: Value) => view(key === undefined ? item : property(item, key));
  return list.toSorted((a, b) => {
    const left = rank(a);
    const right = rank(b);
    if (left === null || right === null) return left === right ? 0 : left === null ? 1 : -1;
    return compare(left, right) ?? 0;
  });
}
