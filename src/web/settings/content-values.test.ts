import { expect, test } from "vitest";
import { fromEntries, toEntries } from "./content-values.ts";

test("known networks are offered in order, and others keep their place after them", () => {
  expect(toEntries({ x: "https://x.com/p", github: "https://github.com/p" }, ["facebook", "x"])).toEqual([
    { key: "facebook", value: "" },
    { key: "x", value: "https://x.com/p" },
    { key: "github", value: "https://github.com/p" },
  ]);
});

test("what was left empty is not kept", () => {
  expect(
    fromEntries([
      { key: "facebook", value: "" },
      { key: "", value: "lost" },
      { key: " slogan ", value: "Post on the road" },
    ]),
  ).toEqual({ slogan: "Post on the road" });
});
