import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { bounceTable } from "../src/core/delivery/bounce-categories.ts";

test("[D41] docs/reference/bounces.md shows the table of bounce categories", () => {
  const page = readFileSync(
    join(resolve(import.meta.dirname, ".."), "docs", "reference", "bounces.md"),
    "utf8",
  );
  const shown = page
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .map((line) =>
      line
        .slice(1, -1)
        .split("|")
        .map((cell) => cell.trim()),
    );
  expect(shown).toEqual(
    bounceTable.map(({ id, label, kind, words, suppresses, advice }) => [
      `\`${id}\``,
      label,
      kind,
      words,
      suppresses === "at-once" ? "yes" : "no",
      advice,
    ]),
  );
});
