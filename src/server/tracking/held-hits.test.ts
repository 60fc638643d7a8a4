import { expect, test } from "vitest";
import type { Hit } from "#core/tracking/hit.ts";
import { createHeldHits } from "./held-hits.ts";

const hitOf = (kind: Hit["kind"], deliveryId: string, at: number): Hit => ({
  ...{ kind, deliveryId, at, method: "GET", ip: "192.0.2.1", userAgent: "Firefox" },
  id: `00000000-0000-7000-8000-${String(at).padStart(12, "0")}`,
});

test("gives the first that may be judged, and what was followed of a delivery, until they are removed", () => {
  const held = createHeldHits();
  const hits = [hitOf("click", "1", 1), hitOf("open", "1", 2), hitOf("trap", "2", 3), hitOf("click", "1", 4)];
  const given = hits.map((hit) => ({ hit, path: "file" }));
  for (const each of given) held.add(each);
  expect(held.first(2, ({ at }) => at > 1)).toEqual([given[1], given[2]]);
  expect(held.followedOf(["1", "3"])).toEqual([hits[0], hits[3]]);
  held.remove(given.slice(0, 3));
  expect(held.count()).toBe(1);
  expect(held.followedOf(["1", "2"])).toEqual([hits[3]]);
  held.remove(given);
  expect([held.count(), held.first(9, () => true), held.followedOf(["1"])]).toEqual([0, [], []]);
});
