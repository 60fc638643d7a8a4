import type { Rule } from "../rule.ts";

/** There is something to read without HTML, on watches, in screen readers and for spam filters. */
export const textPartPresent: Rule = ({ source }, view) => {
  const words = view.text.replace(/\{\{[\s\S]*?\}\}|\{%[\s\S]*?%\}/g, " ").trim();
  if (words !== "") return [];
  return [
    {
      code: "text.missing",
      severity: "warning",
      message:
        source.text === null ? "The HTML has no words to make a text part of." : "The text part is empty.",
      why: "Readers without HTML see nothing, and spam filters distrust mail without text.",
      fix:
        source.text === null
          ? "Add text, or alternative text to the images."
          : "Write it, or let it be made from the HTML.",
      where: { field: "text" },
    },
  ];
};
