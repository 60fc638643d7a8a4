import type { Expression } from "./program.ts";

/** A place in the source, counted from 1 as editors do. `offset` counts UTF-16 units from 0. */
export type Position = { readonly offset: number; readonly line: number; readonly column: number };

export type Branch = {
  /** Null: else. */
  readonly when: Expression | null;
  readonly body: readonly Node[];
};

/** What a template is made of, each piece with its place in the source. */
export type Node =
  | { readonly type: "text"; readonly at: Position; readonly text: string }
  | { readonly type: "output"; readonly at: Position; readonly value: Expression }
  | { readonly type: "if"; readonly at: Position; readonly branches: readonly Branch[] }
  | {
      readonly type: "for";
      readonly at: Position;
      readonly name: string;
      readonly list: Expression;
      readonly limit: Expression | null;
      readonly offset: Expression | null;
      readonly reversed: boolean;
      readonly body: readonly Node[];
      readonly otherwise: readonly Node[];
    }
  | { readonly type: "assign"; readonly at: Position; readonly name: string; readonly value: Expression }
  | { readonly type: "capture"; readonly at: Position; readonly name: string; readonly body: readonly Node[] }
  | { readonly type: "break" | "continue"; readonly at: Position };

export type OutputNode = Extract<Node, { type: "output" }>;
export type TextNode = Extract<Node, { type: "text" }>;

/** Something wrong with a template, at a place. */
export type TemplateProblem = {
  readonly code: "syntax" | "unknown-tag" | "unknown-filter" | "reserved-name" | "too-deep" | "refused-tag";
  readonly message: string;
  readonly fix: string;
  readonly at: Position;
};

/** Thrown inside the parser only and turned into a value at its door. */
export class ParseStop extends Error {
  readonly problem: TemplateProblem;

  constructor(problem: TemplateProblem) {
    super(problem.message);
    this.problem = problem;
  }
}
