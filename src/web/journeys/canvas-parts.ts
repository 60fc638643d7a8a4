import type { z } from "zod";
import type { Finding } from "#contract/messages.ts";
import { describeTile, type Names, nameOfKind, type ShowTime } from "#core/journeys/describe.ts";
import { type Exit, exitsOf, type Graph, type TileKind, targetOf } from "#core/journeys/graph.ts";
import type { ExitEdgeType } from "./ExitEdge.tsx";
import { routeAround } from "./route-around.ts";
import type { TileNodeType } from "./TileNode.tsx";
import type { TileNumbers } from "./useNumbers.ts";

export type Found = z.output<typeof Finding>;

/** What the canvas shows, apart from what is selected and dragged just now. */
export type Shown = {
  readonly graph: Graph;
  readonly names: Names;
  readonly showTime: ShowTime;
  readonly findings: readonly Found[];
  readonly numbersOf: (tileId: string) => TileNumbers | undefined;
  readonly isReadOnly: boolean;
  readonly onAddAfter: (from: string, exit: Exit, kind: TileKind) => void;
};

/** The worst that was found at a tile. */
export function problemAt(findings: readonly Found[], tileId: string): "error" | "warning" | null {
  const here = findings.filter(({ where }) => where.nodeId === tileId);
  if (here.some(({ severity }) => severity === "error")) return "error";
  return here.length > 0 ? "warning" : null;
}

/** The tiles as the canvas draws them. */
export function nodesOf(shown: Shown): TileNodeType[] {
  const { graph, names, showTime, findings, numbersOf, isReadOnly, onAddAfter } = shown;
  return graph.tiles.map((tile) => {
    const words = describeTile(tile, names, showTime);
    const problem = problemAt(findings, tile.id);
    return {
      id: tile.id,
      type: "tile",
      position: tile.position,
      ariaLabel: `${nameOfKind(tile.kind)}: ${tile.label || words}${problem === "error" ? ", has a problem" : ""}`,
      deletable: !isReadOnly && tile.kind !== "segment-start",
      data: {
        tile,
        words,
        problem,
        numbers: numbersOf(tile.id),
        openExits: exitsOf(tile.kind).filter((exit) => targetOf(graph, tile.id, exit) === undefined),
        isReadOnly,
        onAddAfter: (exit, kind) => onAddAfter(tile.id, exit, kind),
      },
    };
  });
}

/** The name of an edge: a tile has one per exit. */
export const edgeId = (from: string, exit: Exit) => `${from}:${exit}`;

/** The ways as the canvas draws them. */
export function edgesOf({
  graph,
  names,
  showTime,
  numbersOf,
  isReadOnly,
  onAddAfter,
}: Shown): ExitEdgeType[] {
  return graph.edges.flatMap(({ from, exit, to }) => {
    const tile = graph.tiles.find(({ id }) => id === from);
    if (!tile) return [];
    const numbers = numbersOf(from);
    const fromWords = tile.label || describeTile(tile, names, showTime);
    return {
      id: edgeId(from, exit),
      type: "exit" as const,
      source: from,
      sourceHandle: exit,
      target: to,
      deletable: !isReadOnly,
      ariaLabel: `From ${fromWords} by ${exit}`,
      data: {
        exit,
        fromWords,
        hasSeveral: exitsOf(tile.kind).length > 1,
        passed: numbers && numbers.arrived > 0 ? (numbers.passed[exit] ?? 0) : undefined,
        isReadOnly,
        via: routeAround(graph, { from, exit, to }),
        onInsert: (kind) => onAddAfter(from, exit, kind),
      },
    };
  });
}
