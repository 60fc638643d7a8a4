import type { importRoutes } from "#contract/imports.ts";
import type { AnswerOf } from "../app/api.ts";
import type { Tone } from "../ui/StatusBadge.tsx";

export type Import = AnswerOf<typeof importRoutes.get>;

/** The states of an import as people see them. */
export const importWords: Readonly<Record<Import["state"], { readonly tone: Tone; readonly words: string }>> =
  {
    uploaded: { tone: "warn", words: "Waiting for you" },
    running: { tone: "info", words: "Running" },
    finished: { tone: "good", words: "Finished" },
    cancelled: { tone: "quiet", words: "Cancelled" },
    failed: { tone: "bad", words: "Failed" },
  };

/** How far a running import is, 0..1, by bytes: rows are not counted beforehand. */
export function importShare({
  progress,
  sizeBytes,
  state,
}: Pick<Import, "progress" | "sizeBytes" | "state">): number {
  if (state === "finished") return 1;
  return sizeBytes > 0 ? Math.min(1, progress.readBytes / sizeBytes) : 0;
}
