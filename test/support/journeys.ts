import { type Edge, edgeSchema, type Graph, type Tile, type TileKind } from "#core/journeys/graph.ts";

type TileOf<Kind extends TileKind> = Omit<Extract<Tile, { kind: Kind }>, "id" | "label" | "position">;
export type TileInWords = { [Kind in TileKind]: TileOf<Kind> }[TileKind];

/** Builds a graph in words: tiles by id, and edges as "from exit to". */
export function aGraph(tiles: Readonly<Record<string, TileInWords>>, edges: readonly string[]): Graph {
  return {
    tiles: Object.entries(tiles).map(([id, tile], index) => ({
      ...tile,
      id,
      label: "",
      position: { x: 0, y: index * 130 },
    })),
    edges: edges.map(anEdge),
  };
}

function anEdge(words: string): Edge {
  const [from, exit, to] = words.split(" ");
  return edgeSchema.parse({ from, exit, to });
}
