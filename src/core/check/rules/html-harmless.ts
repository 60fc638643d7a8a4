import type { Finding } from "../../kernel/finding.ts";
import type { Rule } from "../rule.ts";

const refused: { readonly [name: string]: string | undefined } = {
  script: "Scripts",
  iframe: "Frames",
  frame: "Frames",
  frameset: "Frames",
  object: "Embedded objects",
  embed: "Embedded objects",
  applet: "Embedded objects",
  form: "Forms",
  input: "Form fields",
  textarea: "Form fields",
  select: "Form fields",
  base: "A base address",
  portal: "Frames",
};
const addresses = new Set(["href", "src", "action", "background", "formaction"]);

/** Nothing that runs or asks for input: mail clients take it out and spam filters count it. */
export const htmlHarmless: Rule = (_, view) => {
  const findings: Finding[] = [];
  const report = (offset: number, code: string, message: string, fix: string) =>
    findings.push({
      code,
      severity: "error",
      message,
      why: "Mail clients remove it, and spam filters hold it against the whole message.",
      fix,
      where: view.placeInHtml(offset),
    });
  for (const tag of view.tags) {
    if (tag.isClosing) continue;
    const kind = Object.hasOwn(refused, tag.name) ? refused[tag.name] : undefined;
    if (kind !== undefined) {
      report(
        tag.start,
        "html.refused-element",
        `${kind} (<${tag.name}>) do not work in mail.`,
        "Link to a page instead.",
      );
    }
    if (tag.name === "meta" && view.value(tag, "http-equiv")?.trim().toLowerCase() === "refresh") {
      report(
        tag.start,
        "html.refused-element",
        "A message cannot send people on to another page.",
        "Remove it.",
      );
    }
    for (const attribute of tag.attributes) {
      if (/^on[a-z]+$/.test(attribute.name)) {
        report(
          attribute.start,
          "html.refused-handler",
          `${attribute.name} does not work in mail.`,
          "Remove the attribute.",
        );
      }
      const value = addresses.has(attribute.name) ? (view.value(tag, attribute.name) ?? "") : "";
      if (/^\s*(?:javascript|vbscript):/i.test(value.replace(/[\p{Cc}]/gu, ""))) {
        report(
          attribute.start,
          "html.refused-address",
          "An address that runs a script does not work in mail.",
          "Use an https address.",
        );
      }
    }
  }
  return findings;
};
