import { flatten } from "../template/flatten.ts";
import type { Op, Program } from "../template/program.ts";
import type { Node, OutputNode, TextNode } from "../template/syntax-tree.ts";
import type { CompiledLink } from "./compiled-message.ts";
import { isCountable } from "./countable-address.ts";

export type CompiledText = { readonly program: Program; readonly links: readonly CompiledLink[] };

type Mark = { readonly from: number; readonly to: number; readonly put: Op };

/** Compiles the text part: addresses that start with http are links, up to the next space. */
export function compileText(
  nodes: readonly Node[],
  firstNumber: number,
  untracked: ReadonlySet<string>,
): CompiledText {
  const finder = new TextLinks(firstNumber, untracked);
  finder.find(nodes);
  const program = flatten(nodes, {
    contextOf: (node) => (finder.inLinks.has(node) ? "raw-url-part" : "plain"),
    partsOf: (node) => cut(node.text, finder.marks.get(node) ?? []),
  });
  const last = program.at(-1);
  const isEnded = last?.op === "text" && last.text.endsWith("\n");
  return { program: isEnded ? program : [...program, { op: "text", text: "\n" }], links: finder.links };
}

class TextLinks {
  readonly links: CompiledLink[] = [];
  readonly marks = new Map<TextNode, Mark[]>();
  readonly inLinks = new Set<OutputNode>();
  readonly #firstNumber: number;
  readonly #untracked: ReadonlySet<string>;

  constructor(firstNumber: number, untracked: ReadonlySet<string>) {
    this.#firstNumber = firstNumber;
    this.#untracked = untracked;
  }

  find(nodes: readonly Node[]): void {
    nodes.forEach((node, i) => {
      if (node.type === "text") this.#inText(node, nodes, i);
      else if (node.type === "if") for (const branch of node.branches) this.find(branch.body);
      else if (node.type === "for") {
        this.find(node.body);
        this.find(node.otherwise);
      }
    });
  }

  #inText(node: TextNode, siblings: readonly Node[], index: number): void {
    for (const match of node.text.matchAll(/(?<![\w/])https?:\/\/[^\s<>"'`{}|\\^]*/gi)) {
      const from = match.index;
      const to = from + match[0].length;
      if (to === node.text.length && siblings[index + 1]?.type === "output") {
        this.#dynamic(node, from, siblings, index);
        continue;
      }
      const url = trimmed(match[0]);
      if (!isCountable(url) || this.#untracked.has(url)) continue;
      const number = this.#add(url, url);
      this.#mark(node, { from, to: from + url.length, put: { op: "link", number, text: url } });
    }
  }

  /** An address with values in it: it goes on through outputs and the text right behind them. */
  #dynamic(node: TextNode, from: number, siblings: readonly Node[], index: number): void {
    let spelled = node.text.slice(from);
    const outputs: OutputNode[] = [];
    for (let i = index + 1; i < siblings.length; i++) {
      const next = siblings[i];
      if (next?.type === "output") {
        outputs.push(next);
        spelled += "…";
        continue;
      }
      // Only a text can hold the end; a branch in the middle of an address leaves it untracked.
      if (next?.type !== "text") return;
      const run = /^[^\s<>"'`{}|\\^]*/.exec(next.text)?.[0] ?? "";
      if (run.length === next.text.length && siblings[i + 1]?.type === "output") {
        spelled += run;
        continue;
      }
      const end = trimmed(run);
      const number = this.#add(null, spelled + end);
      this.#mark(node, { from, to: from, put: { op: "link-begin", number, part: "plain" } });
      this.#mark(next, { from: end.length, to: end.length, put: { op: "link-end" } });
      for (const output of outputs) this.inLinks.add(output);
      return;
    }
  }

  #add(url: string | null, label: string): number {
    const number = this.#firstNumber + this.links.length;
    this.links.push({ number, url, label: label.slice(0, 200), place: "text" });
    return number;
  }

  #mark(node: TextNode, mark: Mark): void {
    const marks = this.marks.get(node);
    if (marks) marks.push(mark);
    else this.marks.set(node, [mark]);
  }
}

/** Punctuation that ends the sentence, or a bracket around the address, is no part of it. */
function trimmed(url: string): string {
  let end = url.length;
  while (end > 0) {
    const last = url[end - 1] ?? "";
    const unopened = last === ")" && !url.slice(0, end - 1).includes("(");
    if (!unopened && !/[.,;:!?*\]]/.test(last)) break;
    end--;
  }
  return url.slice(0, end);
}

function cut(text: string, marks: readonly Mark[]): readonly (string | Op)[] {
  const parts: (string | Op)[] = [];
  let at = 0;
  for (const mark of marks.toSorted((a, b) => a.from - b.from)) {
    parts.push(text.slice(at, mark.from), mark.put);
    at = mark.to;
  }
  parts.push(text.slice(at));
  return parts;
}
