import fc from "fast-check";
import type { Graph } from "#core/journeys/graph.ts";
import { aGraph, type TileInWords } from "./journeys.ts";

/** What a random journey refers to: a segment, two live messages and two events, as public ids. */
export type JourneyWorld = {
  readonly segmentId: string;
  readonly messageIds: readonly [string, string];
  readonly eventIds: readonly [string, string];
};

const kinds = ["send", "wait", "wait-until", "registered", "message", "tile", "if"] as const;
export type TileSeed = {
  readonly kind: (typeof kinds)[number];
  readonly number: number;
  readonly minutes: number;
  readonly exits: readonly [number, number];
  readonly isLoop: boolean;
};

/** The dice of a random graph of up to seven tiles besides start and end. */
export const tileSeeds: fc.Arbitrary<readonly TileSeed[]> = fc.array(
  fc.record({
    kind: fc.constantFrom(...kinds),
    number: fc.nat(7),
    minutes: fc.integer({ min: 5, max: 120 }),
    exits: fc.tuple(fc.nat(7), fc.nat(7)),
    isLoop: fc.boolean(),
  }),
  { minLength: 1, maxLength: 7 },
);

/** Turns dice into a graph that is worth running: ways lead forward, and back only where that takes time. [J43] */
export function graphOf(seeds: readonly TileSeed[], world: JourneyWorld, begin: Date): Graph {
  const name = (index: number) => (index >= seeds.length ? "end" : `t${index}`);
  const forward = (index: number, reach: number) => name(index + 1 + (reach % (seeds.length - index)));
  const tiles: Record<string, TileInWords> = {
    start: { kind: "segment-start", segmentId: world.segmentId, joinLater: false },
  };
  const edges = ["start next t0"];
  seeds.forEach((seed, index) => {
    const senders = seeds.flatMap(({ kind }, place) => (kind === "send" ? [name(place)] : []));
    const tile = tileOf(seed, senders, world, begin);
    tiles[name(index)] = tile;
    const back = seed.isLoop ? name(seed.exits[1] % (index + 1)) : forward(index, seed.exits[1]);
    if (tile.kind === "if")
      edges.push(
        `t${index} yes ${forward(index, seed.exits[0])}`,
        `t${index} no ${forward(index, seed.exits[1])}`,
      );
    else if (tile.kind === "trigger")
      edges.push(`t${index} yes ${forward(index, seed.exits[0])}`, `t${index} timeout ${back}`);
    else edges.push(`t${index} next ${seed.kind === "wait" ? back : forward(index, seed.exits[0])}`);
  });
  return aGraph({ ...tiles, end: { kind: "end" } }, edges);
}

function tileOf(seed: TileSeed, senders: readonly string[], world: JourneyWorld, begin: Date): TileInWords {
  const duration = { amount: seed.minutes, unit: "minutes" } as const;
  const isOdd = seed.number % 2 === 1;
  const event = isOdd ? "opened" : "clicked";
  switch (seed.kind) {
    case "send":
      return { kind: "send", messageId: world.messageIds[isOdd ? 1 : 0] };
    case "wait":
      return { kind: "wait", until: { kind: "duration", duration } };
    case "wait-until": {
      const at = new Date(begin.getTime() + seed.minutes * 120_000).toISOString();
      return { kind: "wait", until: { kind: "date-time", at } };
    }
    case "registered":
      return {
        kind: "trigger",
        happening: { kind: "registered", eventId: world.eventIds[isOdd ? 1 : 0] },
        timeout: duration,
      };
    case "message":
      return {
        kind: "trigger",
        happening: { kind: event, of: { kind: "message", messageId: world.messageIds[isOdd ? 1 : 0] } },
        timeout: duration,
      };
    case "tile":
      return {
        kind: "trigger",
        happening: {
          kind: event,
          of: { kind: "tile", tileId: senders[seed.number % senders.length] ?? "t0" },
        },
        timeout: duration,
      };
    case "if":
      return {
        kind: "if",
        condition: {
          kind: "attribute",
          field: "city",
          test: isOdd ? { operator: "is-empty" } : { operator: "equals", value: "Bonn" },
        },
      };
  }
}

export type DeedSeed = {
  readonly contact: number;
  readonly kind: "registered" | "open" | "click";
  readonly number: number;
  readonly minutesAgo: number;
  readonly isMachine: boolean;
};

/** What happens between two looks of the engine: minutes that pass, and what contacts do meanwhile. */
export const looks = fc.array(
  fc.record({
    minutes: fc.integer({ min: 0, max: 90 }),
    deeds: fc.array(
      fc.record({
        contact: fc.nat(4),
        kind: fc.constantFrom("registered" as const, "open" as const, "click" as const),
        number: fc.nat(7),
        minutesAgo: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 100 })),
        isMachine: fc.integer({ min: 0, max: 9 }).map((dice) => dice === 0),
      }),
      { maxLength: 6 },
    ),
  }),
  { minLength: 2, maxLength: 8 },
);
