import { Budget } from "./budget.ts";
import { escapeFor } from "./escape.ts";
import { type Bind, type Evaluate, type Frame, type Ready, ready } from "./evaluate.ts";
import type { Context, Expression, Op, Program } from "./program.ts";

/** Text that is the same in every message; a sink may keep its encoded form here. */
export class FixedText {
  readonly text: string;
  encoded: Uint8Array | undefined = undefined;
  /** The encoded form was looked at and may be copied without another look. */
  isSound = false;

  constructor(text: string) {
    this.text = text;
  }
}

/** A step with its names resolved and everything decided that does not depend on the recipient. */
export type Step =
  | { readonly do: "fixed"; readonly fixed: FixedText; readonly next: number }
  | { readonly do: "out"; readonly evaluate: Evaluate; readonly as: Context }
  | { readonly do: "jump"; readonly to: number }
  | { readonly do: "unless"; readonly evaluate: Evaluate; readonly to: number }
  | {
      readonly do: "for";
      readonly name: string;
      readonly list: Evaluate;
      readonly limit: Evaluate | undefined;
      readonly offset: Evaluate | undefined;
      readonly reversed: boolean;
      readonly whenEmpty: number;
      readonly end: number;
    }
  | { readonly do: "assign"; readonly name: string; readonly evaluate: Evaluate }
  | Extract<KeptStep, { do: string }>;

type KeptStep =
  | { readonly do: "next"; readonly to: number }
  | { readonly do: "break" }
  | { readonly do: "capture"; readonly name: string }
  | { readonly do: "capture-end" }
  | { readonly do: "link"; readonly number: number; readonly text: string }
  | { readonly do: "link-begin"; readonly number: number; readonly part: "html" | "plain" }
  | { readonly do: "link-end" }
  | { readonly do: "beacon" };

export type LinkedProgram = readonly Step[];

/**
 * Makes a stored program ready to run: names are bound once, values that are the same for all recipients are
 * written out, and neighbouring texts become one.
 */
export function linkProgram(program: Program, bind: Bind): LinkedProgram {
  const targets = jumpTargets(program);
  const idle = idleFrame();
  const steps = program.map((op) => link(op, bind, idle));
  for (let i = steps.length - 1; i >= 0; i--) {
    const step = steps[i];
    const following = steps[i + 1];
    if (step?.do !== "fixed") continue;
    steps[i] =
      following?.do === "fixed" && !targets.has(i + 1)
        ? { do: "fixed", fixed: new FixedText(step.fixed.text + following.fixed.text), next: following.next }
        : { do: "fixed", fixed: step.fixed, next: i + 1 };
  }
  return steps;
}

/** True if a program is one fixed text for all recipients, which is then given. */
export function fixedText(program: LinkedProgram): string | undefined {
  if (program.length === 0) return "";
  const [first] = program;
  return first?.do === "fixed" && first.next === program.length ? first.fixed.text : undefined;
}

function link(op: Op, bind: Bind, idle: Frame): Step {
  switch (op.op) {
    case "text":
      return { do: "fixed", fixed: new FixedText(op.text), next: 0 };
    case "out": {
      const value = folded(op.value, bind, idle);
      return "constant" in value
        ? { do: "fixed", fixed: new FixedText(escapeFor(op.as, value.constant)), next: 0 }
        : { do: "out", evaluate: value.evaluate, as: op.as };
    }
    case "jump":
      return { do: "jump", to: op.to };
    case "unless":
      return { do: "unless", evaluate: evaluator(op.value, bind, idle), to: op.to };
    case "for":
      return {
        do: "for",
        name: op.name,
        list: evaluator(op.list, bind, idle),
        limit: op.limit ? evaluator(op.limit, bind, idle) : undefined,
        offset: op.offset ? evaluator(op.offset, bind, idle) : undefined,
        reversed: op.reversed,
        whenEmpty: op.whenEmpty,
        end: op.end,
      };
    case "next":
      return { do: "next", to: op.to };
    case "break":
      return { do: "break" };
    case "assign":
      return { do: "assign", name: op.name, evaluate: evaluator(op.value, bind, idle) };
    case "capture":
      return { do: "capture", name: op.name };
    case "capture-end":
      return { do: "capture-end" };
    case "link":
      return { do: "link", number: op.number, text: op.text };
    case "link-begin":
      return { do: "link-begin", number: op.number, part: op.part };
    case "link-end":
      return { do: "link-end" };
    case "beacon":
      return { do: "beacon" };
  }
}

/** A constant where filters see only constants too; dates and numbers are left, as they depend on the recipient's zone and locale. */
function folded(expression: Expression, bind: Bind, idle: Frame): Ready {
  const made = ready(expression, bind);
  if ("constant" in made || !isPure(expression, bind)) return made;
  try {
    return { constant: made.evaluate(idle) };
  } catch {
    // Too much work: the same stop comes up, with its message, for each recipient.
    return made;
  }
}

const localised = new Set(["date", "number", "currency"]);

function isPure(expression: Expression, bind: Bind): boolean {
  switch (expression.kind) {
    case "path": {
      const bound = expression.root === "forloop" ? undefined : bind(expression.root, expression.keys);
      return (
        bound !== undefined &&
        "constant" in bound &&
        expression.keys.every((key) => typeof key !== "object" || isPure(key, bind))
      );
    }
    case "filter":
      return (
        !localised.has(expression.name) &&
        isPure(expression.input, bind) &&
        expression.args.every((arg) => isPure(arg, bind))
      );
    case "binary":
      return isPure(expression.left, bind) && isPure(expression.right, bind);
    case "truth":
      return isPure(expression.value, bind);
    case "range":
      return false;
    default:
      return true;
  }
}

function evaluator(expression: Expression, bind: Bind, idle: Frame): Evaluate {
  const made = folded(expression, bind, idle);
  if ("evaluate" in made) return made.evaluate;
  const { constant } = made;
  return () => constant;
}

/** Where constants are worked out; its one budget bounds all of that work together. */
function idleFrame(): Frame {
  return {
    budget: new Budget(),
    locals: new Map(),
    loops: [],
    locale: "en",
    timeZone: "UTC",
    now: 0,
    slot: () => null,
  };
}

function jumpTargets(program: Program): ReadonlySet<number> {
  const targets = new Set<number>();
  program.forEach((op, i) => {
    if (op.op === "jump" || op.op === "unless" || op.op === "next") targets.add(op.to);
    if (op.op === "for") for (const to of [op.whenEmpty, op.end, i + 1]) targets.add(to);
  });
  return targets;
}
