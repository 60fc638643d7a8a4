import { filterNamed, filterNames } from "./filters/index.ts";
import type { Expression, PathKey } from "./program.ts";
import type { Node } from "./syntax-tree.ts";

export type Shape = "scalar" | "list" | "any";

/** What a template may name, as the caller knows it. */
export type TemplateSchema = {
  /** Undefined: there is no such thing. */
  readonly shapeOf: (root: string, keys: readonly PathKey[]) => Shape | undefined;
  /** Everything that could have been meant, for the hint on a misspelt name. */
  readonly names: readonly string[];
};

export type TemplateIssue = {
  readonly code: "unknown-field" | "unknown-filter" | "filter-arguments" | "loop-over-non-list";
  readonly message: string;
  readonly fix: string;
  readonly offset: number;
};

export type PathUse = { readonly root: string; readonly keys: readonly PathKey[]; readonly offset: number };
export type Analysis = { readonly issues: readonly TemplateIssue[]; readonly paths: readonly PathUse[] };

/** Finds, without running anything, what a template uses and what in it cannot work. */
export function analyseTemplate(nodes: readonly Node[], schema: TemplateSchema): Analysis {
  const analyst = new Analyst(schema);
  analyst.nodes(nodes);
  return { issues: analyst.issues, paths: analyst.paths };
}

const listFilters = new Set([
  "split",
  "sort",
  "sort_natural",
  "map",
  "where",
  "reject",
  "uniq",
  "reverse",
  "compact",
  "concat",
]);
const openFilters = new Set(["default", "first", "last", "slice"]);

class Analyst {
  readonly issues: TemplateIssue[] = [];
  readonly paths: PathUse[] = [];
  readonly #schema: TemplateSchema;
  readonly #locals = new Map<string, Shape>();

  constructor(schema: TemplateSchema) {
    this.#schema = schema;
  }

  nodes(nodes: readonly Node[]): void {
    for (const node of nodes) this.#node(node);
  }

  #node(node: Node): void {
    switch (node.type) {
      case "output":
        this.#shape(node.value, node.at.offset);
        return;
      case "if":
        for (const branch of node.branches) {
          if (branch.when) this.#shape(branch.when, node.at.offset);
          this.nodes(branch.body);
        }
        return;
      case "for":
        this.#loop(node);
        return;
      case "assign":
        this.#locals.set(node.name, this.#shape(node.value, node.at.offset));
        return;
      case "capture":
        this.nodes(node.body);
        this.#locals.set(node.name, "scalar");
        return;
      default:
    }
  }

  #loop(node: Extract<Node, { type: "for" }>): void {
    const shape = this.#shape(node.list, node.at.offset);
    for (const parameter of [node.limit, node.offset]) if (parameter) this.#shape(parameter, node.at.offset);
    if (shape === "scalar") {
      const name = spelling(node.list);
      this.issues.push({
        code: "loop-over-non-list",
        message: `${name} is not a list, so there is nothing to loop over.`,
        fix: "Loop over a list, such as an attribute of type list, or use {% if %} for a single value.",
        offset: placeOf(node.list) ?? node.at.offset,
      });
    }
    const before = this.#locals.get(node.name);
    this.#locals.set(node.name, "any");
    this.nodes(node.body);
    if (before === undefined) this.#locals.delete(node.name);
    else this.#locals.set(node.name, before);
    this.nodes(node.otherwise);
  }

  #shape(expression: Expression, near: number): Shape {
    switch (expression.kind) {
      case "path":
        return this.#path(expression, near);
      case "range":
        this.#shape(expression.from, near);
        this.#shape(expression.to, near);
        return "list";
      case "binary":
        this.#shape(expression.left, near);
        this.#shape(expression.right, near);
        return "scalar";
      case "truth":
        this.#shape(expression.value, near);
        return "scalar";
      case "filter":
        return this.#filter(expression, near);
      default:
        return "scalar";
    }
  }

  #path(expression: Extract<Expression, { kind: "path" }>, near: number): Shape {
    const { root, keys } = expression;
    const offset = expression.at ?? near;
    for (const key of keys) if (typeof key === "object") this.#shape(key, offset);
    const local = this.#locals.get(root);
    if (local !== undefined) return keys.length > 0 ? "any" : local;
    if (root === "forloop") return "scalar";
    this.paths.push({ root, keys, offset });
    const shape = this.#schema.shapeOf(root, keys);
    if (shape !== undefined) return shape;
    const name = spelling(expression);
    const meant = closest(name, this.#schema.names);
    this.issues.push({
      code: "unknown-field",
      message: `There is no field “${name}”.`,
      fix: meant
        ? `Did you mean “${meant}”?`
        : "Pick a field from the list, or declare it as an attribute of contacts.",
      offset,
    });
    return "any";
  }

  #filter(expression: Extract<Expression, { kind: "filter" }>, near: number): Shape {
    const offset = expression.at ?? near;
    const input = this.#shape(expression.input, near);
    for (const arg of expression.args) this.#shape(arg, near);
    const filter = filterNamed(expression.name);
    if (!filter) {
      const meant = closest(expression.name, filterNames);
      this.issues.push({
        code: "unknown-filter",
        message: `There is no filter “${expression.name}”.`,
        fix: meant ? `Did you mean “${meant}”?` : "Remove it, or pick one from the list of filters.",
        offset,
      });
      return "any";
    }
    const [least, most] = filter.args;
    const given = expression.args.length;
    if (given < least || given > most) {
      const wanted = least === most ? `${least}` : `${least} to ${most}`;
      this.issues.push({
        code: "filter-arguments",
        message: `The filter “${expression.name}” takes ${wanted} values behind its colon and got ${given}.`,
        fix: "Add what is missing or remove what is too much.",
        offset,
      });
    }
    if (listFilters.has(expression.name)) return "list";
    return openFilters.has(expression.name) ? (input === "list" ? "any" : input) : "scalar";
  }
}

/** A path as a person would write it. */
function spelling(expression: Expression): string {
  if (expression.kind === "literal") return JSON.stringify(expression.value);
  if (expression.kind !== "path") return "This";
  return expression.keys.reduce<string>(
    (text, key) =>
      text +
      (typeof key === "string" && /^[A-Za-z_][\w-]*$/.test(key)
        ? `.${key}`
        : `[${typeof key === "object" ? "…" : JSON.stringify(key)}]`),
    expression.root,
  );
}

function placeOf(expression: Expression): number | undefined {
  return expression.kind === "path" ? expression.at : undefined;
}

/** The name that takes the fewest changes, if that is few enough to be a slip. */
function closest(name: string, among: readonly string[]): string | undefined {
  let best: string | undefined;
  let fewest = Math.max(2, Math.floor(name.length / 3)) + 1;
  for (const candidate of among) {
    if (candidate.endsWith(`.${name}`)) return candidate;
    const changes = editDistance(name.slice(0, 80), candidate.slice(0, 80));
    if (changes < fewest) {
      fewest = changes;
      best = candidate;
    }
  }
  return best;
}

function editDistance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, i) => i);
  for (let i = 1; i <= left.length; i++) {
    const next = [i];
    for (let j = 1; j <= right.length; j++) {
      const same = left[i - 1] === right[j - 1] ? 0 : 1;
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + same));
    }
    row = next;
  }
  return row[right.length] ?? 0;
}
