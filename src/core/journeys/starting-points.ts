import { gap, newGraph, newTile } from "./edit-graph.ts";
import type { Edge, Graph, Tile } from "./graph.ts";

/** What a new journey can begin as. */
export type StartingPoint = {
  readonly key: string;
  readonly name: string;
  readonly description: string;
  readonly graph: Graph;
};

const at = (column: number, row: number) => ({ x: column * gap.x, y: row * gap.y });
const edge = (from: string, exit: Edge["exit"], to: string): Edge => ({ from, exit, to });
const labelled = (tile: Tile, label: string): Tile => ({ ...tile, label });

const invitation: Graph = {
  tiles: [
    newTile("segment-start", "t1", at(0.5, 0)),
    labelled(newTile("send", "t2", at(0.5, 1)), "Send the invitation"),
    newTile("trigger", "t3", at(0.5, 2)),
    labelled(newTile("send", "t4", at(0, 3)), "Send the thank-you"),
    labelled(newTile("send", "t5", at(1, 3)), "Send the reminder"),
    newTile("end", "t6", at(0.5, 4)),
  ],
  edges: [
    edge("t1", "next", "t2"),
    edge("t2", "next", "t3"),
    edge("t3", "yes", "t4"),
    edge("t3", "timeout", "t5"),
    edge("t4", "next", "t6"),
    edge("t5", "next", "t6"),
  ],
};

const welcome: Graph = {
  tiles: [
    { ...newTile("segment-start", "t1", at(0, 0)), kind: "segment-start", segmentId: null, joinLater: true },
    labelled(newTile("send", "t2", at(0, 1)), "Say welcome"),
    newTile("wait", "t3", at(0, 2)),
    labelled(newTile("send", "t4", at(0, 3)), "Show how to begin"),
    newTile("wait", "t5", at(0, 4)),
    labelled(newTile("send", "t6", at(0, 5)), "Ask how it goes"),
    newTile("end", "t7", at(0, 6)),
  ],
  edges: ["t1", "t2", "t3", "t4", "t5", "t6"].map((id, index) => edge(id, "next", `t${index + 2}`)),
};

/** The choices when making a journey, the plainest first. */
export const startingPoints: readonly StartingPoint[] = [
  {
    key: "blank",
    name: "Blank",
    description: "A start and an end. Everything between is yours.",
    graph: newGraph(),
  },
  {
    key: "invitation",
    name: "Event invitation",
    description:
      "Invite, wait up to a week for registrations, then thank those who came forward and remind the others.",
    graph: invitation,
  },
  {
    key: "welcome",
    name: "Welcome series",
    description: "Three messages with waits between, also for those who join the segment later.",
    graph: welcome,
  },
];
