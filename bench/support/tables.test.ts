import { expect, test } from "vitest";
import { toMarkdown } from "./tables.ts";

test("a result becomes a table with its work, its machine and what was proved, also if that does not hold", () => {
  const result = {
    scenario: "send",
    machine: { processor: "EPYC", cores: 2, memoryGigabytes: 24, node: "v24.1.0" },
    title: "Sending",
    work: "a letter to 10 contacts; load average at the start 0.1",
    figures: [
      { name: "messages a second", value: 12_345.6, unit: "/s" },
      { name: "enqueue", value: 0.25, unit: "s", note: "one transaction" },
      { name: "median", value: null, unit: "ms" },
    ],
    proofs: [
      { fact: "all arrived", holds: true },
      { fact: "once each", holds: false },
    ],
  };
  expect(toMarkdown(result)).toBe(`### Sending (\`send\`)

A letter to 10 contacts; load average at the start 0.1; 2 cores of EPYC, 24 GB, Node v24.1.0.

| What              |       Figure | Note            |
| ----------------- | -----------: | --------------- |
| messages a second |    12,346 /s |                 |
| enqueue           |       0.25 s | one transaction |
| median            | not measured |                 |

- Proved: all arrived.
- **NOT TRUE**: once each.`);
});
