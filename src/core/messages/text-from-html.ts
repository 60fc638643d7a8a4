import { decodeEntities } from "./html-entities.ts";

/**
 * Makes the text part out of HTML. Links become `text (address)`, headings and blocks stand on their own lines, lists
 * get dashes, images their alternative text; what is not shown (preheaders, styles) is left out. Template code in the
 * HTML goes through untouched, so this works on a design and on a rendered message alike.
 */
export function textFromHtml(html: string): string {
  const writer = new TextWriter();
  for (const match of html.matchAll(piece)) {
    const [whole, code, name] = match;
    if (code !== undefined) writer.code(code);
    else if (name !== undefined) writer.tag(name.toLowerCase(), whole);
    else if (!whole.startsWith("<") || whole === "<") writer.text(whole);
  }
  return writer.finish();
}

// Each alternative starts with a different character, so that no input makes the search try two ways.
const templateCode = String.raw`\{\{(?:(?!\}\})[\s\S])*\}\}|\{%(?:(?!%\})[\s\S])*%\}`;

/** Template code | comment or declaration | tag | text. */
const piece = new RegExp(
  String.raw`(${templateCode})|<!--[\s\S]*?(?:-->|$)|<!(?:"[^"]*"|[^">])*>|<(\/?[a-z][^\s/>]*)(?:${templateCode}|"[^"]*"|'[^']*'|[^'">{]|\{(?![{%]))*>|(?:[^<{]|\{(?![{%]))+|[<{]`,
  "gi",
);

const blocks = new Set(
  "address article aside blockquote center div dd dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6 header hr main nav ol p pre section table tr ul".split(
    " ",
  ),
);
const spaced = new Set("h1 h2 h3 h4 h5 h6 p ul ol blockquote table".split(" "));
const unseen = new Set("head style script title template".split(" "));
const voids = new Set("area base br col embed hr img input link meta source track wbr".split(" "));

class TextWriter {
  #text = "";
  /** Line breaks to write before the next text. */
  #breaks = 0;
  #space = false;
  /** Elements inside a hidden one, the hidden one included; nothing is written while there are any. */
  readonly #hidden: string[] = [];
  readonly #links: { readonly url: string; readonly from: number }[] = [];
  readonly #lists: number[] = [];
  /** For each open branch of the template, the line breaks that were due when it began. */
  readonly #branches: number[] = [];

