import { counted } from "../message-view.ts";
import type { Rule } from "../rule.ts";

/** A message has a subject, and has one for every contact. */
export const subjectPresent: Rule = ({ source, emptySubjectCount }) => {
  const where = { field: "subject" };
  if (source.subject.trim() === "") {
    return [
      {
        code: "subject.missing",
        severity: "error",
        message: "The subject is empty.",
        why: "Mail without a subject is taken for spam and seldom opened.",
        fix: "Write a subject.",
        where,
      },
    ];
  }
  if (emptySubjectCount === 0) return [];
  return [
    {
      code: "subject.empty-for-some",
      severity: "error",
      message: `The subject comes out empty for ${counted(emptySubjectCount, "contact", "contacts")}.`,
      why: "Their message could not be sent.",
      fix: 'Give the fields in it a default, such as {{ contact.first_name | default: "Hello" }}.',
      where,
    },
  ];
};
