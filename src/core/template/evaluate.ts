import type { Budget } from "./budget.ts";
import { filterNamed } from "./filters/index.ts";
import type { BinaryOperator, Expression, PathKey } from "./program.ts";
import {
  blank,
  compare,
  empty,
  equals,
  isList,
  isMap,
  isTrue,
  Markup,
  toNumber,
  toText,
  type Value,
} from "./value.ts";

export type Loop = { index: number; readonly items: readonly Value[] };

/** What a program sees while it runs. One frame is reused from message to message. */
export type Frame = {
  readonly budget: Budget;
  /** The variables of the running program, by number. */
  readonly locals: (Value | undefined)[];
  readonly loops: Loop[];
  locale: string;
  timeZone: string;
  now: number;
  /** Reads a value that differs from recipient to recipient. */
  readonly slot: (slot: number) => Value;
};

/**
 * Says what a path means: a value known already, or the number of a slot. `used` counts the keys it has taken care
 * of; the rest is looked up in the value. Undefined: a local variable, which linking then gives a number.
 */
export type Bind = (
  root: string,
  keys: readonly PathKey[],
) =>
  | { readonly constant: Value; readonly used: number }
  | {
      readonly slot: number;
      readonly used: number;
      /** Its text differs from recipient to recipient only in letters that no context escapes. */
      readonly isSteady?: boolean;
    }
  | { readonly local: number; readonly used: 0 }
  | undefined;

export type Evaluate = (frame: Frame) => Value;

/** An expression made ready: a value if nothing in it depends on the recipient, otherwise a function. */
export type Ready = { readonly constant: Value } | { readonly evaluate: Evaluate };

/** Turns an expression into a function once, so that running it does no look-up of names. */
export function ready(expression: Expression, bind: Bind): Ready {
  switch (expression.kind) {
    case "literal":
      return { constant: expression.value };
    case "empty":
      return { constant: empty };
    case "blank":
      return { constant: blank };
    case "truth": {
      const inner = ready(expression.value, bind);
      if ("constant" in inner) return { constant: isTrue(inner.constant) };
      return { evaluate: (frame) => isTrue(inner.evaluate(frame)) };
    }
    case "path":
      return readyPath(expression, bind);
    case "range":
      return readyRange(ready(expression.from, bind), ready(expression.to, bind));
    case "binary": {
      const left = ready(expression.left, bind);
      const right = ready(expression.right, bind);
      if ("constant" in left && "constant" in right) {
        return { constant: combine(expression.operator, left.constant, right.constant) };
      }
      return { evaluate: readyBinary(expression.operator, asFunction(left), asFunction(right)) };
    }
    case "filter":
      return readyFilter(expression, bind);
  }
}

/** A ready expression as a function, whichever it was. */
export function asFunction(expression: Ready): Evaluate {
  if ("evaluate" in expression) return expression.evaluate;
  const { constant } = expression;
  return () => constant;
}

function readyPath(expression: Extract<Expression, { kind: "path" }>, bind: Bind): Ready {
  const { root, keys } = expression;
  const bound = root === "forloop" ? undefined : bind(root, keys);
  const rest = (bound ? keys.slice(bound.used) : keys).map((key) =>
    typeof key === "object" ? ready(key, bind) : { constant: key },
  );
  const look = (value: Value, frame: Frame) => {
    let found = value;
    for (const key of rest) found = propertyOf(found, "constant" in key ? key.constant : key.evaluate(frame));
    return found;
  };
  if (bound && "constant" in bound) {
    const { constant } = bound;
    if (rest.length === 0) return { constant };
    return { evaluate: (frame) => look(constant, frame) };
  }
  if (bound && "slot" in bound) {
    const { slot } = bound;
    if (rest.length === 0) return { evaluate: (frame) => frame.slot(slot) };
    return { evaluate: (frame) => look(frame.slot(slot), frame) };
  }
  if (root === "forloop") return { evaluate: (frame) => forloop(frame, keys) };
  const local = bound?.local ?? -1;
  if (rest.length === 0) return { evaluate: (frame) => frame.locals[local] ?? null };
  return { evaluate: (frame) => look(frame.locals[local] ?? null, frame) };
}