  code(code: string): void {
    if (this.#hidden.length > 0) return;
    if (code.startsWith("{{")) this.#word(code);
    else this.#branch(code);
  }

  /**
   * A tag of the template is written before a line break that is due, so that the break comes with what the branch
   * shows; each branch starts with the break that was due at the first.
   */
  #branch(code: string): void {
    const name = /^\{%-?\s*(\w+)/.exec(code)?.[1] ?? "";
    if (/^(?:else|elsif|when)$/.test(name)) this.#breaks = this.#branches.at(-1) ?? this.#breaks;
    if (/^end(?:if|unless|case|for)$/.test(name) && (this.#branches.pop() ?? 0) > 0)
      this.#breaks = Math.max(this.#breaks, 1);
    this.#flushSpace();
    this.#text += code;
    if (/^(?:if|unless|case|for)$/.test(name)) this.#branches.push(this.#breaks);
  }

  text(text: string): void {
    if (this.#hidden.length > 0) return;
    const shown = decodeEntities(text).replace(/\u00ad|\u034f|\u200b|\u200c|\u2060|\ufeff/g, "");
    for (const part of shown.split(/([ \t\r\n\f\u00a0]+)/)) {
      if (part === "") continue;
      if (/^[ \t\r\n\f\u00a0]/.test(part)) this.#space = true;
      else this.#word(part);
    }
  }

  tag(slashedName: string, source: string): void {
    const isClosing = slashedName.startsWith("/");
    const name = isClosing ? slashedName.slice(1) : slashedName;
    if (this.#skips(name, isClosing, source)) return;
    if (blocks.has(name)) this.#break(spaced.has(name) ? 2 : 1);
    switch (name) {
      case "br":
        this.#breaks = Math.max(this.#breaks, 0) + 1;
        return;
      case "hr":
        this.#word("---");
        this.#break(1);
        return;
      case "td":
      case "th":
        this.#space = true;
        return;
      case "img":
        if (!isClosing) this.text(attributeOf(source, "alt"));
        return;
      case "a":
        if (isClosing) this.#endLink();
        else this.#beginLink(source);
        return;
      case "ul":
      case "ol":
        if (isClosing) this.#lists.pop();
        else this.#lists.push(name === "ol" ? 1 : 0);
        return;
      case "li":
        if (!isClosing) this.#beginItem();
        return;
      default:
    }
  }

  finish(): string {
    const text = this.#text.replace(/[ \t]+$/gm, "").trim();
    return text === "" ? "" : `${text}\n`;
  }

  /** Keeps count of elements inside hidden ones, and says whether this tag is one of them. */
  #skips(name: string, isClosing: boolean, source: string): boolean {
    if (this.#hidden.length > 0) {
      if (isClosing) {
        const at = this.#hidden.lastIndexOf(name);
        if (at >= 0) this.#hidden.length = at;
      } else if (!voids.has(name) && !source.endsWith("/>")) this.#hidden.push(name);
      return true;
    }
    if (isClosing || voids.has(name)) return false;
    const isHidden =
      unseen.has(name) ||
      /display\s*:\s*none/i.test(attributeOf(source, "style")) ||
      /\shidden(?=[\s=/>])/i.test(source.replace(/"[^"]*"|'[^']*'/g, '""'));
    if (isHidden) this.#hidden.push(name);
    return isHidden;
  }

  #beginLink(source: string): void {
    this.#flushSpace();
    this.#links.push({ url: decodeEntities(attributeOf(source, "href")).trim(), from: this.#text.length });
  }

  #endLink(): void {
    const link = this.#links.pop();
    if (!link || link.url === "" || link.url.startsWith("#")) return;
    const label = this.#text.slice(link.from).trim();
    const url = link.url.replace(/^mailto:/i, "");
    if (label === url || label === link.url.replace(/^https?:\/\/|\/$/gi, "")) {
      if (label !== url) this.#text = this.#text.slice(0, link.from) + link.url;
      return;
    }
    this.#word(label === "" ? url : ` (${url})`);
  }

  #beginItem(): void {
    this.#break(1);
    const counter = this.#lists.at(-1) ?? 0;
    this.#word(counter > 0 ? `${counter}. ` : "- ");
    if (counter > 0) this.#lists[this.#lists.length - 1] = counter + 1;
  }

  #break(count: number): void {
    this.#breaks = Math.max(this.#breaks, count);
    this.#space = false;
  }

  #word(word: string): void {
    this.#flush();
    this.#text += word;
  }

  #flush(): void {
    if (this.#breaks > 0) {
      const present = /\n*$/.exec(this.#text)?.[0].length ?? 0;
      if (this.#text !== "") this.#text += "\n".repeat(Math.max(0, Math.min(this.#breaks, 3) - present));
      this.#breaks = 0;
      this.#space = false;
    }
    this.#flushSpace();
  }

  #flushSpace(): void {
    if (this.#space && this.#breaks === 0 && this.#text !== "" && !/\s$/.test(this.#text)) this.#text += " ";
    if (this.#breaks === 0) this.#space = false;
  }
}

function attributeOf(tag: string, name: string): string {
  const value = (quote: string) => `${quote}((?:${templateCode}|[^${quote}{]|\\{(?![{%]))*)${quote}`;
  const match = new RegExp(`\\s${name}\\s*=\\s*(?:${value('"')}|${value("'")}|([^\\s>]+))`, "i").exec(tag);
  return match?.[1] ?? match?.[2] ?? match?.[3] ?? "";
}
