import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { claimShare, isFallBackLoop, planRoutes, type RoutingFacts, weightsOf } from "./routing.ts";

const now = 1_000_000;
const route = (id: string, changes: Partial<RoutingFacts> = {}): RoutingFacts => ({
  id,
  isDefault: false,
  isMailbox: false,
  weight: 0,
  fallBackId: null,
  fallBackAfterSeconds: 120,
  troubleSince: null,
  ...changes,
});
const broken = { troubleSince: now - 121_000 };

describe("[D20] shares", () => {
  test("one route has everything, whatever its weight", () => {
    expect([...weightsOf([route("a", { isDefault: true }), route("b")])]).toEqual([["a", 1]]);
  });
  test("weights share, and the default always has a part", () => {
    expect([...weightsOf([route("a", { isDefault: true }), route("b", { weight: 3 })])]).toEqual([
      ["a", 1],
      ["b", 3],
    ]);
  });
  test("the test mailbox has everything or nothing", () => {
    const mailbox = { isMailbox: true, weight: 5 };
    expect([...weightsOf([route("a", { ...mailbox, isDefault: true }), route("b", { weight: 3 })])]).toEqual([
      ["a", 1],
    ]);
    expect([...weightsOf([route("a", mailbox), route("b", { isDefault: true })])]).toEqual([["b", 1]]);
  });
  test("a route in trouble has no part while another works", () => {
    const { shares } = planRoutes(
      [route("a", { isDefault: true, ...broken }), route("b", { weight: 3 })],
      now,
    );
    expect([...shares]).toEqual([["b", 3]]);
  });
  test("whoever takes what it may take has its share in the end", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 2, maxLength: 5 }), (weights) => {
        const turns = weights.map((_, id) => ({ id: String(id), turn: 0, keepsUp: true }));
        const had = weights.map(() => 0);
        for (let round = 0; round < 1000; round++) {
          // Whoever asks first is arbitrary: here always in the same order, the worst case.
          const taker = turns.find(({ id }) => claimShare(turns, id).may);
          if (!taker) throw new Error("Nobody may take");
          const place = Number(taker.id);
          had[place] = (had[place] ?? 0) + 1;
          taker.turn = claimShare(turns, taker.id).from + 1 / (weights[place] ?? 1);
        }
        const sum = weights.reduce((all, weight) => all + weight, 0);
        weights.forEach((weight, place) => {
          expect(Math.abs((had[place] ?? 0) - (1000 * weight) / sum)).toBeLessThan(10);
        });
      }),
      { numRuns: 50 },
    );
  });
  test("one that does not keep up holds nobody back and has no claim later", () => {
    const turns = [
      { id: "slow", turn: 0, keepsUp: false },
      { id: "fast", turn: 700, keepsUp: true },
    ];
    expect(claimShare(turns, "fast")).toEqual({ may: true, from: 700 });
    expect(claimShare(turns, "slow")).toEqual({ may: true, from: 700 });
  });
});

describe("[D21] fall-back", () => {
  const main = { isDefault: true, fallBackId: "b" };
  test("only after the time that was set", () => {
    const soon = planRoutes([route("a", { ...main, troubleSince: now - 119_000 }), route("b")], now);
    expect(soon.carrierOf.get("a")).toBe("a");
    expect([...soon.shares]).toEqual([["a", 1]]);
    const late = planRoutes([route("a", { ...main, ...broken }), route("b")], now);
    expect(late.carrierOf.get("a")).toBe("b");
    expect([...late.shares]).toEqual([["b", 1]]);
  });
  test("a fall-back that is in trouble too hands on, and without one that works nothing changes", () => {
    const chain = (last: Partial<RoutingFacts>) => [
      route("a", { ...main, ...broken }),
      route("b", { ...broken, fallBackId: "c" }),
      route("c", last),
    ];
    expect(planRoutes(chain({}), now).carrierOf.get("a")).toBe("c");
    expect(planRoutes(chain(broken), now).carrierOf.get("a")).toBe("a");
  });
  test("a loop is seen before it is saved", () => {
    const routes = [route("a"), route("b", { fallBackId: "a" }), route("c", { fallBackId: "b" })];
    expect(isFallBackLoop(routes, "a", "c")).toBe(true);
    expect(isFallBackLoop(routes, "a", "a")).toBe(true);
    expect(isFallBackLoop(routes, "a", null)).toBe(false);
    expect(isFallBackLoop(routes, "c", "a")).toBe(false);
  });
});
