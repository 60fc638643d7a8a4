import type { Context, Expression, Op, Program } from "./program.ts";
import type { Node, OutputNode, TextNode } from "./syntax-tree.ts";

/** What the place of a piece adds to it: how a value is escaped, and what is put between pieces of text. */
export type Flattening = {
  readonly contextOf: (node: OutputNode) => Context;
  /** The text in parts, with steps (links, the beacon) where they belong. */
  readonly partsOf?: (node: TextNode) => readonly (string | Op)[];
};

/** Lays a tree out as one list of steps with jumps, which is what is stored and run. Line ends are made even. */
export function flatten(nodes: readonly Node[], flattening: Flattening): Program {
  const list = new StepList(flattening);
  list.addAll(nodes, []);
  return list.ops;
}

type LoopEnds = { readonly continues: number[] };

class StepList {
  readonly ops: Op[] = [];
  readonly #flattening: Flattening;

  constructor(flattening: Flattening) {
    this.#flattening = flattening;
  }

  addAll(nodes: readonly Node[], loops: readonly LoopEnds[]): void {
    for (const node of nodes) this.#add(node, loops);
  }

  #add(node: Node, loops: readonly LoopEnds[]): void {
    switch (node.type) {
      case "text":
        this.#addText(node);
        return;
      case "output":
        this.ops.push({
          op: "out",
          value: bare(node.value),
          as: this.#flattening.contextOf(node),
          line: node.at.line,
          column: node.at.column,
        });
        return;
      case "assign":
        this.ops.push({ op: "assign", name: node.name, value: bare(node.value) });
        return;
      case "capture":
        this.ops.push({ op: "capture", name: node.name });
        this.addAll(node.body, loops);
        this.ops.push({ op: "capture-end" });
        return;
      case "if":
        this.#addBranches(node, loops);
        return;
      case "for":
        this.#addLoop(node, loops);
        return;
      case "break":
        this.ops.push({ op: "break" });
        return;
      case "continue":
        loops.at(-1)?.continues.push(this.ops.length);
        this.ops.push({ op: "jump", to: 0 });
        return;
    }
  }

  #addText(node: TextNode): void {
    for (const part of this.#flattening.partsOf?.(node) ?? [node.text]) {
      if (typeof part !== "string") this.ops.push(part);
      else if (part !== "") this.ops.push({ op: "text", text: part.replace(/\r\n?/g, "\n") });
    }
  }

  #addBranches(node: Extract<Node, { type: "if" }>, loops: readonly LoopEnds[]): void {
    const toEnd: number[] = [];
    node.branches.forEach((branch, i) => {
      const test = this.ops.length;
      if (branch.when) this.ops.push({ op: "unless", value: bare(branch.when), to: 0 });
      this.addAll(branch.body, loops);
      if (i < node.branches.length - 1) {
        toEnd.push(this.ops.length);
        this.ops.push({ op: "jump", to: 0 });
      }
      if (branch.when) this.ops[test] = { op: "unless", value: bare(branch.when), to: this.ops.length };
    });
    for (const at of toEnd) this.ops[at] = { op: "jump", to: this.ops.length };
  }

  #addLoop(node: Extract<Node, { type: "for" }>, loops: readonly LoopEnds[]): void {
    const start = this.ops.length;
    const ends: LoopEnds = { continues: [] };
    this.ops.push({ op: "break" });
    this.addAll(node.body, [...loops, ends]);
    for (const at of ends.continues) this.ops[at] = { op: "jump", to: this.ops.length };
    this.ops.push({ op: "next", to: start + 1 });
    const afterLoop = this.ops.length;
    let whenEmpty = afterLoop;
    if (node.otherwise.length > 0) {
      this.ops.push({ op: "jump", to: 0 });
      whenEmpty = this.ops.length;
      this.addAll(node.otherwise, loops);
      this.ops[afterLoop] = { op: "jump", to: this.ops.length };
    }
    this.ops[start] = {
      op: "for",
      name: node.name,
      list: bare(node.list),
      limit: node.limit && bare(node.limit),
      offset: node.offset && bare(node.offset),
      reversed: node.reversed,
      whenEmpty,
      end: afterLoop,
    };
  }
}

/** The expression without its places in the source, as it is stored. */
function bare(expression: Expression): Expression {
  switch (expression.kind) {
    case "path":
      return {
        kind: "path",
        root: expression.root,
        keys: expression.keys.map((key) => (typeof key === "object" ? bare(key) : key)),
      };
    case "filter":
      return {
        kind: "filter",
        name: expression.name,
        input: bare(expression.input),
        args: expression.args.map(bare),
      };
    case "truth":
      return { kind: "truth", value: bare(expression.value) };
    case "range":
      return { kind: "range", from: bare(expression.from), to: bare(expression.to) };
    case "binary":
      return { ...expression, left: bare(expression.left), right: bare(expression.right) };
    default:
      return expression;
  }
}
