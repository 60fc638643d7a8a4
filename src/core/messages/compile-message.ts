import type { Finding } from "../kernel/finding.ts";
import { fail, ok, type Result } from "../kernel/result.ts";
import { analyseTemplate, type PathUse } from "../template/analyse.ts";
import { flatten } from "../template/flatten.ts";
import { Places } from "../template/lexer.ts";
import { parseTemplate } from "../template/parse-template.ts";
import type { Context, Program } from "../template/program.ts";
import type { Node } from "../template/syntax-tree.ts";
import { compileHtml } from "./compile-html.ts";
import { compileText } from "./compile-text.ts";
import type { CompiledLink, CompiledMessage } from "./compiled-message.ts";
import type { AttributeLike, FieldNeed } from "./contact-schema.ts";
import { scanFinding, templateFinding } from "./message-findings.ts";
import { fieldNeed, messageSchema } from "./message-schema.ts";
import type { MessageSource } from "./message-source.ts";
import { textFromHtml } from "./text-from-html.ts";

export type CompileOptions = {
  /** The custom attributes that exist. */
  readonly attributes: readonly AttributeLike[];
  /** How the text part is made where none was written; our own if left out. */
  readonly textFromHtml?: (html: string) => string;
};

/** What reading a message gave: the findings, and what it uses. */
export type MessageAnalysis = {
  readonly findings: readonly Finding[];
  /** All names used, with the field of the message that uses them. */
  readonly uses: readonly (PathUse & { readonly field: TemplateField })[];
};

export const templateFields = [
  "subject",
  "preheader",
  "fromName",
  "fromAddress",
  "replyTo",
  "html",
  "text",
] as const;
export type TemplateField = (typeof templateFields)[number];

/**
 * Compiles a message: all work that does not depend on the recipient. Refused, with places in the source, for
 * templates that cannot be read, unknown names and filters, and values in places where no escaping is safe.
 */
export function compileMessage(
  source: MessageSource,
  options: CompileOptions,
): Result<CompiledMessage, Finding[]> {
  const compilation = new Compilation(source, options);
  const compiled = compilation.run();
  return compiled ? ok(compiled) : fail(compilation.findings);
}

/** Reads a message as the compiler does and says what is wrong and what it uses; for the check. */
export function analyseMessage(source: MessageSource, options: CompileOptions): MessageAnalysis {
  const compilation = new Compilation(source, options);
  compilation.run();
  return { findings: compilation.findings, uses: compilation.uses };
}

class Compilation {
  readonly findings: Finding[] = [];
  readonly uses: (PathUse & { field: TemplateField })[] = [];
  readonly #source: MessageSource;
  readonly #options: CompileOptions;
  readonly #fields: FieldNeed[] = [];

  constructor(source: MessageSource, options: CompileOptions) {
    this.#source = source;
    this.#options = options;
  }

  run(): CompiledMessage | undefined {
    const source = this.#source;
    const { html } = source;
    const subject = this.#line("subject");
    const preheader = this.#read("preheader", source.preheader);
    const fromName = this.#line("fromName");
    const fromAddress = this.#line("fromAddress");
    const replyTo = this.#line("replyTo");
    const htmlNodes = this.#read("html", html);
    const compiledHtml = htmlNodes && compileHtml(html, htmlNodes, preheader ?? [], 1);
    const places = new Places(html);
    for (const problem of compiledHtml?.problems ?? []) {
      this.findings.push(scanFinding(problem, places.at(problem.offset)));
    }
    const textNodes = this.#readText(html);
    if (!compiledHtml || !textNodes || !subject || !preheader || !fromName || !fromAddress || !replyTo)
      return;
    if (this.findings.length > 0) return;
    const compiledText = compileText(textNodes, compiledHtml.links.length + 1, compiledHtml.untracked);
    const links: CompiledLink[] = [...compiledHtml.links, ...compiledText.links];
    return {
      version: 1,
      name: source.name,
      designation: source.designation,
      trackOpens: source.trackOpens,
      trackClicks: source.trackClicks,
      fields: this.#fields,
      links,
      programs: {
        subject,
        preheader: flatten(preheader, { contextOf: () => "header" }),
        fromName,
        fromAddress,
        replyTo,
        html: [...compiledHtml.program],
        text: [...compiledText.program],
      },
    };
  }

  #line(field: "subject" | "fromName" | "fromAddress" | "replyTo"): Program | undefined {
    const nodes = this.#read(field, this.#source[field]);
    return nodes && flatten(nodes, { contextOf: (): Context => "header" });
  }

  /** The text part as written, or made from the HTML: then its findings are the HTML's, and were made there. */
  #readText(html: string): readonly Node[] | undefined {
    const { text } = this.#source;
    if (text !== null) return this.#read("text", text);
    if (this.findings.length > 0) return undefined;
    return this.#read("text", (this.#options.textFromHtml ?? textFromHtml)(html), false);
  }

  #read(field: TemplateField, source: string, reports = true): readonly Node[] | undefined {
    const parsed = parseTemplate(source);
    if (!parsed.ok) {
      this.findings.push(templateFinding(parsed.error, field, parsed.error.at));
      return undefined;
    }
    const analysis = analyseTemplate(parsed.value, messageSchema(this.#options.attributes));
    const places = new Places(source);
    for (const issue of reports ? analysis.issues : []) {
      this.findings.push(templateFinding(issue, field, places.at(issue.offset)));
    }
    for (const use of analysis.paths) {
      this.uses.push({ ...use, field });
      this.#need(use);
    }
    return parsed.value;
  }

  #need(use: PathUse): void {
    const [key] = use.keys;
    if (use.root !== "contact" || typeof key !== "string") return;
    if (this.#fields.some((known) => known.path[0] === key)) return;
    const need = fieldNeed(key, this.#options.attributes);
    if (need) this.#fields.push(need);
  }
}
