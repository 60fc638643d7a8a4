import type { Rule } from "../rule.ts";

const fields = {
  subject: "subject",
  fromName: "sender's name",
  fromAddress: "sender's address",
  replyTo: "reply address",
};

/** No line breaks or control characters where a header is written (RFC 5322, 2.2): they could start another header. */
export const headersOnOneLine: Rule = ({ source }) =>
  (["subject", "fromName", "fromAddress", "replyTo"] as const).flatMap((field) => {
    const text = source[field];
    const clean = text.replace(/[\p{Cc}\u2028\u2029]+/gu, " ");
    if (clean === text) return [];
    return [
      {
        code: "header.line-break",
        severity: "error" as const,
        message: `The ${fields[field]} has a line break or a control character in it.`,
        why: "It would end the header there, and what follows could be read as another one.",
        fix: "Write it on one line.",
        where: { field },
        repair: {
          label: "Put it on one line",
          field,
          from: 0,
          to: text.length,
          insert: clean.trim(),
        },
      },
    ];
  });
