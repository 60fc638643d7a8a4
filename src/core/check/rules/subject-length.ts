import type { Rule } from "../rule.ts";

const advised = 60;

/** Phones show about 40 characters of a subject, desktops about 60. */
export const subjectLength: Rule = ({ source }) => {
  const length = [...source.subject.replace(/\{%[^%]*%\}/g, "").replace(/\{\{[^}]*\}\}/g, "………")].length;
  if (length <= advised) return [];
  return [
    {
      code: "subject.long",
      severity: "warning",
      message: `The subject has about ${length} characters.`,
      why: `Most inboxes cut it off behind ${advised}.`,
      fix: "Say the most important thing first, or shorten it.",
      where: { field: "subject" },
    },
  ];
};
