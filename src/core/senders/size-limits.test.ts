import { expect, test } from "vitest";
import { largestTaken, roomierRoute, type SizedRoute } from "./size-limits.ts";

const route = (id: string, sizeLimit: number | null, more: Partial<SizedRoute> = {}): SizedRoute => ({
  id,
  sizeLimit,
  isDefault: id === "main",
  isMailbox: false,
  weight: 1,
  fallBackId: null,
  fallBackAfterSeconds: 120,
  troubleSince: null,
  ...more,
});

test("[D114] what one route does not take goes by another that shares and does, rather by one that works", () => {
  const routes = [route("main", 1000), route("small", 500), route("big", 9000)];
  expect(roomierRoute(routes, "small", 800)).toEqual({ id: "main", works: true });
  expect(roomierRoute(routes, "main", 2000)).toEqual({ id: "big", works: true });
  expect(roomierRoute(routes, "big", 9001)).toBeUndefined();
  expect(roomierRoute([...routes, route("own", null, { weight: 0 })], "big", 9001)).toBeUndefined();
  const broken = [route("main", 1000), route("big", null, { troubleSince: 5 })];
  expect(roomierRoute(broken, "main", 2000)).toEqual({ id: "big", works: false });
});

test("[D114] the largest message is known when every route that shares has told its limit", () => {
  expect(largestTaken([route("main", 1000), route("big", 9000)])).toBe(9000);
  expect(largestTaken([route("main", 1000), route("other", null)])).toBeNull();
  expect(largestTaken([route("main", 1000), route("unused", 9000, { weight: 0 })])).toBe(1000);
  expect(largestTaken([])).toBeNull();
});
