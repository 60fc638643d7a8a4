import type { Finding } from "../../kernel/finding.ts";
import type { Graph } from "../graph.ts";

/** [J40] A journey has exactly one start, and nothing leads back into it. */
export function starts(graph: Graph): Finding[] {
  const found = graph.tiles.filter(({ kind }) => kind === "segment-start");
  const findings: Finding[] = [];
  if (found.length === 0)
    findings.push({
      code: "journey.no-start",
      severity: "error",
      message: "The journey has no start.",
      why: "Without one, nobody can enter.",
      fix: "Add a start tile and choose a segment for it.",
      where: { field: "journey" },
    });
  for (const extra of found.slice(1))
    findings.push({
      code: "journey.several-starts",
      severity: "error",
      message: "The journey has more than one start.",
      why: "Contacts would not know which way to take.",
      fix: "Keep one start; a segment can join several others.",
      where: { field: "journey", nodeId: extra.id },
    });
  for (const { id } of found)
    if (graph.edges.some(({ to }) => to === id))
      findings.push({
        code: "journey.start-not-first",
        severity: "error",
        message: "Another tile leads into the start.",
        why: "The start is where contacts enter, so nothing can come before it.",
        fix: "Connect that tile to the one behind the start.",
        where: { field: "journey", nodeId: id },
      });
  return findings;
}
