import { styleText } from "node:util";

export type Screen = {
  /** Shows that something is being done, and how it went. */
  readonly step: <Value>(
    name: string,
    work: () => Promise<Value>,
    describe: (value: Value) => string,
  ) => Promise<Value>;
  readonly say: (text: string) => void;
  /** A table of names and what belongs to them. */
  readonly facts: (rows: readonly (readonly [name: string, text: string])[]) => void;
};

type Style = Parameters<typeof styleText>[0];

const nameWidth = 15;

/** Writes the start of the program for a person; plain lines where the output is no terminal. */
export function createScreen(output: NodeJS.WriteStream): Screen {
  const style = (how: Style, text: string) => styleText(how, text, { stream: output });
  const line = (mark: string, name: string, text: string) =>
    `  ${mark} ${name.padEnd(nameWidth)} ${text}`.trimEnd();
  output.on("error", () => undefined); // a closed terminal must not stop us from stopping in order
  return {
    async step(name, work, describe) {
      if (output.isTTY) output.write(line(style("dim", "·"), name, style("dim", "…")));
      const began = performance.now();
      try {
        const value = await work();
        const seconds = (performance.now() - began) / 1000;
        const time = seconds >= 0.5 ? `, ${seconds.toFixed(1)} s` : "";
        if (output.isTTY) output.write("\r\x1b[K");
        output.write(`${line(style("green", "✓"), name, style("dim", describe(value) + time))}\n`);
        return value;
      } catch (error) {
        if (output.isTTY) output.write("\r\x1b[K");
        output.write(`${line(style("red", "✗"), name, "failed")}\n`);
        throw error;
      }
    },
    say: (text) => void output.write(`  ${text}\n`),
    facts(rows) {
      output.write("\n");
      for (const [name, text] of rows)
        output.write(`  ${style("bold", name.padEnd(nameWidth - 2))} ${text}\n`);
      output.write("\n");
    },
  };
}
