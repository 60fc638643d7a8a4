import type { Rule } from "../rule.ts";

/** The HTML says which language it is in. */
export const languageNamed: Rule = (_, view) => {
  const html = view.tags.find((tag) => tag.name === "html" && !tag.isClosing);
  if (view.html.trim() === "" || (html && (view.value(html, "lang") ?? "").trim() !== "")) return [];
  const at = html && html.start + "<html".length;
  return [
    {
      code: "language.missing",
      severity: "warning",
      message: "The HTML does not say which language it is in.",
      why: "Screen readers would read it in the wrong voice, and mail clients offer to translate it.",
      fix: 'Add lang="en", or your language, to the <html> tag.',
      where: view.placeInHtml(html?.start ?? 0),
      ...(at === undefined || (html && view.attribute(html, "lang"))
        ? {}
        : {
            repair: {
              label: "Mark as English",
              field: "html",
              from: at,
              to: at,
              insert: ' lang="en"',
            },
          }),
    },
  ];
};
