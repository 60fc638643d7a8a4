import { spawn } from "node:child_process";
import { join } from "node:path";

export const root = join(import.meta.dirname, "..");

export type Outcome = { readonly isGood: boolean; readonly output: string; readonly seconds: number };

/** Runs a program of node_modules/.bin and collects what it says; with `isShown` it is shown as it comes. */
export async function runProgram(name: string, args: readonly string[], isShown = false): Promise<Outcome> {
  const began = performance.now();
  const child = spawn(join(root, "node_modules", ".bin", name), args, {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
    shell: process.platform === "win32",
    env: { ...process.env, ...(isShown && process.stdout.isTTY ? { FORCE_COLOR: "1" } : {}) },
  });
  const pieces: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (piece: Buffer) => {
      pieces.push(piece);
      if (isShown) process.stdout.write(piece);
    });
  const code = await new Promise<number | null>((resolve) => {
    child.once("error", () => resolve(1));
    child.once("close", resolve);
  });
  return {
    isGood: code === 0,
    output: Buffer.concat(pieces).toString("utf8").trim(),
    seconds: (performance.now() - began) / 1000,
  };
}
