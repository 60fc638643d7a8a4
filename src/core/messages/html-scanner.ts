import type { Context } from "../template/program.ts";
import { afterName, attributeName, beforeValue, quoted, runLength, unquoted } from "./scan-attribute.ts";
import type { ScannedTag, ScanProblem, ScanState } from "./scanned-html.ts";

const urlAttributes = new Set([
  "href",
  "src",
  "action",
  "formaction",
  "background",
  "poster",
  "cite",
  "data",
  "srcset",
  "longdesc",
  "xlink:href",
]);
const strangeElements = new Set(["svg", "math", "select", "frameset"]);
/** Stands for the start of a comment in its tail; no text can hold this character. */
const commentStart = "\uffff";
const commentEnd = new RegExp(`^${commentStart}-?>|--!?>`);
const rawElements = new Set(["style", "script", "title", "textarea", "xmp"]);

/**
 * Reads HTML with template code in it, piece by piece, and knows at each output what it would land in. Tolerant
 * like a browser: it reports no syntax errors, keeps all offsets and never changes the source.
 */
export class HtmlScanner {
  state: ScanState = {
    mode: "text",
    tag: null,
    attribute: null,
    nameStart: 0,
    rawName: "",
    valueBegun: false,
    forOutlook: false,
    strange: 0,
    tail: "",
    outlookTail: "",
  };
  readonly tags: ScannedTag[] = [];
  readonly problems: ScanProblem[] = [];

  /** Reads a stretch of the source that starts at an offset. */
  feed(text: string, offset: number): void {
    const { attribute } = this.state;
    if (attribute && this.state.mode !== "after-name" && this.state.mode !== "attribute-name") {
      attribute.isDynamic = true;
    }
    for (let at = 0; at < text.length; ) {
      at = this.state.forOutlook ? this.#forOutlook(text, at, offset) : this.#step(text, at, offset);
    }
  }

  /** Says how a value must be escaped that is put out here. */
  output(offset: number, isOwnLink: boolean): Context {
    const { state } = this;
    // A value could stand between the characters that end the comment.
    if (state.forOutlook && /-!?$/.test(state.outlookTail))
      this.problems.push({ code: "value-in-tag", offset });
    if (state.strange > 0) this.problems.push({ code: "value-in-strange-element", offset });
    switch (state.mode) {
      case "text":
        return "html";
      case "comment":
      case "conditional":
      case "declaration":
        return "nothing";
      case "raw-text":
        // A value could complete the name of the closing tag.
        if (/<[^>]*$/.test(state.tail)) this.problems.push({ code: "value-in-tag", offset });
        if (state.rawName === "title" || state.rawName === "textarea") return "html";
        if (state.rawName === "style") return "css";
        this.problems.push({ code: "value-in-script", offset });
        return "css";
      case "double-quoted":
      case "single-quoted":
        return this.#inAttribute(offset, isOwnLink);
      case "unquoted":
      case "before-value":
        this.problems.push({ code: "value-unquoted", offset });
        return "css";
      default:
        this.problems.push({ code: "value-in-tag", offset });
        return "css";
    }
  }

  /** The state to come back to for the next branch. */
  fork(): ScanState {
    return { ...this.state };
  }

  /** Brings the ends of all branches together; they must agree on where in the markup they stand. */
  join(ends: readonly ScanState[], offset: number): void {
    const [first, ...others] = ends;
    if (!first) return;
    for (const other of others) {
      if (
        other.mode !== first.mode ||
        other.rawName !== first.rawName ||
        other.attribute?.name !== first.attribute?.name ||
        other.tag?.name !== first.tag?.name ||
        other.strange !== first.strange ||
        other.forOutlook !== first.forOutlook
      ) {
        this.problems.push({ code: "branch-cuts-tag", offset });
        break;
      }
    }
    this.state = { ...first, valueBegun: ends.some((end) => end.valueBegun) };
    if (this.state.attribute) this.state.attribute.isDynamic = true;
  }

