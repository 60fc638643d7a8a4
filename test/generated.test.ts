import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { routes } from "#contract/routes.ts";
import { generatedFiles } from "../scripts/generate/index.ts";

test.each(generatedFiles())(
  "$path is what the contract gives; if not, run: npm run gen",
  ({ path, content }) => {
    expect(readFileSync(new URL(`../${path}`, import.meta.url), "utf8")).toBe(content);
  },
);

test("no two routes have the same id, or the same method and path", () => {
  const ids = routes.map(({ id }) => id);
  const places = routes.map(({ method, path }) => `${method} ${path.replace(/:\w+/g, ":")}`);
  expect(ids).toEqual([...new Set(ids)]);
  expect(places).toEqual([...new Set(places)]);
});
