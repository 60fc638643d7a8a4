import { counted } from "../message-view.ts";
import type { Rule } from "../rule.ts";

const noticed = 0.05;

/** Fields without a default that are empty for more than a few. */
export const fieldsFilled: Rule = ({ fieldGaps, analysis }, view) =>
  fieldGaps
    .filter(({ emptyCount, total }) => emptyCount > 0 && emptyCount >= total * noticed)
    .map(({ path, emptyCount, total }) => {
      const use = analysis.uses.find((candidate) => `${candidate.root}.${candidate.keys[0]}` === path);
      return {
        code: "field.often-empty",
        severity: "warning" as const,
        message: `${path} is empty for ${counted(emptyCount, "contact", "contacts")} of ${total.toLocaleString("en")}.`,
        why: "They would read a sentence with a gap in it.",
        fix: `Give it a default, such as {{ ${path} | default: "friend" }}.`,
        where: use?.field === "html" ? view.placeInHtml(use.offset) : { field: use?.field ?? "html" },
      };
    });