  #inAttribute(offset: number, isOwnLink: boolean): Context {
    const { attribute } = this.state;
    const begun = this.state.valueBegun;
    this.state.valueBegun = true;
    if (!attribute) return "html";
    attribute.isDynamic = true;
    if (!begun && isOwnLink) attribute.startsWithOwnLink = true;
    if (attribute.name === "style") return "css";
    if (attribute.name.startsWith("on")) {
      this.problems.push({ code: "value-in-handler", offset });
      return "css";
    }
    if (urlAttributes.has(attribute.name)) return begun ? "url-part" : "url";
    return "html";
  }

  #step(text: string, at: number, offset: number): number {
    switch (this.state.mode) {
      case "text":
        return this.#text(text, at, offset);
      case "tag-name":
        return this.#tagName(text, at);
      case "in-tag":
        return this.#inTag(text, at, offset);
      case "attribute-name":
        return attributeName(this.state, text, at, offset);
      case "after-name":
        return afterName(this.state, text, at);
      case "before-value":
        return beforeValue(this.state, text, at, offset);
      case "double-quoted":
        return quoted(this.state, text, at, offset, '"');
      case "single-quoted":
        return quoted(this.state, text, at, offset, "'");
      case "unquoted":
        return unquoted(this.state, text, at, offset);
      case "comment":
        return this.#comment(text, at);
      case "conditional":
        return this.#conditional(text, at);
      case "declaration":
        return this.#until(text, at, ">");
      case "raw-text":
        return this.#rawText(text, at);
    }
  }

  #text(text: string, at: number, offset: number): number {
    const open = text.indexOf("<", at);
    if (open < 0) return text.length;
    if (text.startsWith("<!--", open)) return this.#commentStart(text, open);
    const next = text[open + 1] ?? "";
    const isBogus = next === "/" && open + 2 < text.length && !/[a-z]/i.test(text[open + 2] ?? "");
    if (next === "!" || next === "?" || isBogus) {
      this.state.mode = "declaration";
      return open + 2;
    }
    if (open + 1 < text.length && !/[a-z/]/i.test(next)) return open + 1;
    const isClosing = next === "/";
    this.state.nameStart = offset + open + (isClosing ? 2 : 1);
    this.state.tag = {
      name: "",
      isClosing,
      start: offset + open,
      end: 0,
      attributes: [],
      forOutlook: this.state.forOutlook,
    };
    this.state.mode = "tag-name";
    return open + (isClosing ? 2 : 1);
  }

  #commentStart(text: string, open: number): number {
    if (/^<!--\[if/i.test(text.slice(open, open + 7))) {
      this.state.mode = "conditional";
      return open + 4;
    }
    this.state.mode = "comment";
    this.state.tail = commentStart;
    return open + 4;
  }

  #tagName(text: string, at: number): number {
    const length = runLength(text, at, /[^\s/>]/);
    const { tag } = this.state;
    if (tag) this.state.tag = { ...tag, name: tag.name + text.slice(at, at + length).toLowerCase() };
    if (at + length < text.length) this.state.mode = "in-tag";
    return at + length;
  }

  #inTag(text: string, at: number, offset: number): number {
    const character = text[at] ?? "";
    if (character === ">") return this.#endTag(at, offset);
    if (/[\s/]/.test(character)) return at + 1;
    const start = offset + at;
    this.state.nameStart = start;
    this.state.attribute = null;
    this.state.mode = "attribute-name";
    return at;
  }

  #endTag(at: number, offset: number): number {
    const { tag } = this.state;
    this.state.tag = null;
    this.state.mode = "text";
    if (tag) {
      tag.end = offset + at + 1;
      this.tags.push(tag);
      if (strangeElements.has(tag.name)) {
        this.state.strange = Math.max(0, this.state.strange + (tag.isClosing ? -1 : 1));
      } else if (!tag.isClosing && rawElements.has(tag.name) && this.state.strange === 0) {
        this.state.mode = "raw-text";
        this.state.rawName = tag.name;
        this.state.tail = "";
      }
    }
    return at + 1;
  }

  #until(text: string, at: number, end: string): number {
    const close = text.indexOf(end, at);
    if (close < 0) return text.length;
    this.state.mode = "text";
    return close + end.length;
  }

  #conditional(text: string, at: number): number {
    const next = this.#until(text, at, "]>");
    this.state.forOutlook = this.state.mode === "text";
    this.state.outlookTail = "";
    return next;
  }

  /** Reads the content of a conditional comment as HTML up to where, for all but Outlook, the comment ends. */
  #forOutlook(text: string, at: number, offset: number): number {
    const before = this.state.outlookTail;
    const whole = before + text.slice(at);
    const end = /--!?>/.exec(whole);
    const limit = end ? at + end.index + end[0].length - before.length : text.length;
    const piece = text.slice(0, limit);
    for (let next = at; next < limit; ) next = this.#step(piece, next, offset);
    this.state.outlookTail = whole.slice(-3);
    if (end)
      this.state = {
        ...this.state,
        mode: "text",
        tag: null,
        attribute: null,
        rawName: "",
        forOutlook: false,
      };
    return limit;
  }

  #comment(text: string, at: number): number {
    const before = this.state.tail;
    const whole = before + text.slice(at);
    const end = commentEnd.exec(whole);
    this.state.tail = whole.slice(-3);
    if (!end) return text.length;
    this.state.mode = "text";
    return at + end.index + end[0].length - before.length;
  }

  #rawText(text: string, at: number): number {
    const pattern = new RegExp(`</${this.state.rawName}(?=[\\s/>])`, "gi");
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    this.state.tail = text.slice(-20);
    if (!match) return text.length;
    this.state.mode = "text";
    this.state.rawName = "";
    return match.index;
  }
}
