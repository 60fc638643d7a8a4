import type { Context } from "../template/program.ts";

/** An attribute with its place in the source; the value's range is without quotes. */
export type ScannedAttribute = {
  readonly name: string;
  readonly start: number;
  valueStart: number;
  valueEnd: number;
  /** Behind the closing quote. */
  end: number;
  quoted: boolean;
  /** Template code stands in the value, or a branch cuts it. */
  isDynamic: boolean;
  /** The value begins with the output of one of the product's own links. */
  startsWithOwnLink: boolean;
};

export type ScannedTag = {
  readonly name: string;
  readonly isClosing: boolean;
  readonly start: number;
  end: number;
  readonly attributes: ScannedAttribute[];
  /** Inside a conditional comment that only Outlook reads. */
  readonly forOutlook: boolean;
};

export type ScanProblem = {
  readonly code:
    | "value-in-tag"
    | "value-unquoted"
    | "value-in-script"
    | "value-in-handler"
    | "branch-cuts-tag";
  readonly offset: number;
};

type Mode =
  | "text"
  | "tag-name"
  | "in-tag"
  | "attribute-name"
  | "after-name"
  | "before-value"
  | "double-quoted"
  | "single-quoted"
  | "unquoted"
  | "comment"
  | "conditional"
  | "declaration"
  | "raw-text";

/** Where the scanner stands. Copied at each branch, so that every branch is read from the same place. */
export type ScanState = {
  mode: Mode;
  tag: ScannedTag | null;
  attribute: ScannedAttribute | null;
  nameStart: number;
  rawName: string;
  /** Something stands before this place in the attribute's value. */
  valueBegun: boolean;
  forOutlook: boolean;
};

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
  };
  readonly tags: ScannedTag[] = [];
  readonly problems: ScanProblem[] = [];

  /** Reads a stretch of the source that starts at an offset. */
  feed(text: string, offset: number): void {
    const { attribute } = this.state;
    if (attribute && this.state.mode !== "after-name" && this.state.mode !== "attribute-name") {
      attribute.isDynamic = true;
    }
    let at = 0;
    while (at < text.length) at = this.#step(text, at, offset);
  }

  /** Says how a value must be escaped that is put out here. */
  output(offset: number, isOwnLink: boolean): Context {
    const { state } = this;
    switch (state.mode) {
      case "text":
      case "comment":
        return "html";
      case "raw-text":
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
        other.tag?.name !== first.tag?.name
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
        return this.#attributeName(text, at, offset);
      case "after-name":
        return this.#afterName(text, at);
      case "before-value":
        return this.#beforeValue(text, at, offset);
      case "double-quoted":
        return this.#quoted(text, at, offset, '"');
      case "single-quoted":
        return this.#quoted(text, at, offset, "'");
      case "unquoted":
        return this.#unquoted(text, at, offset);
      case "comment":
        return this.#until(text, at, "-->");
      case "conditional":
        return this.#until(text, at, "]>");
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
    if (next === "!" || next === "?") {
      if (/^<!\[endif/i.test(text.slice(open, open + 9))) this.state.forOutlook = false;
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
    const conditional = /^<!--\[if([^\]]*)/i.exec(text.slice(open, open + 60));
    if (conditional) {
      this.state.mode = "conditional";
      this.state.forOutlook = !/!\s*mso/i.test(conditional[1] ?? "");
      return open + 4;
    }
    if (text.startsWith("<!-->", open)) return open + 5;
    this.state.mode = "comment";
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

  #attributeName(text: string, at: number, offset: number): number {
    const length = Math.max(1, runLength(text, at, /[^\s/>=]/));
    const name = text.slice(at, at + length).toLowerCase();
    const end = offset + at + length;
    const attribute: ScannedAttribute = {
      name,
      start: this.state.nameStart,
      valueStart: end,
      valueEnd: end,
      end,
      quoted: false,
      isDynamic: false,
      startsWithOwnLink: false,
    };
    this.state.tag?.attributes.push(attribute);
    this.state.attribute = attribute;
    this.state.mode = "after-name";
    return at + length;
  }

  #afterName(text: string, at: number): number {
    const character = text[at] ?? "";
    if (/\s/.test(character)) return at + 1;
    if (character === "=") {
      this.state.mode = "before-value";
      return at + 1;
    }
    this.state.attribute = null;
    this.state.mode = "in-tag";
    return at;
  }

  #beforeValue(text: string, at: number, offset: number): number {
    const character = text[at] ?? "";
    if (/\s/.test(character)) return at + 1;
    const { attribute } = this.state;
    this.state.valueBegun = false;
    if (character === '"' || character === "'") {
      if (attribute) {
        attribute.valueStart = offset + at + 1;
        attribute.quoted = true;
        attribute.isDynamic = false;
      }
      this.state.mode = character === '"' ? "double-quoted" : "single-quoted";
      return at + 1;
    }
    if (character === ">") {
      this.state.attribute = null;
      this.state.mode = "in-tag";
      return at;
    }
    if (attribute) {
      attribute.valueStart = offset + at;
      attribute.isDynamic = false;
    }
    this.state.mode = "unquoted";
    return at;
  }

  #quoted(text: string, at: number, offset: number, quote: string): number {
    const close = text.indexOf(quote, at);
    if (close < 0) {
      if (text.slice(at).trim() !== "") this.state.valueBegun = true;
      return text.length;
    }
    this.#endValue(offset + close, offset + close + 1);
    return close + 1;
  }

  #unquoted(text: string, at: number, offset: number): number {
    const length = runLength(text, at, /[^\s>]/);
    if (at + length >= text.length) return text.length;
    this.#endValue(offset + at + length, offset + at + length);
    return at + length;
  }

  #endValue(valueEnd: number, end: number): void {
    const { attribute } = this.state;
    if (attribute) {
      attribute.valueEnd = valueEnd;
      attribute.end = end;
    }
    this.state.attribute = null;
    this.state.mode = "in-tag";
  }

  #endTag(at: number, offset: number): number {
    const { tag } = this.state;
    this.state.tag = null;
    this.state.mode = "text";
    if (tag) {
      tag.end = offset + at + 1;
      this.tags.push(tag);
      if (!tag.isClosing && rawElements.has(tag.name)) {
        this.state.mode = "raw-text";
        this.state.rawName = tag.name;
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

  #rawText(text: string, at: number): number {
    const pattern = new RegExp(`</${this.state.rawName}(?=[\\s/>])`, "gi");
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (!match) return text.length;
    this.state.mode = "text";
    this.state.rawName = "";
    return match.index;
  }
}

function runLength(text: string, at: number, of: RegExp): number {
  let end = at;
  while (end < text.length && of.test(text[end] ?? "")) end++;
  return end - at;
}
