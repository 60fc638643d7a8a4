import { escapeFor } from "./escape.ts";
import type { Frame, Loop } from "./evaluate.ts";
import type { FixedText, LinkedProgram, SteadyRun, SteadyStep, Step } from "./link-program.ts";
import type { Context } from "./program.ts";
import { isList, isMap, toNumber, type Value, type ValueList } from "./value.ts";

/** Where a program writes to. */
export type Sink = {
  /** Text that is the same in every message. */
  readonly fixed: (text: FixedText) => void;
  /** A whole run at once, if the sink can: gives the length of its text, or -1 to have its steps done one by one. */
  readonly steady: (run: SteadyRun) => number;
  /** A value as it may stand in this context; gives the length of its text. */
  readonly value: (as: Context, value: Value) => number;
  /** Text of this message, already escaped. */
  readonly write: (text: string) => void;
};

/** What links and the beacon become for this recipient; the texts are ready to be written. */
export type Outlets = {
  readonly fixedLink: (number: number, text: string) => string;
  readonly link: (number: number, url: string, part: "html" | "plain") => string;
  readonly beacon: () => string;
};

/** Collects text, for captures, previews and headers. */
export class TextSink implements Sink {
  text = "";
  readonly fixed = ({ text }: FixedText): void => {
    this.text += text;
  };
  readonly steady = (): number => -1;
  readonly value = (as: Context, value: Value): number => {
    const text = escapeFor(as, value);
    this.text += text;
    return text.length;
  };
  readonly write = (text: string): void => {
    this.text += text;
  };
}

type Held = {
  readonly sink: Sink;
  readonly collected: TextSink;
  readonly local: number;
  readonly number: number;
  readonly part: "html" | "plain";
};

/**
 * Runs a program for one recipient. Throws `RenderStop` when the budget is spent; it throws nothing else, and it
 * ends, because each step is paid for.
 */
export function runProgram(program: LinkedProgram, frame: Frame, sink: Sink, outlets: Outlets): void {
  new Run(program, frame, sink, outlets).run();
}

/** Does one step of a steady run and gives the length of its text. */
export function writeSteady(step: SteadyStep, frame: Frame, sink: Sink, outlets: Outlets): number {
  switch (step.do) {
    case "fixed":
      sink.fixed(step.fixed);
      return step.fixed.text.length;
    case "steady-out":
      return sink.value(step.as, step.evaluate(frame));
    case "link": {
      const text = outlets.fixedLink(step.number, step.text);
      sink.write(text);
      return text.length;
    }
    case "beacon": {
      const text = outlets.beacon();
      sink.write(text);
      return text.length;
    }
  }
}

class Run {
  readonly #program: LinkedProgram;
  readonly #frame: Frame;
  readonly #outlets: Outlets;
  #sink: Sink;
  readonly #held: Held[] = [];
  /** For each open loop: its step, and how many captures were open when it began. */
  readonly #open: { readonly step: Extract<Step, { do: "for" }>; readonly held: number }[] = [];

  constructor(program: LinkedProgram, frame: Frame, sink: Sink, outlets: Outlets) {
    this.#program = program;
    this.#frame = frame;
    this.#sink = sink;
    this.#outlets = outlets;
    frame.locals.fill(undefined);
    frame.loops.length = 0;
  }

  run(): void {
    const { budget } = this.#frame;
    for (let at = 0; at < this.#program.length; ) {
      const step = this.#program[at];
      if (!step) return;
      budget.spend(1);
      at = this.#step(step, at);
    }
  }

