import { expect, test } from "vitest";
import { moveTiles } from "#core/journeys/edit-graph.ts";
import type { Graph } from "#core/journeys/graph.ts";
import { startingPoints } from "#core/journeys/starting-points.ts";
import { aGraph } from "#test/journeys.ts";
import { layOut, tileSize } from "./lay-out.ts";
import { pathAlong, routeAround } from "./route-around.ts";

const start = { kind: "segment-start", segmentId: null, joinLater: false } as const;
const send = { kind: "send", messageId: null } as const;
const wait = { kind: "wait", until: { kind: "duration", duration: { amount: 1, unit: "days" } } } as const;
const fork = { kind: "if", condition: null } as const;
const end = { kind: "end" } as const;

const laidOut = (graph: Graph) => moveTiles(graph, layOut(graph));

test.each(startingPoints)("every way of $name is free once it is tidied up", ({ graph }) => {
  const tidy = laidOut(graph);
  for (const edge of tidy.edges) expect(routeAround(tidy, edge)).toBeUndefined();
});

test("a way that skips tiles passes beside all of them", () => {
  const graph = laidOut(
    aGraph({ start, fork, one: send, two: send, end }, [
      "start next fork",
      "fork yes one",
      "fork no end",
      "one next two",
      "two next end",
    ]),
  );
  const x = routeAround(graph, { from: "fork", exit: "no", to: "end" }) ?? Number.NaN;
  for (const { id, position } of graph.tiles)
    if (id === "one" || id === "two") expect(x > position.x + tileSize.width || x < position.x).toBe(true);
});

test("a way back up passes beside the tiles of its loop", () => {
  const graph = laidOut(
    aGraph({ start, one: send, wait }, ["start next one", "one next wait", "wait next one"]),
  );
  const x = routeAround(graph, { from: "wait", exit: "next", to: "one" }) ?? Number.NaN;
  for (const { position } of graph.tiles)
    expect(x > position.x + tileSize.width || x < position.x).toBe(true);
});

test("a way beside tiles begins at the exit and ends at the tile", () => {
  const path = pathAlong({ x: 0, y: 0 }, { x: 50, y: 300 }, 200);
  expect(path.startsWith("M 0,0 ")).toBe(true);
  expect(path.endsWith(" L 50,300")).toBe(true);
});

test("tiles that lie upon each other still have a way", () => {
  const graph = aGraph({ start, one: send, end }, ["start next one", "one next end"]);
  const heap = moveTiles(graph, new Map(graph.tiles.map(({ id }) => [id, { x: 0, y: 0 }])));
  for (const edge of heap.edges) {
    const x = routeAround(heap, edge);
    expect(x === undefined || Number.isFinite(x)).toBe(true);
  }
});
