import type { Finding } from "../../kernel/finding.ts";
import { type Graph, reachableFrom } from "../graph.ts";

/** [J42] Every tile can be reached from the start. */
export function unreachableTiles(graph: Graph): Finding[] {
  const starts = graph.tiles.filter(({ kind }) => kind === "segment-start").map(({ id }) => id);
  if (starts.length === 0) return [];
  const reachable = reachableFrom(graph, starts);
  return graph.tiles
    .filter(({ id }) => !reachable.has(id))
    .map(({ id }) => ({
      code: "journey.tile-unreachable",
      severity: "error",
      message: "Nothing leads to this tile.",
      why: "No contact would ever come here.",
      fix: "Connect it to the tile before it, or delete it.",
      where: { field: "journey", nodeId: id },
    }));
}