/** What a key gives: an item, an entry, or one of size, first and last. Anything else is nil. */
function propertyOf(value: Value, key: Value): Value {
  if (isMap(value)) {
    const entry = value.get(toText(key));
    return entry === undefined ? (key === "size" ? value.size : null) : entry;
  }
  if (isList(value)) {
    if (typeof key === "number") return value.at(key) ?? null;
    if (key === "size") return value.length;
    if (key === "first") return value[0] ?? null;
    return key === "last" ? (value.at(-1) ?? null) : null;
  }
  if (key === "size" && (typeof value === "string" || value instanceof Markup)) return toText(value).length;
  return null;
}

function forloop(frame: Frame, keys: readonly PathKey[]): Value {
  let depth = frame.loops.length - 1;
  let at = 0;
  while (keys[at] === "parentloop") {
    depth--;
    at++;
  }
  const loop = frame.loops[depth];
  if (!loop || keys.length !== at + 1) return null;
  switch (keys[at]) {
    case "index":
      return loop.index + 1;
    case "index0":
      return loop.index;
    case "rindex":
      return loop.items.length - loop.index;
    case "rindex0":
      return loop.items.length - loop.index - 1;
    case "first":
      return loop.index === 0;
    case "last":
      return loop.index === loop.items.length - 1;
    case "length":
      return loop.items.length;
    default:
      return null;
  }
}

function readyRange(from: Ready, to: Ready): Ready {
  const start = asFunction(from);
  const end = asFunction(to);
  return {
    evaluate: (frame) => {
      const first = Math.trunc(toNumber(start(frame)));
      const last = Math.trunc(toNumber(end(frame)));
      if (!(last >= first)) return [];
      // Paid for before it is made: (1..1000000000) must cost nothing.
      frame.budget.spend(last - first + 1);
      return Array.from({ length: last - first + 1 }, (_, i) => first + i);
    },
  };
}

function readyBinary(operator: BinaryOperator, left: Evaluate, right: Evaluate): Evaluate {
  if (operator === "and") return (frame) => isTrue(left(frame)) && isTrue(right(frame));
  if (operator === "or") return (frame) => isTrue(left(frame)) || isTrue(right(frame));
  return (frame) => {
    const [one, other] = [left(frame), right(frame)];
    frame.budget.spend(weight(one) + weight(other));
    return combine(operator, one, other);
  };
}

/** What it costs to look all through a value, beyond the step itself. */
function weight(value: Value): number {
  if (typeof value === "string") return value.length >> 7;
  return isList(value) ? 1 + (value.length >> 2) : 0;
}

function combine(operator: BinaryOperator, left: Value, right: Value): boolean {
  switch (operator) {
    case "==":
      return equals(left, right);
    case "!=":
      return !equals(left, right);
    case "contains":
      return contains(left, right);
    case "and":
      return isTrue(left) && isTrue(right);
    case "or":
      return isTrue(left) || isTrue(right);
    default: {
      const order = compare(left, right);
      if (order === undefined) return false;
      if (operator === "<") return order < 0;
      if (operator === ">") return order > 0;
      return operator === "<=" ? order <= 0 : order >= 0;
    }
  }
}

function contains(whole: Value, part: Value): boolean {
  if (part === null) return false;
  if (isList(whole)) return whole.some((item) => equals(item, part));
  if (isMap(whole)) return whole.has(toText(part));
  return whole === null ? false : toText(whole).includes(toText(part));
}

function readyFilter(expression: Extract<Expression, { kind: "filter" }>, bind: Bind): Ready {
  const filter = filterNamed(expression.name);
  // Unknown filters never pass the check; a stored program of a later version degrades to the plain value.
  if (!filter) return ready(expression.input, bind);
  const input = asFunction(ready(expression.input, bind));
  const args = expression.args.map((arg) => ready(arg, bind));
  const fixed = args.flatMap((arg) => ("constant" in arg ? [arg.constant] : []));
  // Nearly all arguments are written out: they are put together once, not for each message.
  if (fixed.length === args.length)
    return {
      evaluate: (frame) => {
        const value = input(frame);
        frame.budget.spend(1 + weight(value));
        return filter.run(value, fixed, frame);
      },
    };
  const given = args.map(asFunction);
  return {
    evaluate: (frame) => {
      const value = input(frame);
      const values = given.map((arg) => arg(frame));
      frame.budget.spend(1 + weight(value));
      return filter.run(value, values, frame);
    },
  };
}
