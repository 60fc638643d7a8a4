import { availableParallelism, cpus, totalmem } from "node:os";

/** One measured figure: what, how much, in which unit, and what it includes. */
export type Figure = {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly note?: string;
};

/** What a scenario measured, and the facts that must hold for the figures to mean anything. */
export type Report = {
  readonly title: string;
  /** Tells results of one scenario apart whose work differs. */
  readonly variant?: string;
  readonly work: string;
  readonly figures: readonly Figure[];
  readonly proofs: readonly { readonly fact: string; readonly holds: boolean }[];
};

/** The machine that the figures belong to. */
export function describeMachine() {
  return {
    processor: cpus()[0]?.model ?? "unknown",
    cores: availableParallelism(),
    memoryGigabytes: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
  };
}

/** The report as a table for the console. */
export function showReport({ title, work, figures, proofs }: Report): string {
  const machine = describeMachine();
  const width = Math.max(...figures.map(({ name }) => name.length));
  const lines = figures.map(
    ({ name, value, unit, note }) =>
      `  ${name.padEnd(width)}  ${format(value).padStart(12)} ${unit}${note ? `  (${note})` : ""}`,
  );
  const facts = proofs.map(({ fact, holds }) => `  ${holds ? "✓" : "✗ NOT TRUE:"} ${fact}`);
  return [
    `\n${title}`,
    `  ${work}`,
    `  on ${machine.cores} cores of ${machine.processor}, ${machine.memoryGigabytes} GB, Node ${machine.node}`,
    "",
    ...lines,
    "",
    ...facts,
  ].join("\n");
}

/** A figure with as many digits as tell something. */
export function format(value: number): string {
  return value.toLocaleString("en", { maximumFractionDigits: value < 10 ? 2 : value < 100 ? 1 : 0 });
}
