import type { ScannedAttribute, ScanState } from "./scanned-html.ts";

/** Reads the name of an attribute. Gives the place to go on from. */
export function attributeName(state: ScanState, text: string, at: number, offset: number): number {
  const length = Math.max(1, runLength(text, at, /[^\s/>=]/));
  const name = text.slice(at, at + length).toLowerCase();
  const end = offset + at + length;
  const attribute: ScannedAttribute = {
    name,
    start: state.nameStart,
    valueStart: end,
    valueEnd: end,
    end,
    quoted: false,
    isDynamic: false,
    startsWithOwnLink: false,
  };
  state.tag?.attributes.push(attribute);
  state.attribute = attribute;
  state.mode = "after-name";
  return at + length;
}

/** Looks for the equals sign behind a name. Gives the place to go on from. */
export function afterName(state: ScanState, text: string, at: number): number {
  const character = text[at] ?? "";
  if (/\s/.test(character)) return at + 1;
  if (character === "=") {
    state.mode = "before-value";
    return at + 1;
  }
  state.attribute = null;
  state.mode = "in-tag";
  return at;
}

/** Looks for the quote in front of a value. Gives the place to go on from. */
export function beforeValue(state: ScanState, text: string, at: number, offset: number): number {
  const character = text[at] ?? "";
  if (/\s/.test(character)) return at + 1;
  const { attribute } = state;
  state.valueBegun = false;
  if (character === '"' || character === "'") {
    if (attribute) {
      attribute.valueStart = offset + at + 1;
      attribute.quoted = true;
      attribute.isDynamic = false;
    }
    state.mode = character === '"' ? "double-quoted" : "single-quoted";
    return at + 1;
  }
  if (character === ">") {
    state.attribute = null;
    state.mode = "in-tag";
    return at;
  }
  if (attribute) {
    attribute.valueStart = offset + at;
    attribute.isDynamic = false;
  }
  state.mode = "unquoted";
  return at;
}

/** Reads on to the closing quote. Gives the place to go on from. */
export function quoted(state: ScanState, text: string, at: number, offset: number, quote: string): number {
  const close = text.indexOf(quote, at);
  if (close < 0) {
    if (text.slice(at).trim() !== "") state.valueBegun = true;
    return text.length;
  }
  endValue(state, offset + close, offset + close + 1);
  return close + 1;
}

/** Reads a value without quotes. Gives the place to go on from. */
export function unquoted(state: ScanState, text: string, at: number, offset: number): number {
  const length = runLength(text, at, /[^\s>]/);
  if (at + length >= text.length) return text.length;
  endValue(state, offset + at + length, offset + at + length);
  return at + length;
}

function endValue(state: ScanState, valueEnd: number, end: number): void {
  const { attribute } = state;
  if (attribute) {
    attribute.valueEnd = valueEnd;
    attribute.end = end;
  }
  state.attribute = null;
  state.mode = "in-tag";
}

/** How many characters from here on are of a kind. */
export function runLength(text: string, at: number, of: RegExp): number {
  let end = at;
  while (end < text.length && of.test(text[end] ?? "")) end++;
  return end - at;
}
