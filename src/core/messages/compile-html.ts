import { flatten } from "../template/flatten.ts";
import type { Context, Expression, Op, Program } from "../template/program.ts";
import type { Node, OutputNode, Position, TextNode } from "../template/syntax-tree.ts";
import type { CompiledLink } from "./compiled-message.ts";
import { decodeEntities } from "./html-entities.ts";
import { HtmlScanner, type ScannedAttribute, type ScannedTag, type ScanProblem } from "./html-scanner.ts";

export type CompiledHtml = {
  readonly program: Program;
  readonly links: readonly CompiledLink[];
  readonly problems: readonly ScanProblem[];
  /** Addresses that the author has taken out of tracking. */
  readonly untracked: ReadonlySet<string>;
};

/** A change to the source at a place: a range is replaced by a step, or by nothing. */
type Edit = {
  readonly from: number;
  readonly to: number;
  readonly put: Op | string;
  /** An insertion belongs to the text before it or to the text after it. */
  readonly side: "before" | "after";
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

function findLinks(source: string, tags: readonly ScannedTag[], firstNumber: number) {
  const edits: Edit[] = [];
  const links: CompiledLink[] = [];
  const untracked = new Set<string>();
  tags.forEach((tag, i) => {
    const optOut = tag.attributes.find(({ name }) => name === "data-track");
    if (optOut && !optOut.isDynamic)
      edits.push({ from: optOut.start, to: optOut.end, put: "", side: "after" });
    const href = linkOf(tag);
    if (!href) return;
    const written = source.slice(href.valueStart, href.valueEnd);
    const url = href.isDynamic ? null : decodeEntities(written).trim();
    if (optOut && source.slice(optOut.valueStart, optOut.valueEnd).trim().toLowerCase() === "off") {
      if (url !== null) untracked.add(url);
      return;
    }
    if (href.startsWithOwnLink || (url !== null && !/^https?:\/\//i.test(url))) return;
    if (url === null && /^\s*(?:mailto|tel|sms):/i.test(written)) return;
    const number = firstNumber + links.length;
    links.push({ number, url, label: labelOf(source, tag, tags, i), place: "html" });
    edits.push(...linkEdits(href, number, url, written));
  });
  return { edits, links, untracked };
}

function linkOf(tag: ScannedTag): ScannedAttribute | undefined {
  const isLink = tag.name === "a" || tag.name === "area" || /^v:/.test(tag.name);
  if (!isLink || tag.isClosing) return undefined;
  return tag.attributes.find(({ name, quoted }) => name === "href" && quoted);
}

function linkEdits(href: ScannedAttribute, number: number, url: string | null, written: string): Edit[] {
  if (url !== null) {
    return [
      { from: href.valueStart, to: href.valueEnd, put: { op: "link", number, text: written }, side: "after" },
    ];
  }
  return [
    {
      from: href.valueStart,
      to: href.valueStart,
      put: { op: "link-begin", number, part: "html" },
      side: "before",
    },
    { from: href.valueEnd, to: href.valueEnd, put: { op: "link-end" }, side: "after" },
  ];
}

/** What a link says, for reports: its text, else the alternative text of its image. */
function labelOf(source: string, tag: ScannedTag, tags: readonly ScannedTag[], index: number): string {
  const close = tags.slice(index + 1).find(({ name, isClosing }) => isClosing && name === tag.name);
  if (!close) return attribute(source, tag, "alt") ?? "";
  const inner = tags.slice(index + 1, tags.indexOf(close));
  let text = "";
  let at = tag.end;
  for (const piece of inner) {
    text += `${source.slice(at, piece.start)} `;
    at = piece.end;
  }
  text = tidy(decodeEntities(text + source.slice(at, close.start)));
  if (text !== "") return text;
  const image = inner.find(({ name }) => name === "img");
  return tidy((image && attribute(source, image, "alt")) ?? "");
}

function tidy(text: string): string {
  return text
    .replace(/<!--[\s\S]*?-->|\{%[^%]*%\}/g, " ")
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, 200);
}

function attribute(source: string, tag: ScannedTag, name: string): string | undefined {
  const found = tag.attributes.find((candidate) => candidate.name === name);
  return found && decodeEntities(source.slice(found.valueStart, found.valueEnd));
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

/** Behind the body's opening tag; without one, behind the head; without that, at the start. */
function preheaderPlace(tags: readonly ScannedTag[]): number {
  const body = tags.find((tag) => tag.name === "body" && !tag.isClosing);
  const head = tags.find((tag) => tag.name === "head" && tag.isClosing);
  const html = tags.find((tag) => tag.name === "html" && !tag.isClosing);
  return (body ?? head ?? html)?.end ?? 0;
}

const hidden =
  '<div style="display:none;font-size:1px;line-height:1px;max-height:0;max-width:0;opacity:0;overflow:hidden;mso-hide:all">';
// Fills the preview line, so that the inbox does not show the first words of the body behind a short preheader.
const filler = "&#847;&zwnj;&nbsp;".repeat(40);

function withPreheader(nodes: readonly Node[], preheader: readonly Node[], at: number): readonly Node[] {
  const isEmpty = preheader.every((node) => node.type === "text" && node.text.trim() === "");
  if (isEmpty) return nodes;
  const inserted: Node[] = [foreign(hidden), ...preheader.map(asForeign), foreign(`${filler}</div>`)];
  const placed = insertAt(nodes, at, inserted);
  return placed ?? [...inserted, ...nodes];
}

const nowhere: Position = { offset: -1, line: 1, column: 1 };

function foreign(text: string): TextNode {
  return { type: "text", at: nowhere, text };
}

/** The preheader is written as text: it is escaped here, and no edit of the HTML may touch it. */
function asForeign(node: Node): Node {
  switch (node.type) {
    case "text":
      return foreign(node.text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;"));
    case "if":
      return {
        ...node,
        branches: node.branches.map((branch) => ({ ...branch, body: branch.body.map(asForeign) })),
      };
    case "for":
      return { ...node, body: node.body.map(asForeign), otherwise: node.otherwise.map(asForeign) };
    default:
      return node;
  }
}

/** The nodes with others put in at an offset, also inside a branch; undefined if the offset is in no text. */
function insertAt(
  nodes: readonly Node[],
  at: number,
  inserted: readonly Node[],
): readonly Node[] | undefined {
  for (const [i, node] of nodes.entries()) {
    if (node.type === "text" && at > node.at.offset && at <= node.at.offset + node.text.length) {
      const cut = at - node.at.offset;
      const before: Node = { ...node, text: node.text.slice(0, cut) };
      const after: Node = {
        ...node,
        at: { ...node.at, offset: at },
        text: node.text.slice(cut),
      };
      return [...nodes.slice(0, i), before, ...inserted, after, ...nodes.slice(i + 1)];
    }
    if (node.type === "if") {
      for (const [b, branch] of node.branches.entries()) {
        const body = insertAt(branch.body, at, inserted);
        if (body) {
          const branches = node.branches.with(b, { ...branch, body });
          return nodes.with(i, { ...node, branches });
        }
      }
    }
  }
  return undefined;
}
