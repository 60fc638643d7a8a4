import { expect, test } from "vitest";
import { judgeIdentity } from "./instance-identity.ts";

const database = { id: "b", formerly: ["a"], epoch: 7, place: "server/1/16384" };
const node = { id: "b", epoch: 7, directory: "99" };
const seen = { place: database.place, directory: "99" };

test("[D32] what goes on as it was, what is new and what was confirmed is no reason to doubt", () => {
  expect(judgeIdentity(database, node, seen)).toEqual({ kind: "same" });
  expect(judgeIdentity(database, { ...node, epoch: 3 }, seen)).toEqual({ kind: "same" });
  expect(judgeIdentity(database, node, { ...seen, place: null })).toEqual({ kind: "same" });
  expect(judgeIdentity(database, undefined, seen)).toEqual({ kind: "adopt" });
  expect(judgeIdentity(database, { ...node, id: "a", epoch: 99, directory: "1" }, seen)).toEqual({
    kind: "adopt",
  });
});

test.each([
  ["an older database", database, { ...node, epoch: 8 }, seen],
  ["another database", database, { ...node, id: "c" }, seen],
  ["a copied data directory", database, node, { ...seen, directory: "100" }],
  ["another server, timeline or database", database, node, { ...seen, place: "server/2/16384" }],
  ["another server for a new node", database, undefined, { ...seen, place: "other/1/16384" }],
])("[D32] %s is doubted", (_, row, file, now) => {
  expect(judgeIdentity(row, file, now)).toMatchObject({ kind: "restored", why: expect.any(String) });
});
