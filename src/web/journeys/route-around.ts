import { type Edge, exitsOf, findTile, type Graph, type Tile } from "#core/journeys/graph.ts";
import { tileSize } from "./lay-out.ts";

type Point = Tile["position"];
type Box = { readonly left: number; readonly right: number; readonly top: number; readonly bottom: number };

const room = 28;

/**
 * The x along which a way has to go so that it passes beside tiles instead of behind them: ways that skip tiles, and
 * ways that lead back up. Undefined where the straight way is free.
 */
export function routeAround(graph: Graph, edge: Edge): number | undefined {
  const source = findTile(graph, edge.from);
  const target = findTile(graph, edge.to);
  if (!source || !target) return undefined;
  const from = exitPoint(source, edge);
  const to = { x: target.position.x + tileSize.width / 2, y: target.position.y };
  const boxes = graph.tiles.filter(({ id }) => id !== source.id && id !== target.id).map(boxOf);
  const isUpwards = to.y < from.y + room;
  if (!isUpwards && !straightWay(from, to).some((line) => boxes.some((box) => meets(line, box))))
    return undefined;
  const [high, low] = isUpwards ? [to.y, from.y] : [from.y, to.y];
  const beside = [...boxes, ...(isUpwards ? [boxOf(source), boxOf(target)] : [])].filter(
    ({ top, bottom }) => bottom > high && top < low,
  );
  if (beside.length === 0) return undefined;
  const right = Math.max(...beside.map((box) => box.right)) + room;
  const left = Math.min(...beside.map((box) => box.left)) - room;
  return Math.abs(right - from.x) <= Math.abs(from.x - left) ? right : left;
}

/** A way in right angles with round corners: out of the exit, along `x`, into the tile from above. */
export function pathAlong(from: Point, to: Point, x: number): string {
  const corners = [
    { x: from.x, y: from.y + room / 2 },
    { x, y: from.y + room / 2 },
    { x, y: to.y - room },
    { x: to.x, y: to.y - room },
  ];
  const lines = corners.map((corner, place) => {
    const before = towards(corner, corners[place - 1] ?? from);
    const after = towards(corner, corners[place + 1] ?? to);
    return `L ${before.x},${before.y} Q ${corner.x},${corner.y} ${after.x},${after.y}`;
  });
  return `M ${from.x},${from.y} ${lines.join(" ")} L ${to.x},${to.y}`;
}

/** A point at most eight pixels from a corner on the way to its neighbour. */
function towards(corner: Point, neighbour: Point): Point {
  const length = Math.hypot(neighbour.x - corner.x, neighbour.y - corner.y);
  const share = length === 0 ? 0 : Math.min(8, length / 2) / length;
  return { x: corner.x + (neighbour.x - corner.x) * share, y: corner.y + (neighbour.y - corner.y) * share };
}

function exitPoint({ kind, position }: Tile, { exit }: Edge): Point {
  const exits = exitsOf(kind);
  const share = (exits.indexOf(exit) + 1) / (exits.length + 1);
  return { x: position.x + tileSize.width * share, y: position.y + tileSize.height };
}

function boxOf({ position: { x, y } }: Tile): Box {
  return { left: x, right: x + tileSize.width, top: y, bottom: y + tileSize.height };
}

/** Down, across halfway, down. */
function straightWay(from: Point, to: Point): Box[] {
  const middle = (from.y + to.y) / 2;
  return [
    { left: from.x, right: from.x, top: from.y, bottom: middle },
    { left: Math.min(from.x, to.x), right: Math.max(from.x, to.x), top: middle, bottom: middle },
    { left: to.x, right: to.x, top: middle, bottom: to.y },
  ];
}

function meets(line: Box, box: Box): boolean {
  return line.left < box.right && line.right > box.left && line.top < box.bottom && line.bottom > box.top;
}
