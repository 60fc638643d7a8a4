import type { Op } from "../template/program.ts";
import type { CompiledLink } from "./compiled-message.ts";
import { isCountable } from "./countable-address.ts";
import { decodeEntities } from "./html-entities.ts";
import type { ScannedAttribute, ScannedTag } from "./scanned-html.ts";

/** A change to the source at a place: a range is replaced by a step, or by nothing. */
export type Edit = {
  readonly from: number;
  readonly to: number;
  readonly put: Op | string;
  /** An insertion belongs to the text before it or to the text after it. */
  readonly side: "before" | "after";
};

/** Finds the links that are counted, numbers them, and says what to change in the source for them. */
export function findLinks(source: string, tags: readonly ScannedTag[], firstNumber: number) {
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
    if (href.startsWithOwnLink || (url !== null && !isCountable(url))) return;
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
