import type { Rule } from "../rule.ts";

/** What the compiler refuses: syntax, unknown fields and filters, loops over what is no list, values in unsafe places. */
export const templateReadable: Rule = ({ analysis }) => analysis.findings;
