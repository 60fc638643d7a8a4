import { mkdir, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { z } from "zod";
import type { KeyFacts } from "#core/tracking/key-states.ts";
import type { Secrets } from "../platform/index.ts";
import { replaceFile } from "./json-file.ts";

/** A tracking key as the database has it: sealed. */
export type KeptKey = KeyFacts & { readonly box: Uint8Array };

/** [T44] The keys as they are kept for a process that starts without the database. */
export type KeptKeys = {
  /** Writes them down if there is something new. */
  readonly keep: (keys: readonly KeptKey[]) => Promise<void>;
  /** None if there is no such file, or it was sealed by another instance key. */
  readonly read: () => Promise<readonly KeptKey[]>;
};

const Kept = z.array(
  z.object({ kid: z.int(), box: z.base64(), createdAt: z.number(), retiredAt: z.number().nullable() }),
);
const purpose = "tracking-keys/kept";

/** Keeps keys in a file: sealed as a whole, and readable by its owner alone. */
export function keepKeysIn(file: string, secrets: Secrets): KeptKeys {
  let written = "";
  return {
    async keep(keys) {
      const text = JSON.stringify(
        keys.map(({ box, ...key }) => ({ ...key, box: Buffer.from(box).toString("base64") })),
      );
      if (text === written) return;
      await mkdir(dirname(file), { recursive: true });
      await replaceFile(file, secrets.seal(text, purpose), 0o600);
      written = text;
    },
    async read() {
      try {
        const text = secrets.open(await readFile(file), purpose).toString("utf8");
        return Kept.parse(JSON.parse(text)).map(({ box, ...key }) => ({
          ...key,
          box: Buffer.from(box, "base64"),
        }));
      } catch {
        return [];
      }
    },
  };
}
