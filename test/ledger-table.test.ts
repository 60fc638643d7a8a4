import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { factsBeside, ledgerEvents, ledgerStates, moveInLedger } from "../src/core/delivery/ledger-states.ts";

const page = readFileSync(join(resolve(import.meta.dirname, ".."), "docs", "spec", "delivery.md"), "utf8");

/** The rows of the table whose first heading this is, heading and rule left out. */
function tableUnder(heading: string): string[][] {
  const lines = page.split("\n");
  const start = lines.findIndex((line) => line.startsWith(`| ${heading} `));
  const rest = lines.slice(start);
  const end = rest.findIndex((line) => !line.startsWith("|"));
  return rest.slice(0, end).map((line) =>
    line
      .slice(1, -1)
      .split("|")
      .map((cell) => cell.trim()),
  );
}

test("[D70] docs/spec/delivery.md shows the states and moves of the ledger", () => {
  expect(tableUnder("State").slice(2)).toEqual(
    ledgerStates.map(({ id, isFate, words }) => [`\`${id}\``, isFate ? "yes" : "no", words]),
  );
  const [heading, , ...moves] = tableUnder("Event");
  expect(heading).toEqual(["Event", "What happened", ...ledgerStates.map(({ id }) => id)]);
  expect(moves).toEqual(
    ledgerEvents.map(({ id, words }) => [
      `\`${id}\``,
      words,
      ...ledgerStates.map((state) => moveInLedger(state.id, id) ?? "–"),
    ]),
  );
});

test("[D71] no fact beside the ledger is one of its events", () => {
  const events: readonly string[] = ledgerEvents.map(({ id }) => id);
  expect(factsBeside.filter((fact) => events.includes(fact))).toEqual([]);
});
