import type { Finding } from "../kernel/finding.ts";
import type { TemplateIssue } from "../template/analyse.ts";
import type { Position, TemplateProblem } from "../template/syntax-tree.ts";
import type { ScanProblem } from "./scanned-html.ts";

/** A template problem as a finding that blocks. */
export function templateFinding(
  problem: Pick<TemplateProblem | TemplateIssue, "code" | "message" | "fix">,
  field: string,
  at: Position,
): Finding {
  return {
    code: `template.${problem.code}`,
    severity: "error",
    message: problem.message,
    why: reasons[problem.code],
    fix: problem.fix,
    where: { field, line: at.line, column: at.column },
  };
}

const reasons: { readonly [code in TemplateProblem["code"] | TemplateIssue["code"]]: string } = {
  syntax: "Personalisation that cannot be read would reach people as raw code.",
  "unknown-tag": "Personalisation that cannot be read would reach people as raw code.",
  "refused-tag": "A message must be complete in itself, so that what was checked is what is sent.",
  "reserved-name": "Overwriting it would change what the rest of the message says.",
  "too-deep": "Each message may cost only bounded work.",
  "unknown-filter": "The value would appear without the change you meant.",
  "filter-arguments": "The filter would not do what you meant.",
  "unknown-field": "The place would stay empty for everyone.",
  "loop-over-non-list": "The loop would never show anything.",
};

/** A value in a place where no escaping makes it safe. */
export function scanFinding(problem: ScanProblem, at: Position): Finding {
  const { message, fix } = explanations[problem.code];
  return {
    code: `html.${problem.code}`,
    severity: "error",
    message,
    why: "Data of a contact could change the structure of the message.",
    fix,
    where: { field: "html", line: at.line, column: at.column },
  };
}

const explanations: { readonly [code in ScanProblem["code"]]: { message: string; fix: string } } = {
  "value-in-tag": {
    message: "A value is put out in the middle of an HTML tag.",
    fix: "Put it into text or into an attribute in quotes.",
  },
  "value-unquoted": {
    message: "A value is put out in an attribute without quotes.",
    fix: "Put quotes around the attribute's value.",
  },
  "value-in-script": {
    message: "A value is put out in a script.",
    fix: "Remove the script: mail clients do not run it.",
  },
  "value-in-handler": {
    message: "A value is put out in an event handler.",
    fix: "Remove the attribute: mail clients do not run it.",
  },
  "value-in-strange-element": {
    message: "A value is put out inside <svg>, <math>, <select> or <frameset>.",
    fix: "Use text and images: hardly any mail client shows these elements.",
  },
  "branch-cuts-tag": {
    message: "The branches of a condition or loop end in different places of an HTML tag.",
    fix: "Close quotes and tags inside the branch that opens them.",
  },
};
