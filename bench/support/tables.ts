import { z } from "zod";
import { format } from "./report.ts";

/** A result as it is kept in bench/results. */
export const resultSchema = z.object({
  scenario: z.string(),
  machine: z.object({
    processor: z.string(),
    cores: z.number(),
    memoryGigabytes: z.number(),
    node: z.string(),
  }),
  title: z.string(),
  work: z.string(),
  figures: z.array(
    // A figure that could not be measured is null in JSON.
    z.object({
      name: z.string(),
      value: z.number().nullable(),
      unit: z.string(),
      note: z.string().optional(),
    }),
  ),
  proofs: z.array(z.object({ fact: z.string(), holds: z.boolean() })),
});
export type Result = z.infer<typeof resultSchema>;

/** The result as a section of Markdown, for docs/performance.md. What does not hold is said, not left out. */
export function toMarkdown({ scenario, machine, title, work, figures, proofs }: Result): string {
  const rows = figures.map(({ name, value, unit, note }) => [
    name,
    value === null ? "not measured" : `${format(value)} ${unit}`,
    note ?? "",
  ]);
  const width = (column: number) => Math.max(6, ...rows.map((row) => row[column]?.length ?? 0));
  const widths = [width(0), width(1), width(2)];
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, n) => (n === 1 ? cell.padStart(widths[n] ?? 0) : cell.padEnd(widths[n] ?? 0))).join(" | ")} |`;
  const rule = `| ${widths.map((each, n) => (n === 1 ? `${"-".repeat(each - 1)}:` : "-".repeat(each))).join(" | ")} |`;
  return [
    `### ${title} (\`${scenario}\`)`,
    "",
    `${capital(work)}; ${machine.cores} cores of ${machine.processor}, ${machine.memoryGigabytes} GB, Node ${machine.node}.`,
    "",
    line(["What", "Figure", "Note"]),
    rule,
    ...rows.map(line),
    "",
    ...proofs.map(({ fact, holds }) => `- ${holds ? "Proved" : "**NOT TRUE**"}: ${fact}.`),
  ].join("\n");
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
