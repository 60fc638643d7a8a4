import { readFile, rename, writeFile } from "node:fs/promises";
import type { z } from "zod";

/** Reads a file of our own making; undefined if it is not there or not what it should be. */
export async function readJson<Value>(file: string, schema: z.ZodType<Value>): Promise<Value | undefined> {
  const text = await readFile(file, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    return undefined; // a copy only: a damaged one is made again
  }
}

export function writeJson(file: string, value: unknown): Promise<void> {
  return replaceFile(file, JSON.stringify(value));
}

/** Replaces a file as a whole, so that nobody ever reads half of it. */
export async function replaceFile(file: string, content: string | Uint8Array, mode = 0o644): Promise<void> {
  const draft = `${file}.${process.pid}.new`;
  await writeFile(draft, content, { mode });
  await rename(draft, file);
}
