import { utf8Length } from "../../mime/utf8.ts";
import type { Rule } from "../rule.ts";

/** [D114] A message that is larger than what any route takes would be refused to everybody. Counted without what encoding adds. */
export const sizeWithinRoutes: Rule = ({ source, largestMessage }) => {
  if (largestMessage === null) return [];
  const size = utf8Length(source.html) + utf8Length(source.text ?? "");
  if (size <= largestMessage) return [];
  const shown = (bytes: number) => `${Math.max(1, Math.round(bytes / 1024))} KB`;
  return [
    {
      code: "size.above-routes",
      severity: "error",
      message: `The message has at least ${shown(size)}; the routes take ${shown(largestMessage)} at most.`,
      why: "Every recipient would be refused before anything is sent.",
      fix: "Shorten the message, or add a route whose server takes larger ones.",
      where: { field: "html" },
    },
  ];
};
