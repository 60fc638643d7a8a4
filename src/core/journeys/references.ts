import type { Graph } from "./graph.ts";

/** What a graph refers to, as public ids without repeats. */
export type References = {
  readonly segments: readonly string[];
  readonly messages: readonly string[];
  readonly events: readonly string[];
};

/** Collects what the tiles of a graph refer to. What conditions refer to is the segments' own business. */
export function referencesOf(graph: Graph): References {
  const segments = new Set<string>();
  const messages = new Set<string>();
  const events = new Set<string>();
  for (const tile of graph.tiles) {
    if (tile.kind === "segment-start" && tile.segmentId) segments.add(tile.segmentId);
    if (tile.kind === "send" && tile.messageId) messages.add(tile.messageId);
    if (tile.kind !== "trigger") continue;
    const { happening } = tile;
    if (happening.kind === "registered") {
      if (happening.eventId) events.add(happening.eventId);
    } else if (happening.of?.kind === "message") messages.add(happening.of.messageId);
  }
  return { segments: [...segments], messages: [...messages], events: [...events] };
}
