import { z } from "zod";
import { fromId, type IdKind } from "../kernel/ids.ts";
import { invariant } from "../kernel/unreachable.ts";
import { conditionSchema } from "../segments/condition.ts";
import {
  type Exit,
  type Graph,
  type Happening,
  inTravelOrder,
  secondsOf,
  type Tile,
  targetOf,
  type WaitUntil,
} from "./graph.ts";

const row = z.string().regex(/^[1-9][0-9]*$/);

/** What a trigger listens for, in the words of the interactions ledger. Exactly one of the ids narrows it. */
export const listeningSchema = z.discriminatedUnion("by", [
  z.object({ by: z.literal("event"), kind: z.literal("registered"), eventId: row }),
  z.object({ by: z.literal("message"), kind: z.enum(["open", "click", "forward"]), messageId: row }),
  z.object({ by: z.literal("tile"), kind: z.enum(["open", "click", "forward"]), tileId: z.string() }),
]);
export type Listening = z.infer<typeof listeningSchema>;

/** What the engine does at one tile. Ids are row numbers; every way out is known. */
export const stepSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("segment-start"),
    id: z.string(),
    segmentId: row,
    joinLater: z.boolean(),
    next: z.string(),
  }),
  z.object({
    kind: z.literal("send"),
    id: z.string(),
    messageId: row,
    expires: z
      .union([z.object({ seconds: z.number() }), z.object({ at: z.iso.datetime({ offset: true }) })])
      .optional(),
    next: z.string(),
  }),
  z.object({ kind: z.literal("wait"), id: z.string(), seconds: z.number(), next: z.string() }),
  z.object({
    kind: z.literal("wait-until"),
    id: z.string(),
    at: z.iso.datetime({ offset: true }),
    next: z.string(),
  }),
  z.object({
    kind: z.literal("trigger"),
    id: z.string(),
    listening: listeningSchema,
    timeoutSeconds: z.number(),
    yes: z.string(),
    timeout: z.string(),
  }),
  z.object({
    kind: z.literal("if"),
    id: z.string(),
    condition: conditionSchema,
    yes: z.string(),
    no: z.string(),
  }),
  z.object({ kind: z.literal("end"), id: z.string() }),
]);
export type Step = z.infer<typeof stepSchema>;

/** A journey as the engine runs it. Steps stand in the order in which a contact comes to them, loops cut. */
export const planSchema = z.object({ steps: z.array(stepSchema) });
export type Plan = z.infer<typeof planSchema>;

/** Turns a graph that passed its check into steps. Tiles that nobody can reach are left out. */
export function planJourney(graph: Graph): Plan {
  return { steps: inTravelOrder(graph).map((tile) => planTile(graph, tile)) };
}

/** The step of a tile. Throws if the plan has none, which only a bug can cause. */
export function stepAt(plan: Plan, id: string): Step {
  const found = plan.steps.find((step) => step.id === id);
  invariant(found, `the plan has a step ${id}`);
  return found;
}

/** The step at which all contacts begin. */
export function startOf(plan: Plan): Extract<Step, { kind: "segment-start" }> {
  const start = plan.steps.find((step) => step.kind === "segment-start");
  invariant(start?.kind === "segment-start", "the plan has a start");
  return start;
}

function planTile(graph: Graph, tile: Tile): Step {
  const { id } = tile;
  const to = (exit: Exit) => {
    const target = targetOf(graph, id, exit);
    invariant(target, `exit ${exit} of tile ${id} leads somewhere`);
    return target;
  };
  switch (tile.kind) {
    case "segment-start":
      return {
        kind: "segment-start",
        id,
        segmentId: rowOf("segment", tile.segmentId),
        joinLater: tile.joinLater,
        next: to("next"),
      };
    case "send":
      return {
        kind: "send",
        id,
        messageId: rowOf("message", tile.messageId),
        ...(tile.expires && { expires: expiryOf(tile.expires) }),
        next: to("next"),
      };
    case "wait": {
      if (tile.until.kind === "duration")
        return { kind: "wait", id, seconds: secondsOf(tile.until.duration), next: to("next") };
      invariant(tile.until.at, `tile ${id} says until when it waits`);
      return { kind: "wait-until", id, at: tile.until.at, next: to("next") };
    }
    case "trigger":
      return {
        kind: "trigger",
        id,
        listening: listeningFor(tile.happening),
        timeoutSeconds: secondsOf(tile.timeout),
        yes: to("yes"),
        timeout: to("timeout"),
      };
    case "if":
      invariant(tile.condition, `tile ${id} has a condition`);
      return { kind: "if", id, condition: tile.condition, yes: to("yes"), no: to("no") };
    case "end":
      return { kind: "end", id };
  }
}

function expiryOf(expires: WaitUntil): { seconds: number } | { at: string } {
  if (expires.kind === "duration") return { seconds: secondsOf(expires.duration) };
  invariant(expires.at, "an expiry by date has one");
  return { at: expires.at };
}

const ledgerKinds = { opened: "open", clicked: "click", forwarded: "forward" } as const;

function listeningFor(happening: Happening): Listening {
  if (happening.kind === "registered")
    return { by: "event", kind: "registered", eventId: rowOf("event", happening.eventId) };
  const kind = ledgerKinds[happening.kind];
  invariant(happening.of, "a trigger on a message names it");
  if (happening.of.kind === "tile") return { by: "tile", kind, tileId: happening.of.tileId };
  return { by: "message", kind, messageId: rowOf("message", happening.of.messageId) };
}

function rowOf(kind: IdKind, id: string | null): string {
  const found = fromId(kind, id ?? "");
  invariant(found, `a ${kind} is chosen`);
  return found;
}
