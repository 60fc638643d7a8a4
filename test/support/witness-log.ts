import { closeSync, fsyncSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import type { Witnessed } from "./hostile-sink.ts";

const Line = z.object({
  kind: z.enum(["accepted", "cut"]),
  connection: z.number(),
  to: z.string(),
  messageId: z.string(),
  inContent: z.boolean(),
  at: z.coerce.date(),
});

/** What a sink saw, as it stands on the disk. */
export type WitnessLine = z.infer<typeof Line>;

export type WitnessLog = {
  /** Is on the disk, fsync included, when it returns. */
  readonly note: (event: Witnessed) => void;
  readonly read: () => WitnessLine[];
  /** How many messages were accepted so far. */
  readonly accepted: () => number;
  readonly remove: () => void;
};

/** The sink's own log, which the ledger is held against: a line for each message before its acceptance is answered. */
export function openWitnessLog(): WitnessLog {
  const directory = mkdtempSync(join(tmpdir(), "postroad-witness-"));
  const path = join(directory, "sink.log");
  const file = openSync(path, "a");
  let accepted = 0;
  return {
    note(event) {
      writeSync(file, `${JSON.stringify({ ...event, at: new Date() })}\n`);
      fsyncSync(file);
      if (event.kind === "accepted") accepted++;
    },
    read: () =>
      readFileSync(path, "utf8")
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => Line.parse(JSON.parse(line))),
    accepted: () => accepted,
    remove() {
      closeSync(file);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
