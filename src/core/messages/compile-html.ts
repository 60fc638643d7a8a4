import { flatten } from "../template/flatten.ts";
import type { Context, Expression, Op, Program } from "../template/program.ts";
import type { Node, OutputNode, TextNode } from "../template/syntax-tree.ts";
import type { CompiledLink } from "./compiled-message.ts";
import { type Edit, findLinks } from "./find-links.ts";
import { decodeEntities } from "./html-entities.ts";
import { HtmlScanner } from "./html-scanner.ts";
import { preheaderPlace, withPreheader } from "./place-preheader.ts";
import type { ScannedTag, ScanProblem } from "./scanned-html.ts";

export type CompiledHtml = {
  readonly program: Program;
  readonly links: readonly CompiledLink[];
  readonly problems: readonly ScanProblem[];
  /** Addresses that the author has taken out of tracking. */
  readonly untracked: ReadonlySet<string>;
};

/**
 * Compiles the HTML of a message without rebuilding it: what is not a link, the preheader's or the beacon's place goes
 * out character by character as it was written. `firstNumber` is the number of the first link.
 */
export function compileHtml(
  source: string,
  nodes: readonly Node[],
  preheader: readonly Node[],
  firstNumber: number,
): CompiledHtml {
  const scan = scanHtml(nodes);
  const found = findLinks(source, scan.tags, firstNumber);
  const edits = [...found.edits];
  const bodyEnd = scan.tags.findLast((tag) => tag.name === "body" && tag.isClosing);
  if (bodyEnd) edits.push({ from: bodyEnd.start, to: bodyEnd.start, put: { op: "beacon" }, side: "after" });
  edits.sort((a, b) => a.from - b.from || a.to - b.to);
  const linkRanges = found.edits.filter(({ put }) => typeof put === "object" && put.op !== "link");
  const body = withPreheader(nodes, preheader, preheaderPlace(scan.tags));
  const program = flatten(body, {
    contextOf: (node) => insideLink(scan.contexts.get(node) ?? "html", node.at.offset, linkRanges),
    partsOf: (node) => partsOf(node, edits),
  });
  const tail: Op[] = bodyEnd ? [] : [{ op: "beacon" }];
  if (!source.endsWith("\n")) tail.push({ op: "text", text: "\n" });
  return {
    program: [...program, ...tail],
    links: found.links,
    problems: scan.problems,
    untracked: found.untracked,
  };
}

/** Reads the tags of HTML with template code in it, and the context of each output. */
export function scanHtml(nodes: readonly Node[]): {
  readonly tags: readonly ScannedTag[];
  readonly problems: readonly ScanProblem[];
  readonly contexts: ReadonlyMap<OutputNode, Context>;
} {
  const scanner = new HtmlScanner();
  const contexts = new Map<OutputNode, Context>();
  walk(nodes, scanner, contexts);
  return { tags: scanner.tags, problems: scanner.problems, contexts };
}

function walk(nodes: readonly Node[], scanner: HtmlScanner, contexts: Map<OutputNode, Context>): void {
  for (const node of nodes) {
    if (node.type === "text") scanner.feed(node.text, node.at.offset);
    else if (node.type === "output") {
      contexts.set(node, scanner.output(node.at.offset, isOwnLink(node.value)));
    } else if (node.type === "if") {
      const start = scanner.fork();
      const ends = node.branches.map((branch) => walkBranch(branch.body, scanner, contexts, start));
      if (node.branches.at(-1)?.when) ends.push(start);
      scanner.join(ends, node.at.offset);
    } else if (node.type === "for") {
      const start = scanner.fork();
      const ends = [node.body, node.otherwise].map((body) => walkBranch(body, scanner, contexts, start));
      scanner.join([start, ...ends], node.at.offset);
    } else if (node.type === "capture") {
      // A captured text is escaped where it is put out, so inside it only plain text is made.
      markPlain(node.body, contexts);
    }
  }
}

function walkBranch(
  body: readonly Node[],
  scanner: HtmlScanner,
  contexts: Map<OutputNode, Context>,
  start: ReturnType<HtmlScanner["fork"]>,
) {
  scanner.state = { ...start };
  walk(body, scanner, contexts);
  return scanner.fork();
}

function markPlain(nodes: readonly Node[], contexts: Map<OutputNode, Context>): void {
  for (const node of nodes) {
    if (node.type === "output") contexts.set(node, "plain");
    else if (node.type === "if") for (const branch of node.branches) markPlain(branch.body, contexts);
    else if (node.type === "for") markPlain([...node.body, ...node.otherwise], contexts);
    else if (node.type === "capture") markPlain(node.body, contexts);
  }
}

function isOwnLink(value: Expression): boolean {
  return value.kind === "path" && value.root === "links";
}

/** Inside a link whose address is put together first, pieces are encoded for an address and escaped at its end. */
function insideLink(context: Context, offset: number, links: readonly Edit[]): Context {
  if (context !== "url" && context !== "url-part") return context;
  for (let i = 0; i + 1 < links.length; i += 2) {
    if (offset >= (links[i]?.from ?? 0) && offset <= (links[i + 1]?.from ?? 0)) return `raw-${context}`;
  }
  return context;
}

/** The text of a node with the edits that lie in it; inside a link that is put together, entities are decoded. */
function partsOf(node: TextNode, edits: readonly Edit[]): readonly (string | Op)[] {
  const start = node.at.offset;
  if (start < 0) return [node.text];
  const end = start + node.text.length;
  const parts: (string | Op)[] = [];
  let at = start;
  let inLink = false;
  for (const edit of edits) {
    const isBegin = typeof edit.put === "object" && edit.put.op === "link-begin";
    const isEnd = typeof edit.put === "object" && edit.put.op === "link-end";
    if (edit.from <= start && isBegin) inLink = true;
    if (edit.from < start && isEnd) inLink = false;
    const belongs =
      edit.side === "before" ? edit.from > start && edit.from <= end : edit.from >= start && edit.from < end;
    if (!belongs || edit.from < at) continue;
    const text = node.text.slice(at - start, edit.from - start);
    parts.push(inLink ? decodeEntities(text) : text, edit.put);
    if (isBegin) inLink = true;
    if (isEnd) inLink = false;
    at = edit.to;
  }
  const rest = node.text.slice(at - start);
  parts.push(inLink ? decodeEntities(rest) : rest);
  return parts;
}
