import type { Finding } from "../kernel/finding.ts";
import type { Graph } from "./graph.ts";
import { chosenRoute } from "./rules/chosen-route.ts";
import { deadReferences } from "./rules/dead-reference.ts";
import { endlessLoops } from "./rules/endless-loop.ts";
import { incompleteTiles } from "./rules/incomplete-tile.ts";
import { messagesNotReady } from "./rules/message-not-ready.ts";
import { openExits } from "./rules/open-exit.ts";
import { starts } from "./rules/start.ts";
import { strangeTimes } from "./rules/strange-time.ts";
import { unreachableTiles } from "./rules/unreachable-tile.ts";

/** What the check must know of things outside the graph. Keys are public ids; what is missing does not exist. */
export type JourneyFacts = {
  readonly now: Date;
  readonly segments: ReadonlyMap<string, { readonly name: string; readonly isArchived: boolean }>;
  /** `findings` are those of the message's own check in this journey's content settings. */
  readonly messages: ReadonlyMap<
    string,
    { readonly name: string; readonly isLive: boolean; readonly findings: readonly Finding[] }
  >;
  readonly events: ReadonlyMap<
    string,
    { readonly name: string; readonly isOpen: boolean; readonly endsAt: Date }
  >;
  /** Problems of `if` conditions by tile: unknown fields, operators that do not fit. */
  readonly conditionProblems: ReadonlyMap<string, readonly string[]>;
  /** False: the chosen content settings do not exist, or there is no default. */
  readonly hasContentSettings: boolean;
  /** What its mail leaves by: whichever route the weights say, the chosen one, or the test mailbox by choice. */
  readonly route: "by-weights" | "chosen" | "mailbox" | "missing";
};

/** Add a rule: write it in `rules/`, test it beside itself, list it here. */
const rules: readonly ((graph: Graph, facts: JourneyFacts) => Finding[])[] = [
  starts,
  openExits,
  unreachableTiles,
  endlessLoops,
  incompleteTiles,
  strangeTimes,
  messagesNotReady,
  deadReferences,
  chosenRoute,
];

/** All that is wrong with a journey, or worth knowing, before it goes live. */
export function checkGraph(graph: Graph, facts: JourneyFacts): Finding[] {
  return rules.flatMap((rule) => rule(graph, facts));
}
