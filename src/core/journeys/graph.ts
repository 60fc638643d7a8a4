import { z } from "zod";
import { idSchema } from "../kernel/ids.ts";
import { conditionSchema } from "../segments/condition.ts";

/** A length of time as a person says it. Whole units; a day is 24 hours. */
export const durationSchema = z.object({
  amount: z.number().int().min(0).max(1_000_000),
  unit: z.enum(["minutes", "hours", "days"]),
});
export type Duration = z.infer<typeof durationSchema>;

const secondsPerUnit = { minutes: 60, hours: 3600, days: 86_400 } as const;

/** The duration in seconds. */
export function secondsOf({ amount, unit }: Duration): number {
  return amount * secondsPerUnit[unit];
}

export const tileIdSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, "Expected a short tile id such as t4");
export type TileId = z.infer<typeof tileIdSchema>;

/** Where the message came from whose opening, clicking or forwarding a trigger waits for. */
export const messageSourceSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("tile"), tileId: tileIdSchema }),
  z.object({ kind: z.literal("message"), messageId: idSchema("message") }),
]);
export type MessageSource = z.infer<typeof messageSourceSchema>;

/** What a trigger waits for a contact to do. */
export const happeningSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("registered"), eventId: idSchema("event").nullable() }),
  z.object({ kind: z.literal("opened"), of: messageSourceSchema.nullable() }),
  z.object({ kind: z.literal("clicked"), of: messageSourceSchema.nullable() }),
  z.object({ kind: z.literal("forwarded"), of: messageSourceSchema.nullable() }),
]);
export type Happening = z.infer<typeof happeningSchema>;

/** Until when a wait tile holds a contact. A date-time is an instant, ISO 8601 with its offset. */
export const waitUntilSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("duration"), duration: durationSchema }),
  z.object({ kind: z.literal("date-time"), at: z.iso.datetime({ offset: true }).nullable() }),
]);
export type WaitUntil = z.infer<typeof waitUntilSchema>;

const common = {
  id: tileIdSchema,
  /** What the marketer calls the tile; empty: it is described by what it does. */
  label: z.string().max(120).default(""),
  /** Upper left corner on the canvas, in pixels at zoom 1. */
  position: z.object({ x: z.number(), y: z.number() }),
};

/** A tile of the canvas. What is still to be chosen is null, so that any draft can be saved; the check names it. */
export const tileSchema = z.discriminatedUnion("kind", [
  z.object({
    ...common,
    kind: z.literal("segment-start"),
    segmentId: idSchema("segment").nullable(),
    /** Also those who join the segment while the journey is live. */
    joinLater: z.boolean(),
  }),
  z.object({
    ...common,
    kind: z.literal("send"),
    messageId: idSchema("message").nullable(),
    /** How late it may still be sent: so long after a contact came here, or until a date. Absent: as long as delivery tries. */
    expires: waitUntilSchema.optional(),
  }),
  z.object({ ...common, kind: z.literal("wait"), until: waitUntilSchema }),
  z.object({ ...common, kind: z.literal("trigger"), happening: happeningSchema, timeout: durationSchema }),
  z.object({ ...common, kind: z.literal("if"), condition: conditionSchema.nullable() }),
  z.object({ ...common, kind: z.literal("end") }),
]);
export type Tile = z.infer<typeof tileSchema>;
export type TileKind = Tile["kind"];

export const exitSchema = z.enum(["next", "yes", "no", "timeout"]);
export type Exit = z.infer<typeof exitSchema>;

/** From one exit of a tile to the next tile. A tile's exit has at most one edge; a tile may have many incoming ones. */
export const edgeSchema = z.object({ from: tileIdSchema, exit: exitSchema, to: tileIdSchema });
export type Edge = z.infer<typeof edgeSchema>;

export const graphSchema = z.object({
  tiles: z.array(tileSchema).max(500),
  edges: z.array(edgeSchema).max(1500),
});
export type Graph = z.infer<typeof graphSchema>;

const exits = {
  "segment-start": ["next"],
  send: ["next"],
  wait: ["next"],
  trigger: ["yes", "timeout"],
  if: ["yes", "no"],
  end: [],
} as const satisfies Record<TileKind, readonly Exit[]>;

/** The ways out of a kind of tile, the usual one first. */
export function exitsOf(kind: TileKind): readonly Exit[] {
  return exits[kind];
}

/** The tile with this id, or undefined. */
export function findTile(graph: Graph, id: string): Tile | undefined {
  return graph.tiles.find((tile) => tile.id === id);
}

/** Where an exit of a tile leads, or undefined if it is open. */
export function targetOf(graph: Graph, from: string, exit: Exit): TileId | undefined {
  return graph.edges.find((edge) => edge.from === from && edge.exit === exit)?.to;
}

/** The tiles that can be reached from these, themselves included. */
export function reachableFrom(graph: Graph, starts: readonly string[]): ReadonlySet<string> {
  const seen = new Set(starts);
  const open = [...starts];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    for (const edge of graph.edges) {
      if (edge.from !== id || seen.has(edge.to)) continue;
      seen.add(edge.to);
      open.push(edge.to);
    }
  }
  return seen;
}

/**
 * The tiles that contacts can come to, in the order of travel: each before those it leads to, except along edges that
 * close a loop, and usual exits first.
 */
export function inTravelOrder(graph: Graph): Tile[] {
  const seen = new Set<string>();
  const order: Tile[] = [];
  const visit = (tile: Tile) => {
    seen.add(tile.id);
    for (const exit of exitsOf(tile.kind).toReversed()) {
      const next = findTile(graph, targetOf(graph, tile.id, exit) ?? "");
      if (next && !seen.has(next.id)) visit(next);
    }
    order.unshift(tile);
  };
  for (const tile of graph.tiles) if (tile.kind === "segment-start" && !seen.has(tile.id)) visit(tile);
  return order;
}

/** All tiles: in the order of travel, then those that nothing leads to. */
export function allInTravelOrder(graph: Graph): Tile[] {
  const reached = inTravelOrder(graph);
  return [...reached, ...graph.tiles.filter((tile) => !reached.includes(tile))];
}
