import { Graph as LayoutGraph, layout } from "@dagrejs/dagre";
import {
  allInTravelOrder,
  exitsOf,
  type Graph,
  inTravelOrder,
  type Tile,
  targetOf,
} from "#core/journeys/graph.ts";

/** The room a tile takes on the canvas, in pixels at zoom 1. */
export const tileSize = { width: 220, height: 104 } as const;

/** Places all tiles from top to bottom so that ways do not cross more than needed; whole pixels. */
export function layOut(graph: Graph): ReadonlyMap<string, Tile["position"]> {
  const plan = new LayoutGraph();
  plan.setGraph({ rankdir: "TB", nodesep: 40, ranksep: 56 });
  plan.setDefaultEdgeLabel(() => ({}));
  for (const { id } of allInTravelOrder(graph)) plan.setNode(id, { ...tileSize });
  // Usual exits last: dagre then puts them on the left where it can.
  for (const { id, kind } of inTravelOrder(graph))
    for (const exit of exitsOf(kind).toReversed()) {
      const to = targetOf(graph, id, exit);
      if (to) plan.setEdge(id, to);
    }
  layout(plan);
  return new Map(
    graph.tiles.map(({ id, position }) => {
      const { x, y } = plan.node(id);
      if (x === undefined || y === undefined) return [id, position];
      return [id, { x: Math.round(x - tileSize.width / 2), y: Math.round(y - tileSize.height / 2) }];
    }),
  );
}
