import { Graph as LayoutGraph, layout } from "@dagrejs/dagre";
import type { Graph, Tile } from "#core/journeys/graph.ts";

/** The room a tile takes on the canvas, in pixels at zoom 1. */
export const tileSize = { width: 220, height: 88 } as const;

/** Places all tiles from top to bottom so that ways do not cross more than needed; whole pixels. */
export function layOut(graph: Graph): ReadonlyMap<string, Tile["position"]> {
  const plan = new LayoutGraph();
  plan.setGraph({ rankdir: "TB", nodesep: 40, ranksep: 60 });
  plan.setDefaultEdgeLabel(() => ({}));
  for (const { id } of graph.tiles) plan.setNode(id, { ...tileSize });
  for (const { from, to } of graph.edges) plan.setEdge(from, to);
  layout(plan);
  return new Map(
    graph.tiles.map(({ id, position }) => {
      const { x, y } = plan.node(id);
      if (x === undefined || y === undefined) return [id, position];
      return [id, { x: Math.round(x - tileSize.width / 2), y: Math.round(y - tileSize.height / 2) }];
    }),
  );
}
