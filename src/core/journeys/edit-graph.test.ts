import { describe, expect, test } from "vitest";
import { aGraph } from "#test/journeys.ts";
import { checkGraph } from "./check-graph.ts";
import {
  addAfter,
  connect,
  disconnect,
  duplicateTiles,
  newGraph,
  newTile,
  nextTileId,
  placeAfter,
  removeTile,
} from "./edit-graph.ts";
import { beginHistory, editHistory } from "./edit-history.ts";
import { type Graph, graphSchema, type TileKind } from "./graph.ts";
import { startingPoints } from "./starting-points.ts";

const start = { kind: "segment-start", segmentId: null, joinLater: false } as const;
const send = { kind: "send", messageId: null } as const;
const fork = { kind: "if", condition: null } as const;
const end = { kind: "end" } as const;
const line = aGraph({ t1: start, t2: send, t3: end }, ["t1 next t2", "t2 next t3"]);

const edges = (graph: Graph) => graph.edges.map(({ from, exit, to }) => `${from} ${exit} ${to}`).toSorted();
const tile = (kind: TileKind, graph: Graph) =>
  newTile(kind, nextTileId(graph), placeAfter(graph, "t1", "next"));

test("every new tile, and the graph a journey begins with, can be saved", () => {
  expect(() => graphSchema.parse(newGraph())).not.toThrow();
  for (const kind of ["segment-start", "send", "wait", "trigger", "if", "end"] as const)
    expect(() =>
      graphSchema.parse({ tiles: [newTile(kind, "t1", { x: 0, y: 0 })], edges: [] }),
    ).not.toThrow();
});

describe("adding a tile behind another", () => {
  test("puts it into the edge", () => {
    expect(edges(addAfter(line, "t1", "next", tile("wait", line)))).toEqual([
      "t1 next t4",
      "t2 next t3",
      "t4 next t2",
    ]);
  });
  test("leads on by the usual exit when it has several", () => {
    expect(edges(addAfter(line, "t1", "next", tile("trigger", line)))).toContain("t4 yes t2");
  });
  test("cuts off what was behind when it is an end", () => {
    expect(edges(addAfter(line, "t1", "next", tile("end", line)))).toEqual(["t1 next t4", "t2 next t3"]);
  });
  test("makes room below", () => {
    const after = addAfter(line, "t1", "next", tile("wait", line));
    const ys = after.tiles.map(({ position }) => position.y);
    expect(new Set(ys).size).toBe(ys.length);
  });
});

describe("deleting a tile", () => {
  test("keeps the way whole", () => {
    expect(edges(removeTile(line, "t2"))).toEqual(["t1 next t3"]);
  });
  test("with two exits keeps the usual one", () => {
    const graph = aGraph({ t1: start, t2: fork, t3: end, t4: end }, ["t1 next t2", "t2 yes t3", "t2 no t4"]);
    expect(edges(removeTile(graph, "t2"))).toEqual(["t1 next t3"]);
  });
  test("never leads a tile to itself", () => {
    const graph = aGraph({ t1: start, t2: send, t3: send }, ["t1 next t2", "t2 next t3", "t3 next t2"]);
    expect(edges(removeTile(graph, "t3"))).toEqual(["t1 next t2"]);
  });
});

describe("connecting", () => {
  test("replaces where the exit led before", () => {
    expect(edges(connect(line, "t1", "next", "t3"))).toEqual(["t1 next t3", "t2 next t3"]);
  });
  test("refuses the start, itself, and exits that the tile does not have", () => {
    expect(connect(line, "t2", "next", "t1")).toBe(line);
    expect(connect(line, "t2", "next", "t2")).toBe(line);
    expect(connect(line, "t2", "yes", "t3")).toBe(line);
  });
  test("can be taken back", () => {
    expect(edges(disconnect(line, { from: "t1", exit: "next" }))).toEqual(["t2 next t3"]);
  });
});

test("duplicating copies tiles with the connections among them, never the start", () => {
  const { graph, copies } = duplicateTiles(line, ["t1", "t2", "t3"]);
  expect(copies).toEqual(["t4", "t5"]);
  expect(edges(graph)).toContain("t4 next t5");
  expect(graph.tiles.filter(({ kind }) => kind === "segment-start")).toHaveLength(1);
});

describe("the history of edits", () => {
  const shorter = removeTile(line, "t2");
  test("undoes and redoes without limit", () => {
    let history = beginHistory(line);
    for (let i = 0; i < 200; i++) history = editHistory(history, { kind: "change", to: { ...line } });
    for (let i = 0; i < 200; i++) history = editHistory(history, { kind: "undo" });
    expect(history.present).toBe(line);
    for (let i = 0; i < 200; i++) history = editHistory(history, { kind: "redo" });
    expect(history.future).toEqual([]);
  });
  test("undoes a row of changes of one kind together", () => {
    let history = beginHistory(line);
    for (const to of [{ ...line }, { ...line }, { ...line }])
      history = editHistory(history, { kind: "change", to, mergeWith: "label t2" });
    expect(editHistory(history, { kind: "undo" }).present).toBe(line);
  });
  test("forgets what was undone at the next change", () => {
    let history = editHistory(beginHistory(line), { kind: "change", to: shorter });
    history = editHistory(history, { kind: "undo" });
    history = editHistory(history, { kind: "change", to: { ...line } });
    expect(editHistory(history, { kind: "redo" })).toBe(history);
  });
});

test.each(startingPoints)(
  "the starting point $name can be saved, and only choices are missing",
  ({ graph }) => {
    expect(() => graphSchema.parse(graph)).not.toThrow();
    const facts = {
      now: new Date("2026-03-01T12:00:00Z"),
      segments: new Map(),
      messages: new Map(),
      events: new Map(),
      conditionProblems: new Map(),
      hasContentSettings: true,
      route: "by-weights" as const,
    };
    const found = checkGraph(graph, facts).filter(({ severity }) => severity === "error");
    expect(new Set(found.map(({ code }) => code))).toEqual(new Set(["journey.tile-incomplete"]));
  },
);
