import type { Finding } from "../kernel/finding.ts";
import type { MessageFacts } from "./facts.ts";
import type { MessageView } from "./message-view.ts";

/** One thing that is checked: pure, and independent of all others. */
export type Rule = (facts: MessageFacts, view: MessageView) => readonly Finding[];
