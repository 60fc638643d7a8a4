import { textFromHtml } from "../../messages/text-from-html.ts";
import type { Rule } from "../rule.ts";

/** Inboxes show the preheader beside the subject; without one they show whatever the message starts with. */
export const preheaderPresent: Rule = ({ source }) => {
  if (source.preheader.trim() !== "") return [];
  const suggestion = firstWords(source.html);
  return [
    {
      code: "preheader.missing",
      severity: "warning",
      message: "There is no preheader.",
      why: "The inbox shows the first words of the message beside the subject instead, often “View in browser”.",
      fix: "Write one sentence that makes people curious.",
      where: { field: "preheader" },
      ...(suggestion === ""
        ? {}
        : {
            repair: {
              label: "Take the first words of the message",
              field: "preheader",
              from: 0,
              to: source.preheader.length,
              insert: suggestion,
            },
          }),
    },
  ];
};

/** The first sentences of the message without its template code, as far as about 90 characters go. */
function firstWords(html: string): string {
  const words = textFromHtml(html.replace(/\{\{[\s\S]*?\}\}|\{%[\s\S]*?%\}/g, " "))
    .replace(/\(https?:[^)]*\)/g, " ")
    .replace(/\s+([,.!?;:])/g, "$1")
    .split(/\s+/)
    .filter((word) => word !== "");
  let text = "";
  for (const word of words) {
    if (text.length + word.length > 90) break;
    text += text === "" ? word : ` ${word}`;
  }
  return text;
}
