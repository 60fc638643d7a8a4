import type { Finding } from "../../kernel/finding.ts";
import { type Edge, findTile, type Graph, secondsOf } from "../graph.ts";

/**
 * [J43] Every loop takes time. Only leaving a wait with a duration and running into a trigger's time-out surely does:
 * a date may have passed, and what a trigger waits for may already have happened.
 */
export function endlessLoops(graph: Graph): Finding[] {
  const instant = graph.edges.filter((edge) => !takesTime(graph, edge));
  return graph.tiles
    .filter(({ id }) => comesBackTo(id, instant))
    .map(({ id }) => ({
      code: "journey.loop-without-wait",
      severity: "error",
      message: "Contacts can come back to this tile without any wait.",
      why: "They would go round forever and, with a send tile in the loop, get the same message again and again.",
      fix: "Put a wait with a duration into the loop, or lead one way out of it.",
      where: { field: "journey", nodeId: id },
    }));
}

function takesTime(graph: Graph, edge: Edge): boolean {
  const from = findTile(graph, edge.from);
  if (from?.kind === "wait") return from.until.kind === "duration" && secondsOf(from.until.duration) > 0;
  return from?.kind === "trigger" && edge.exit === "timeout" && secondsOf(from.timeout) > 0;
}

function comesBackTo(id: string, edges: readonly Edge[]): boolean {
  const open = edges.filter(({ from }) => from === id).map(({ to }) => to);
  const seen = new Set(open);
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (at === id) return true;
    for (const { from, to } of edges) {
      if (from !== at || seen.has(to)) continue;
      seen.add(to);
      open.push(to);
    }
  }
  return false;
}
