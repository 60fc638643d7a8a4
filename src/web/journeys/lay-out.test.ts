import { expect, test } from "vitest";
import { startingPoints } from "#core/journeys/starting-points.ts";
import { layOut, tileSize } from "./lay-out.ts";

test.each(startingPoints)("tiles of $name do not overlap, and ways lead downwards", ({ graph }) => {
  const places = layOut(graph);
  const at = (id: string) => places.get(id) ?? { x: Number.NaN, y: Number.NaN };
  for (const { from, to } of graph.edges) expect(at(to).y).toBeGreaterThan(at(from).y + tileSize.height);
  for (const one of graph.tiles)
    for (const other of graph.tiles) {
      const isApart =
        Math.abs(at(one.id).x - at(other.id).x) >= tileSize.width ||
        Math.abs(at(one.id).y - at(other.id).y) >= tileSize.height;
      expect(isApart || one === other).toBe(true);
    }
});

test("the usual exit of a trigger is on the left", () => {
  const invitation = startingPoints.find(({ key }) => key === "invitation");
  const places = layOut(invitation?.graph ?? { tiles: [], edges: [] });
  expect(places.get("t4")?.x).toBeLessThan(places.get("t5")?.x ?? 0);
});