  /** Does one step and says which comes next. */
  #step(step: Step, at: number): number {
    switch (step.do) {
      case "fixed":
        this.#frame.budget.wrote(step.fixed.text.length);
        this.#sink.fixed(step.fixed);
        return step.next;
      case "steady":
        this.#steady(step.run);
        return step.next;
      case "out": {
        const value = step.evaluate(this.#frame);
        if (isList(value)) this.#frame.budget.spend(value.length);
        this.#frame.budget.wrote(this.#sink.value(step.as, value));
        return at + 1;
      }
      case "jump":
        return step.to;
      case "unless": {
        const value = step.evaluate(this.#frame);
        return value === null || value === false ? step.to : at + 1;
      }
      case "for":
        return this.#beginLoop(step, at);
      case "next":
        return this.#nextItem(step.to, at);
      case "break":
        return this.#breakLoop();
      case "assign":
        this.#frame.locals[step.local] = step.evaluate(this.#frame);
        return at + 1;
      default:
        this.#stepOfMessage(step);
        return at + 1;
    }
  }

  #steady(run: SteadyRun): void {
    const { budget } = this.#frame;
    const length = this.#sink.steady(run);
    if (length >= 0) {
      budget.wrote(length);
      return;
    }
    for (const step of run.steps) {
      budget.spend(1);
      budget.wrote(writeSteady(step, this.#frame, this.#sink, this.#outlets));
    }
  }

  #stepOfMessage(
    step: Extract<
      Step,
      { do: "capture" | "capture-end" | "steady-out" | "link" | "link-begin" | "link-end" | "beacon" }
    >,
  ) {
    switch (step.do) {
      case "steady-out":
      case "link":
      case "beacon":
        return this.#frame.budget.wrote(writeSteady(step, this.#frame, this.#sink, this.#outlets));
      case "capture":
        return this.#hold({ local: step.local, number: 0, part: "plain" });
      case "capture-end":
        return this.#releaseCapture();
      case "link-begin":
        return this.#hold({ local: -1, number: step.number, part: step.part });
      case "link-end":
        return this.#releaseLink();
    }
  }

  #write(text: string): void {
    this.#frame.budget.wrote(text.length);
    this.#sink.write(text);
  }

  #hold(what: Pick<Held, "local" | "number" | "part">): void {
    const collected = new TextSink();
    this.#held.push({ ...what, sink: this.#sink, collected });
    this.#sink = collected;
  }

  #releaseCapture(): void {
    const held = this.#held.pop();
    if (!held) return;
    this.#sink = held.sink;
    this.#frame.locals[held.local] = this.#frame.budget.made(held.collected.text);
  }

  #releaseLink(): void {
    const held = this.#held.pop();
    if (!held) return;
    this.#sink = held.sink;
    this.#write(this.#outlets.link(held.number, held.collected.text, held.part));
  }

  #beginLoop(step: Extract<Step, { do: "for" }>, at: number): number {
    const items = this.#itemsOf(step);
    if (items.length === 0) return step.whenEmpty;
    const loop: Loop = { index: 0, items };
    this.#frame.loops.push(loop);
    this.#open.push({ step, held: this.#held.length });
    this.#frame.locals[step.local] = items[0] ?? null;
    return at + 1;
  }

  #itemsOf(step: Extract<Step, { do: "for" }>): ValueList {
    const frame = this.#frame;
    const value: Value = step.list(frame);
    let items: ValueList = [];
    if (isList(value)) items = value;
    else if (isMap(value)) items = [...value];
    frame.budget.spend(items.length >> 3);
    const offset = step.offset ? Math.max(0, Math.trunc(toNumber(step.offset(frame)))) : 0;
    const limit = step.limit ? Math.max(0, Math.trunc(toNumber(step.limit(frame)))) : items.length;
    if (offset > 0 || limit < items.length) items = items.slice(offset, offset + limit);
    return step.reversed ? items.toReversed() : items;
  }

  #nextItem(body: number, at: number): number {
    const loop = this.#frame.loops.at(-1);
    const open = this.#open.at(-1);
    if (!loop || !open) return at + 1;
    loop.index++;
    if (loop.index < loop.items.length) {
      this.#frame.locals[open.step.local] = loop.items[loop.index] ?? null;
      return body;
    }
    this.#closeLoop();
    return open.step.end;
  }

  #breakLoop(): number {
    const open = this.#open.at(-1);
    if (!open) return this.#program.length;
    // A break may leave a capture or a link half done: what it collected is dropped.
    while (this.#held.length > open.held) {
      const held = this.#held.pop();
      if (held) this.#sink = held.sink;
    }
    this.#closeLoop();
    return open.step.end;
  }

  #closeLoop(): void {
    this.#frame.loops.pop();
    const open = this.#open.pop();
    if (open) this.#frame.locals[open.step.local] = undefined;
  }
}
