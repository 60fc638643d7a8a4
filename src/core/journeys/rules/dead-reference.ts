import type { Finding } from "../../kernel/finding.ts";
import type { JourneyFacts } from "../check-graph.ts";
import type { Graph, Tile } from "../graph.ts";

/** [J47] Segments, events and content settings that the journey names are there and in use. */
export function deadReferences(graph: Graph, facts: JourneyFacts): Finding[] {
  const findings = graph.tiles.flatMap((tile) => deadIn(tile, facts));
  if (facts.hasContentSettings) return findings;
  return [
    ...findings,
    {
      code: "journey.content-settings-missing",
      severity: "error",
      message: "The journey has no content settings.",
      why: "Messages take the postal address, the sender and the subscription centre from them.",
      fix: "Choose content settings in the settings of the journey.",
      where: { field: "settings" },
    },
  ];
}

function deadIn(tile: Tile, facts: JourneyFacts): Finding[] {
  const finding = (
    severity: "error" | "warning",
    code: string,
    texts: readonly [string, string, string],
  ): Finding => ({
    code,
    severity,
    message: texts[0],
    why: texts[1],
    fix: texts[2],
    where: { field: "journey", nodeId: tile.id },
  });
  if (tile.kind === "segment-start" && tile.segmentId) {
    const segment = facts.segments.get(tile.segmentId);
    if (segment && !segment.isArchived) return [];
    const what = segment
      ? `The segment “${segment.name}” is archived.`
      : "The segment does not exist any more.";
    return [
      finding("error", "journey.segment-missing", [what, "Nobody could enter.", "Choose another segment."]),
    ];
  }
  if (tile.kind !== "trigger") return [];
  if (tile.happening.kind === "registered" && tile.happening.eventId) {
    const event = facts.events.get(tile.happening.eventId);
    const why = "Nobody can register, so everyone would time out.";
    if (!event)
      return [
        finding("error", "journey.event-missing", [
          "The event does not exist any more.",
          why,
          "Choose another event.",
        ]),
      ];
    if (!event.isOpen || event.endsAt <= facts.now)
      return [
        finding("warning", "journey.event-not-open", [
          `Registration for “${event.name}” is not open.`,
          why,
          "Open the event, or choose another.",
        ]),
      ];
    return [];
  }
  if (tile.happening.kind === "registered" || tile.happening.of?.kind !== "message") return [];
  if (facts.messages.has(tile.happening.of.messageId)) return [];
  return [
    finding("error", "journey.message-missing", [
      "The message does not exist any more.",
      "The trigger waits for something that cannot happen.",
      "Choose another message.",
    ]),
  ];
}
