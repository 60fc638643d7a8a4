import type { Node, Position, TextNode } from "../template/syntax-tree.ts";
import type { ScannedTag } from "./scanned-html.ts";

/** Behind the body's opening tag; without one, behind the head; without that, at the start. */
export function preheaderPlace(tags: readonly ScannedTag[]): number {
  const body = tags.find((tag) => tag.name === "body" && !tag.isClosing);
  const head = tags.find((tag) => tag.name === "head" && tag.isClosing);
  const html = tags.find((tag) => tag.name === "html" && !tag.isClosing);
  return (body ?? head ?? html)?.end ?? 0;
}

const hidden =
  '<div style="display:none;font-size:1px;line-height:1px;max-height:0;max-width:0;opacity:0;overflow:hidden;mso-hide:all">';
// Fills the preview line, so that the inbox does not show the first words of the body behind a short preheader.
const filler = "&#847;&zwnj;&nbsp;".repeat(40);

/** The HTML with the preheader in it, hidden, at a place in the source. */
export function withPreheader(
  nodes: readonly Node[],
  preheader: readonly Node[],
  at: number,
): readonly Node[] {
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
