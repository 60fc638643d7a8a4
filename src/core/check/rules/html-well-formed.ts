import type { Finding } from "../../kernel/finding.ts";
import type { ScannedTag } from "../../messages/scanned-html.ts";
import type { Node } from "../../template/syntax-tree.ts";
import type { MessageView } from "../message-view.ts";
import type { Rule } from "../rule.ts";

const voids = new Set("area base br col embed hr img input link meta source track wbr".split(" "));
/** Elements whose end HTML lets one leave out. */
const selfEnding = new Set(
  "p li dt dd tr td th thead tbody tfoot colgroup option optgroup html head body rp rt".split(" "),
);
/** Elements that, when wrong, tear the whole message apart; for others a wrong end is only untidy. */
const structural = new Set(
  "a article center div footer h1 h2 h3 h4 h5 h6 header main nav ol section style table td th title tr ul".split(
    " ",
  ),
);

/** Each element is closed, by its own tag and in its own branch of the template. */
export const htmlWellFormed: Rule = (_, view) => {
  if (view.html.trim() === "") {
    return [
      {
        code: "html.empty",
        severity: "error",
        message: "The message has no HTML.",
        why: "There is nothing to show.",
        fix: "Write the message, or start from a template.",
        where: { field: "html" },
      },
    ];
  }
  const nesting = new Nesting(view);
  nesting.walk(view.nodes);
  nesting.finish();
  return nesting.findings;
};

/** The open elements, innermost first; shared between branches, never changed. */
type Open = { readonly tag: ScannedTag; readonly outer: Open } | null;

class Nesting {
  readonly findings: Finding[] = [];
  readonly #view: MessageView;
  readonly #tags: readonly ScannedTag[];
  #next = 0;
  #open: Open = null;
  /** A branch opened or closed more than it should: from there on nobody can say what belongs together. */
  #isUnsure = false;

  constructor(view: MessageView) {
    this.#view = view;
    this.#tags = view.tags.filter((tag) => !tag.forOutlook && !voids.has(tag.name));
  }

  walk(nodes: readonly Node[]): void {
    for (const node of nodes) {
      if (node.type === "text") this.#text(node.at.offset, node.at.offset + node.text.length);
      else if (node.type === "if") this.#branches(node.branches.map(({ body }) => body));
      else if (node.type === "for") this.#branches([node.body, node.otherwise]);
    }
  }

  finish(): void {
    for (let open = this.#open; open; open = open.outer) this.#unclosed(open.tag);
  }

  #branches(bodies: readonly (readonly Node[])[]): void {
    const start = this.#open;
    const ends = bodies.map((body) => {
      this.#open = start;
      this.walk(body);
      return this.#open;
    });
    const depths = new Set(ends.map(depth));
    if (depths.size > 1 || (bodies.length === 1 && depth(start) !== depth(this.#open))) this.#isUnsure = true;
    this.#open = ends[0] ?? start;
  }

  #text(from: number, to: number): void {
    // Pieces come in the order of the source, and so do the tags.
    for (let tag = this.#tags[this.#next]; tag && tag.start < to; tag = this.#tags[++this.#next]) {
      if (tag.start < from) continue;
      if (tag.isClosing) this.#close(tag);
      else if (!this.#view.html.slice(tag.start, tag.end).endsWith("/>"))
        this.#open = { tag, outer: this.#open };
    }
  }

  #close(tag: ScannedTag): void {
    let match = this.#open;
    while (match && match.tag.name !== tag.name) match = match.outer;
    if (!match) {
      if (tag.name !== "p")
        this.#report(tag, `</${tag.name}> closes nothing.`, "Remove it, or open it before.", "stray");
      return;
    }
    for (let open = this.#open; open && open !== match; open = open.outer) this.#unclosed(open.tag);
    this.#open = match.outer;
  }

  #unclosed(tag: ScannedTag): void {
    if (selfEnding.has(tag.name)) return;
    this.#report(
      tag,
      `<${tag.name}> is never closed.`,
      `Add </${tag.name}> where it should end.`,
      "unclosed",
    );
  }

  #report(tag: ScannedTag, message: string, fix: string, kind: string): void {
    if (this.#isUnsure) return;
    this.findings.push({
      code: `html.${kind}`,
      severity: structural.has(tag.name) ? "error" : "warning",
      message,
      why: "Mail clients guess differently where it ends, and the layout falls apart.",
      fix,
      where: this.#view.placeInHtml(tag.start),
    });
  }
}

function depth(open: Open): number {
  let count = 0;
  for (let at = open; at; at = at.outer) count++;
  return count;
}
