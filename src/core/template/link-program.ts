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

/** What a steady run becomes in one encoding: bytes with holes for what differs. */
export type Woven = {
  readonly bytes: Uint8Array;
  /** The bytes were looked at and may be copied without another look, whatever letters fill the holes. */
  readonly isSound: boolean;
  /** For each hole: where it begins, which byte of the filling comes first, and how many do. */
  readonly holes: readonly number[];
  /** The length of its text. */
  readonly length: number;
  /** What it was made for: it serves fillings of these lengths. */
  readonly lengths: readonly number[];
};

/** Steps with a text that has one shape for all recipients, done one after the other without a jump in between. */
export class SteadyRun {
  readonly steps: readonly SteadyStep[];
  /** A sink may keep its woven forms here. */
  readonly woven: (Woven | undefined)[] = [];

  constructor(steps: readonly SteadyStep[]) {
    this.steps = steps;
  }
}

/** A step with its names resolved and everything decided that does not depend on the recipient. */
export type Step =
  | SteadyStep
  | { readonly do: "steady"; readonly run: SteadyRun; readonly next: number }
  | { readonly do: "out"; readonly evaluate: Evaluate; readonly as: Context }
  | { readonly do: "jump"; readonly to: number }
  | { readonly do: "unless"; readonly evaluate: Evaluate; readonly to: number }
  | {
      readonly do: "for";
      readonly local: number;
      readonly list: Evaluate;
      readonly limit: Evaluate | undefined;
      readonly offset: Evaluate | undefined;
      readonly reversed: boolean;
      readonly whenEmpty: number;
      readonly end: number;
    }
  | { readonly do: "assign"; readonly local: number; readonly evaluate: Evaluate }
  | Extract<KeptStep, { do: string }>;

export type SteadyStep =
  | { readonly do: "fixed"; readonly fixed: FixedText; readonly next: number }
  | { readonly do: "steady-out"; readonly evaluate: Evaluate; readonly as: Context }
  | Extract<KeptStep, { do: "link" | "beacon" }>;

type KeptStep =
  | { readonly do: "next"; readonly to: number }
  | { readonly do: "break" }
  | { readonly do: "capture"; readonly local: number }
  | { readonly do: "capture-end" }
  | { readonly do: "link"; readonly number: number; readonly text: string }
  | { readonly do: "link-begin"; readonly number: number; readonly part: "html" | "plain" }
  | { readonly do: "link-end" }
  | { readonly do: "beacon" };

export type LinkedProgram = readonly Step[];

/**
 * Makes a stored program ready to run: names are bound once, values that are the same for all recipients are
 * written out, and neighbouring texts become one, as do texts with what is steady between them.
 */
export function linkProgram(program: Program, bind: Bind): LinkedProgram {
  const targets = jumpTargets(program);
  const idle = idleFrame();
  const names = new LocalNames();
  const bindAll: Bind = (root, keys) => bind(root, keys) ?? { local: names.numberOf(root), used: 0 };
  const steps = program.map((op) => link(op, bindAll, names, idle));
  for (let i = 0; i < steps.length; ) {
    const start = i;
    const run: SteadyStep[] = [];
    for (let step = steps[i]; isSteady(step) && (i === start || !targets.has(i)); step = steps[++i])
      run.push(step);
    // Nothing jumps between the first step of a run and its last, so these are never come by again.
    if (run.length > 0) steps[start] = joined(run, i);
    else i++;
  }
  return steps;
}

/** Numbers the variables of a program. */
class LocalNames {
  readonly #numbers = new Map<string, number>();

  numberOf(name: string): number {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    const number = this.#numbers.size;
    this.#numbers.set(name, number);
    return number;
  }
}

function isSteady(step: Step | undefined): step is SteadyStep {
  return step?.do === "fixed" || step?.do === "steady-out" || step?.do === "link" || step?.do === "beacon";
}

function joined(run: readonly SteadyStep[], next: number): Step {
  const steps: SteadyStep[] = [];
  let texts: string[] = [];
  const endTexts = () => {
    if (texts.length > 0) steps.push({ do: "fixed", fixed: new FixedText(texts.join("")), next });
    texts = [];
  };
  for (const step of run) {
    if (step.do === "fixed") texts.push(step.fixed.text);
    else {
      endTexts();
      steps.push(step);
    }
  }
  endTexts();
  const [only] = steps;
  return steps.length === 1 && only?.do === "fixed"
    ? only
    : { do: "steady", run: new SteadyRun(steps), next };
}

/** True if a program is one fixed text for all recipients, which is then given. */
export function fixedText(program: LinkedProgram): string | undefined {
  if (program.length === 0) return "";
  const [first] = program;
  return first?.do === "fixed" && first.next === program.length ? first.fixed.text : undefined;
}

function link(op: Op, bind: Bind, names: LocalNames, idle: Frame): Step {
  switch (op.op) {
    case "text":
      return { do: "fixed", fixed: new FixedText(op.text), next: 0 };
    case "out": {
      const value = folded(op.value, bind, idle);
      return "constant" in value
        ? { do: "fixed", fixed: new FixedText(escapeFor(op.as, value.constant)), next: 0 }
        : { do: isSteadyPath(op.value, bind) ? "steady-out" : "out", evaluate: value.evaluate, as: op.as };
    }
    case "jump":
      return { do: "jump", to: op.to };
    case "unless":
      return { do: "unless", evaluate: evaluator(op.value, bind, idle), to: op.to };
    case "for":
      return {
        do: "for",
        local: names.numberOf(op.name),
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
      return { do: "assign", local: names.numberOf(op.name), evaluate: evaluator(op.value, bind, idle) };
    case "capture":
      return { do: "capture", local: names.numberOf(op.name) };
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

function isSteadyPath(value: Expression, bind: Bind): boolean {
  if (value.kind !== "path" || value.root === "forloop") return false;
  const bound = bind(value.root, value.keys);
  return (
    bound !== undefined && "slot" in bound && bound.isSteady === true && bound.used === value.keys.length
  );
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
    locals: [],
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
