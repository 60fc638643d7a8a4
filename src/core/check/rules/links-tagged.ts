import { problemsOfTags } from "../../messages/link-tags.ts";
import type { Rule } from "../rule.ts";

/** The message's own link tags can be written out: their texts name only the journey and the message. */
export const linksTagged: Rule = ({ source }) =>
  (source.linkTags ? problemsOfTags(source.linkTags) : []).map(({ path, message }) => ({
    code: "link.tag-wrong",
    severity: "error" as const,
    message: `The link tag “${path}” cannot be used: ${message}`,
    why: "Links would be led on without it.",
    fix: "Correct it in the settings of the message. Texts can name {{ journey.name }} and {{ message.name }}.",
    where: { field: "linkTags" },
  }));
