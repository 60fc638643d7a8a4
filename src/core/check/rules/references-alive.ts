import type { Rule } from "../rule.ts";

const names = { image: "image", form: "form", event: "event", "content-block": "content block" };

/** What the message shows or links to inside the product exists. */
export const referencesAlive: Rule = ({ references }, view) =>
  references.missing.map(({ kind, id, spelling }) => {
    const offset = view.html.indexOf(spelling);
    return {
      code: `reference.missing-${kind}`,
      severity: "error" as const,
      message: `The ${names[kind]} ${id} does not exist any more.`,
      why: "People would see a gap or an error page.",
      fix: `Choose another ${names[kind]}, or remove it from the message.`,
      where: offset < 0 ? { field: "html" } : view.placeInHtml(offset),
    };
  });
