import {
  type Edge,
  type Exit,
  exitsOf,
  findTile,
  type Graph,
  type Tile,
  type TileKind,
  targetOf,
} from "./graph.ts";

/** Room between tiles that are placed without being dragged, in pixels. */
export const gap = { x: 260, y: 160 };

/** A position on the canvas. */
export type Point = Tile["position"];

/** An id that no tile of the graph has. */
export function nextTileId(graph: Graph): string {
  const numbers = graph.tiles.map(({ id }) => Number(/^t([0-9]+)$/.exec(id)?.[1] ?? 0));
  return `t${Math.max(0, ...numbers) + 1}`;
}

/** A new tile with everything still to be chosen. */
export function newTile(kind: TileKind, id: string, position: Point): Tile {
  const common = { id, label: "", position };
  switch (kind) {
    case "segment-start":
      return { ...common, kind, segmentId: null, joinLater: false };
    case "send":
      return { ...common, kind, messageId: null };
    case "wait":
      return { ...common, kind, until: { kind: "duration", duration: { amount: 1, unit: "days" } } };
    case "trigger":
      return {
        ...common,
        kind,
        happening: { kind: "registered", eventId: null },
        timeout: { amount: 7, unit: "days" },
      };
    case "if":
      return { ...common, kind, condition: null };
    case "end":
      return { ...common, kind };
  }
}

/** What a journey begins with: a start and an end. */
export function newGraph(): Graph {
  return {
    tiles: [newTile("segment-start", "t1", { x: 0, y: 0 }), newTile("end", "t2", { x: 0, y: gap.y })],
    edges: [{ from: "t1", exit: "next", to: "t2" }],
  };
}

/** Adds a tile that is connected to nothing yet. */
export function addTile(graph: Graph, tile: Tile): Graph {
  return { ...graph, tiles: [...graph.tiles, tile] };
}

/**
 * Puts a tile behind an exit. What was there before comes behind the new tile's usual exit; an end tile, having no
 * way out, cuts it off. Tiles further down move down to make room.
 */
export function addAfter(graph: Graph, from: string, exit: Exit, tile: Tile): Graph {
  const behind = targetOf(graph, from, exit);
  const onward = exitsOf(tile.kind)[0];
  const shifted =
    behind === undefined || onward === undefined ? graph.tiles : moveDown(graph, tile.position.y);
  return {
    tiles: [...shifted, tile],
    edges: [
      ...graph.edges.filter((edge) => edge.from !== from || edge.exit !== exit),
      { from, exit, to: tile.id },
      ...(behind !== undefined && onward !== undefined ? [{ from: tile.id, exit: onward, to: behind }] : []),
    ],
  };
}

function moveDown(graph: Graph, fromY: number): Tile[] {
  return graph.tiles.map((tile) =>
    tile.position.y >= fromY - gap.y / 2
      ? { ...tile, position: { x: tile.position.x, y: tile.position.y + gap.y } }
      : tile,
  );
}

/** Where a tile added behind an exit goes: below its tile, each further exit one column to the right. */
export function placeAfter(graph: Graph, from: string, exit: Exit): Point {
  const tile = findTile(graph, from);
  if (!tile) return { x: 0, y: 0 };
  const column = Math.max(0, exitsOf(tile.kind).indexOf(exit));
  return { x: tile.position.x + column * gap.x, y: tile.position.y + gap.y };
}

/** Deletes a tile. What led to it now leads to what came behind its usual exit, so that the way stays whole. */
export function removeTile(graph: Graph, id: string): Graph {
  const tile = findTile(graph, id);
  const usual = tile && exitsOf(tile.kind)[0];
  const behind = usual && targetOf(graph, id, usual);
  const edges = graph.edges.flatMap((edge) => {
    if (edge.from === id) return [];
    if (edge.to !== id) return [edge];
    return behind === undefined || behind === id || behind === edge.from ? [] : [{ ...edge, to: behind }];
  });
  return { tiles: graph.tiles.filter((each) => each.id !== id), edges };
}

/** Leads an exit to a tile, away from where it led before. Nothing changes if the exit or the tile is not there. */
export function connect(graph: Graph, from: string, exit: Exit, to: string): Graph {
  const source = findTile(graph, from);
  const target = findTile(graph, to);
  if (!source || !target || from === to || target.kind === "segment-start") return graph;
  if (!exitsOf(source.kind).includes(exit)) return graph;
  const others = graph.edges.filter((edge) => edge.from !== from || edge.exit !== exit);
  return { ...graph, edges: [...others, { from, exit, to }] };
}

/** Takes a connection away. */
export function disconnect(graph: Graph, { from, exit }: Pick<Edge, "from" | "exit">): Graph {
  return { ...graph, edges: graph.edges.filter((edge) => edge.from !== from || edge.exit !== exit) };
}

/** Puts tiles elsewhere. */
export function moveTiles(graph: Graph, positions: ReadonlyMap<string, Point>): Graph {
  return {
    ...graph,
    tiles: graph.tiles.map((tile) => ({ ...tile, position: positions.get(tile.id) ?? tile.position })),
  };
}

/** Replaces a tile by a changed one with the same id and kind. */
export function changeTile(graph: Graph, changed: Tile): Graph {
  return { ...graph, tiles: graph.tiles.map((tile) => (tile.id === changed.id ? changed : tile)) };
}

/** Copies tiles beside themselves, with the connections among them. A start is not copied: there is only one. */
export function duplicateTiles(
  graph: Graph,
  ids: readonly string[],
): { graph: Graph; copies: readonly string[] } {
  const originals = graph.tiles.filter((tile) => ids.includes(tile.id) && tile.kind !== "segment-start");
  const names = new Map<string, string>();
  let tiles = graph.tiles;
  for (const original of originals) {
    const id = nextTileId({ tiles, edges: [] });
    names.set(original.id, id);
    const position = { x: original.position.x + gap.x, y: original.position.y };
    tiles = [...tiles, { ...original, id, position }];
  }
  const edges = graph.edges.flatMap(({ from, exit, to }) => {
    const copied = { from: names.get(from), exit, to: names.get(to) };
    return copied.from && copied.to ? [{ from: copied.from, exit, to: copied.to }] : [];
  });
  return { graph: { tiles, edges: [...graph.edges, ...edges] }, copies: [...names.values()] };
}
