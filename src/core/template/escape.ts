import type { Context } from "./program.ts";
import { Markup, toText, type Value } from "./value.ts";

/** Writes a value so that it can be nothing but data in the place where it stands. */
export function escapeFor(context: Context, value: Value): string {
  switch (context) {
    case "html":
      return value instanceof Markup ? value.html : escapeHtml(toText(value));
    case "url":
      return escapeHtml(wholeUrl(toText(value)));
    case "raw-url":
      return wholeUrl(toText(value));
    case "url-part":
    case "raw-url-part":
      return value instanceof Markup && value.isUrlPart ? value.text : encodeUrlPart(toText(value));
    case "css":
      return safeCss(toText(value));
    case "plain":
      return plainText(toText(value));
    case "header":
      return oneLine(toText(value));
    case "nothing":
      return "";
  }
}

const htmlUnsafe = /\r\n?|[&<>"']|[^\P{Cc}\t\n]/u;
const htmlUnsafeAll = new RegExp(htmlUnsafe, "gu");

/** Escapes the characters that end text or a quoted attribute in HTML; line ends made even, control characters dropped. */
export function escapeHtml(text: string): string {
  return htmlUnsafe.test(text) ? text.replace(htmlUnsafeAll, entityOf) : text;
}

function entityOf(character: string): string {
  switch (character) {
    case "&":
      return "&amp;";
    case "<":
      return "&lt;";
    case ">":
      return "&gt;";
    case '"':
      return "&quot;";
    case "'":
      return "&#39;";
    case "\r\n":
    case "\r":
      return "\n";
    default:
      return "";
  }
}

/** Percent-encodes everything but unreserved characters (RFC 3986, 2.3); lone surrogates become U+FFFD. */
export function encodeUrlPart(text: string): string {
  if (/^[\w.~-]*$/.test(text)) return text;
  return encodeURIComponent(wellFormed(text)).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** A whole address: only http, https, mailto and tel are let through, anything else becomes `#`. */
export function wholeUrl(text: string): string {
  const url = text.trim();
  if (url === "" || !/^(?:https?:\/\/|mailto:|tel:)/i.test(url)) return "#";
  return wellFormed(url).replace(/[^!#$%&()*+,\-./0-9:;=?@A-Z[\]_a-z~]/gu, (character) =>
    character === "'" ? "%27" : encodeURIComponent(character),
  );
}

/** Replaces halves of surrogate pairs, which no encoding can carry. */
export function wellFormed(text: string): string {
  return text.replace(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g, "\uFFFD");
}

/** Lets only colours, sizes and words through: no functions but rgb(), no quotes, no escapes, no addresses. */
function safeCss(text: string): string {
  return /^(?:[\w#.,% -]*|rgba?\([\d., %]+\))$/.test(text) ? text : "";
}

const controls = /[^\P{Cc}\t\n]/gu;

/** Text as it may stand in the text part: line ends made even, control characters dropped. */
export function plainText(text: string): string {
  return text.replace(/\r\n?/g, "\n").replace(controls, "");
}

const isOneLine = /^[\x20-\x7e\xa0-\u2027\u202a-\uffff]*$/;
const lineBreaks = /[\p{Cc}\u2028\u2029]+/gu;

/** Text on one line: every line break and control character, also Unicode's, becomes a space. */
export function oneLine(text: string): string {
  return isOneLine.test(text) ? text : text.replace(lineBreaks, " ");
}
