import type { Finding } from "../../kernel/finding.ts";
import type { JourneyFacts } from "../check-graph.ts";
import { findTile, type Graph, reachableFrom, type Tile } from "../graph.ts";

/** [J44] Nothing is left to be chosen, and what is chosen makes sense. */
export function incompleteTiles(graph: Graph, facts: JourneyFacts): Finding[] {
  return graph.tiles.flatMap((tile) => [
    ...missingChoice(tile),
    ...wrongSource(graph, tile),
    ...(facts.conditionProblems.get(tile.id) ?? []).map((problem) => badCondition(tile.id, problem)),
  ]);
}

const choices = {
  segment: ["No segment is chosen.", "The start needs to know who enters.", "Choose a segment."],
  message: ["No message is chosen.", "The tile has nothing to send.", "Choose a live message."],
  event: [
    "No event is chosen.",
    "The trigger does not know which registration to wait for.",
    "Choose an event.",
  ],
  source: [
    "No message is chosen.",
    "The trigger does not know which message to watch.",
    "Choose a send tile or a message.",
  ],
  condition: ["No condition is set.", "The tile cannot tell contacts apart.", "Set a condition."],
  date: ["No date is set.", "The wait would have no end.", "Set the date and time."],
  expiry: [
    "No date is set after which it is not sent any more.",
    "The tile does not know when it is too late.",
    "Set the date and time, or let it be sent whenever its time comes.",
  ],
} as const;

function missingChoice(tile: Tile): Finding[] {
  const missing = missingIn(tile);
  if (!missing) return [];
  const [message, why, fix] = choices[missing];
  return [finding("journey.tile-incomplete", tile.id, message, why, fix)];
}

function missingIn(tile: Tile): keyof typeof choices | undefined {
  switch (tile.kind) {
    case "segment-start":
      return tile.segmentId ? undefined : "segment";
    case "send":
      if (!tile.messageId) return "message";
      return tile.expires?.kind === "date-time" && !tile.expires.at ? "expiry" : undefined;
    case "if":
      return tile.condition ? undefined : "condition";
    case "wait":
      return tile.until.kind === "date-time" && !tile.until.at ? "date" : undefined;
    case "trigger":
      if (tile.happening.kind === "registered") return tile.happening.eventId ? undefined : "event";
      return tile.happening.of ? undefined : "source";
    case "end":
      return undefined;
  }
}

/** A trigger that watches a tile's message needs that tile to be a send tile on the way to it. */
function wrongSource(graph: Graph, tile: Tile): Finding[] {
  if (tile.kind !== "trigger" || tile.happening.kind === "registered") return [];
  const source = tile.happening.of;
  if (source?.kind !== "tile") return [];
  const sender = findTile(graph, source.tileId);
  if (sender?.kind === "send" && reachableFrom(graph, [sender.id]).has(tile.id)) return [];
  return [
    finding(
      "journey.source-not-before",
      tile.id,
      sender?.kind === "send"
        ? "The message that this trigger watches is not sent before it."
        : "The send tile that this trigger watches is not there any more.",
      "It would wait for something that cannot happen, so everyone would time out.",
      "Choose a send tile that comes before the trigger.",
    ),
  ];
}

function badCondition(nodeId: string, problem: string): Finding {
  return finding(
    "journey.condition-invalid",
    nodeId,
    problem,
    "The condition cannot be evaluated as it stands.",
    "Correct the condition.",
  );
}

function finding(code: string, nodeId: string, message: string, why: string, fix: string): Finding {
  return { code, severity: "error", message, why, fix, where: { field: "journey", nodeId } };
}
