import { encodeUrlPart, escapeHtml } from "../escape.ts";
import { isEmpty, isList, isTrue, Markup, toNumber, toText, type Value } from "../value.ts";
import type { Filter, FilterSetting, Filters } from "./filter.ts";

/** A filter from text to text. */
function text(args: Filter["args"], run: (input: string, args: readonly string[]) => string): Filter {
  return {
    args,
    run: (input, given, { budget }) =>
      budget.made(
        run(
          budget.made(toText(input)),
          given.map(toText).map((arg) => budget.made(arg)),
        ),
      ),
  };
}

export const textFilters: Filters = {
  append: text([1, 1], (input, [end = ""]) => input + end),
  prepend: text([1, 1], (input, [start = ""]) => start + input),
  upcase: text([0, 0], (input) => input.toUpperCase()),
  downcase: text([0, 0], (input) => input.toLowerCase()),
  capitalize: text([0, 0], (input) => {
    const [first = ""] = input;
    return first.toUpperCase() + input.slice(first.length).toLowerCase();
  }),
  strip: text([0, 0], (input) => input.trim()),
  lstrip: text([0, 0], (input) => input.trimStart()),
  rstrip: text([0, 0], (input) => input.trimEnd()),
  strip_newlines: text([0, 0], (input) => input.replace(/\r?\n/g, "")),
  strip_html: text([0, 0], stripHtml),
  remove: { args: [1, 1], run: (input, [what = null], setting) => replaceAll(input, what, "", setting) },
  remove_first: text([1, 1], (input, [what = ""]) => replaceFirst(input, what, "")),
  remove_last: text([1, 1], (input, [what = ""]) => replaceLast(input, what, "")),
  replace: {
    args: [1, 2],
    run: (input, [what = null, by = null], setting) => replaceAll(input, what, by, setting),
  },
  replace_first: text([1, 2], (input, [what = "", by = ""]) => replaceFirst(input, what, by)),
  replace_last: text([1, 2], (input, [what = "", by = ""]) => replaceLast(input, what, by)),
  truncate: {
    args: [0, 2],
    run: (input, [length = 50, tail = "..."], { budget }) =>
      budget.made(truncate(toText(input), toNumber(length), toText(tail))),
  },
  truncatewords: {
    args: [0, 2],
    run: (input, [count = 15, tail = "..."], { budget }) => {
      const words = budget.made(toText(input)).trim().split(/\s+/u);
      const kept = Math.max(1, Math.floor(toNumber(count)));
      return words.length <= kept ? toText(input) : words.slice(0, kept).join(" ") + toText(tail);
    },
  },
  escape: { args: [0, 0], run: (input) => new Markup(escapeHtml(toText(input)), toText(input)) },
  newline_to_br: {
    args: [0, 0],
    run: (input) =>
      new Markup(
        escapeHtml(toText(input)).replace(/\r\n|\r|\n/g, "<br>\n"),
        toText(input).replace(/\r\n|\r/g, "\n"),
      ),
  },
  url_encode: {
    args: [0, 0],
    run: (input, _, { budget }) => {
      const encoded = encodeUrlPart(budget.made(toText(input)));
      return new Markup(encoded, encoded, true);
    },
  },
  url_decode: text([0, 0], (input) => decodeUrl(input)),
  default: {
    args: [1, 2],
    run: (input, [otherwise = null, allowsFalse = false]) =>
      (isTrue(input) || (input === false && isTrue(allowsFalse))) && !isEmpty(input) ? input : otherwise,
  },
  size: {
    args: [0, 0],
    run: (input) => {
      if (isList(input)) return input.length;
      if (input instanceof Map) return input.size;
      return [...toText(input)].length;
    },
  },
  slice: {
    args: [1, 2],
    run: (input, [from = 0, count = 1], { budget }) => {
      const whole = isList(input) ? input : [...budget.made(toText(input))];
      const start = Math.trunc(toNumber(from));
      const first = start < 0 ? whole.length + start : start;
      const piece = first < 0 ? [] : whole.slice(first, first + Math.max(0, Math.trunc(toNumber(count))));
      return isList(input) ? piece : piece.map(toText).join("");
    },
  },
};

function replaceAll(input: Value, what: Value, by: Value, { budget }: FilterSetting): string {
  const whole = budget.made(toText(input));
  const pattern = toText(what);
  const replacement = toText(by);
  if (pattern === "") return whole;
  const pieces = whole.split(pattern);
  budget.checkLength(whole.length + pieces.length * replacement.length);
  return budget.made(pieces.join(replacement));
}

function replaceFirst(input: string, what: string, by: string): string {
  const at = what === "" ? -1 : input.indexOf(what);
  return at < 0 ? input : input.slice(0, at) + by + input.slice(at + what.length);
}

function replaceLast(input: string, what: string, by: string): string {
  const at = what === "" ? -1 : input.lastIndexOf(what);
  return at < 0 ? input : input.slice(0, at) + by + input.slice(at + what.length);
}

/** The tail counts towards the length, as in Liquid. */
function truncate(input: string, length: number, tail: string): string {
  const characters = [...input];
  if (characters.length <= length) return input;
  return characters.slice(0, Math.max(0, length - [...tail].length)).join("") + tail;
}

/** What is shown to nobody, with its content: where it begins and ends. */
const unseen = [
  { opens: "<script", closes: "</script>" },
  { opens: "<style", closes: "</style>" },
  { opens: "<!--", closes: "-->" },
] as const;

/** One pass: an end that is not there is looked for once. */
function stripHtml(input: string): string {
  // Letter for letter, so that places in one are places in the other.
  const lower = input.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
  const missing = new Set<string>();
  let output = "";
  let at = 0;
  while (at < input.length) {
    const open = input.indexOf("<", at);
    if (open < 0) break;
    const hidden = unseen.find(({ opens, closes }) => lower.startsWith(opens, open) && !missing.has(closes));
    const close = lower.indexOf(hidden?.closes ?? ">", open);
    if (close < 0 && hidden) {
      missing.add(hidden.closes);
      continue;
    }
    if (close < 0) break;
    output += input.slice(at, open);
    at = close + (hidden?.closes.length ?? 1);
  }
  return output + input.slice(at);
}

function decodeUrl(input: string): string {
  try {
    return decodeURIComponent(input.replace(/\+/g, " "));
  } catch {
    return input;
  }
}
