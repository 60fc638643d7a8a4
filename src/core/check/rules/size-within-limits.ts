import { utf8Length } from "../../mime/utf8.ts";
import type { Rule } from "../rule.ts";

const refusedFrom = 128 * 1024;
const warnedFrom = 100 * 1024;

/** Gmail cuts messages off at about 102 KB of HTML; beyond 128 KB we do not send. */
export const sizeWithinLimits: Rule = ({ source }) => {
  const size = utf8Length(source.html);
  if (size <= warnedFrom) return [];
  const shown = `${Math.round(size / 1024)} KB`;
  const isRefused = size > refusedFrom;
  return [
    {
      code: isRefused ? "size.too-large" : "size.large",
      severity: isRefused ? "error" : "warning",
      message: isRefused ? `The HTML has ${shown}; 128 KB is the limit.` : `The HTML has ${shown}.`,
      why: "Gmail cuts a message off at about 102 KB: what comes later, such as the way to unsubscribe, is not shown.",
      fix: "Shorten it, or remove styles and comments that are not needed.",
      where: { field: "html" },
    },
  ];
};
