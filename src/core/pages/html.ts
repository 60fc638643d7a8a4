/**
 * A piece of finished HTML. Only `html` makes it, so what is not a piece is text and gets escaped.
 */
class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export type { Html };

export type HtmlPart = Html | string | number | null | undefined | false | readonly HtmlPart[];

type Context = "text" | "attribute" | "address";

/**
 * Writes HTML with values in place, escaped by where they stand: text, a quoted attribute, or an address (href, src,
 * action), where only http, https, mailto and paths of ours pass. A value anywhere else (in a tag, an unquoted
 * attribute, style or script) is a bug and throws.
 */
export function html(strings: TemplateStringsArray, ...parts: readonly HtmlPart[]): Html {
  let text = strings[0] ?? "";
  parts.forEach((part, index) => {
    text += escapePart(part, contextOf(text)) + (strings[index + 1] ?? "");
  });
  return new Html(text);
}

/** CSS of ours, which no value of a person may be part of, as the content of a style element. */
export function trustedCss(css: string): Html {
  return new Html(css.replaceAll("<", ""));
}

/** A whole document as text. */
export function toDocument(page: Html): string {
  return `<!doctype html>\n${page.text}\n`;
}

function escapePart(part: HtmlPart, context: Context): string {
  if (part === null || part === undefined || part === false) return "";
  if (typeof part === "string" || typeof part === "number") {
    const text = String(part);
    return escapeText(context === "address" ? safeAddress(text) : text);
  }
  if (part instanceof Html) {
    if (context !== "text") throw new Error("HTML cannot stand in an attribute.");
    return part.text;
  }
  return part.map((each) => escapePart(each, context)).join("");
}

/** Escapes for text and for quoted attributes alike. */
export function escapeText(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

function safeAddress(address: string): string {
  return /^(https?:\/\/|mailto:|\/(?!\/)|#|\?)/i.test(address) ? address : "#";
}

/** Where the end of this HTML is. Our own literals only, so a look at the last open tag is enough. */
function contextOf(before: string): Context {
  const open = before.lastIndexOf("<");
  const close = before.lastIndexOf(">");
  if (open <= close) {
    const element = /<(style|script)\b[^>]*>[^<]*$/i.exec(before);
    if (element?.[1]?.toLowerCase() === "script") throw new Error("No value may stand in a script.");
    return "text";
  }
  const attribute = /\s([a-z-]+)="[^"]*$/i.exec(before.slice(open));
  const name = attribute?.[1]?.toLowerCase();
  if (!name) throw new Error(`A value may stand only in text or a quoted attribute: …${before.slice(open)}`);
  if (name === "style" || name.startsWith("on")) throw new Error(`No value may stand in ${name}.`);
  return ["href", "src", "action", "formaction"].includes(name) ? "address" : "attribute";
}
