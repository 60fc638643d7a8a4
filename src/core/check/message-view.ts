import type { Finding } from "../kernel/finding.ts";
import { scanHtml } from "../messages/compile-html.ts";
import { decodeEntities } from "../messages/html-entities.ts";
import type { MessageSource } from "../messages/message-source.ts";
import type { ScannedAttribute, ScannedTag } from "../messages/scanned-html.ts";
import { textFromHtml } from "../messages/text-from-html.ts";
import { Places } from "../template/lexer.ts";
import { parseTemplate } from "../template/parse-template.ts";
import type { Node } from "../template/syntax-tree.ts";

/** A message as the rules look at it: read once, for all of them. */
export type MessageView = {
  readonly html: string;
  readonly nodes: readonly Node[];
  readonly tags: readonly ScannedTag[];
  /** The text part as it will be, still with its template code. */
  readonly text: string;
  readonly placeInHtml: (offset: number) => Finding["where"];
  readonly attribute: (tag: ScannedTag, name: string) => ScannedAttribute | undefined;
  /** An attribute's value with entities read; undefined if the tag has none of this name. */
  readonly value: (tag: ScannedTag, name: string) => string | undefined;
  /** Where a footer goes: before the end of the body. */
  readonly footerPlace: number;
};

/** Reads a message for the rules. Where the template cannot be read, the HTML is looked at as it stands. */
export function viewMessage(source: MessageSource): MessageView {
  const { html } = source;
  const parsed = parseTemplate(html);
  const nodes: readonly Node[] = parsed.ok
    ? parsed.value
    : [{ type: "text", at: { offset: 0, line: 1, column: 1 }, text: html }];
  const { tags } = scanHtml(nodes);
  const places = new Places(html);
  const attribute = (tag: ScannedTag, name: string) =>
    tag.attributes.find((candidate) => candidate.name === name);
  return {
    html,
    nodes,
    tags,
    text: source.text ?? textFromHtml(html),
    placeInHtml: (offset) => {
      const { line, column } = places.at(offset);
      return { field: "html", line, column };
    },
    attribute,
    value: (tag, name) => {
      const found = attribute(tag, name);
      return found && decodeEntities(html.slice(found.valueStart, found.valueEnd));
    },
    footerPlace: tags.findLast((tag) => tag.name === "body" && tag.isClosing)?.start ?? html.length,
  };
}

/** Counts of people and things in a sentence. */
export function counted(count: number, one: string, many: string): string {
  return `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
}
