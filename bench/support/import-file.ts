import { openAsBlob } from "node:fs";
import type { RunningProduct } from "./product-process.ts";
import type { Figure } from "./report.ts";
import { waitUntil } from "./wait-until.ts";

const secondsSince = (start: number) => (performance.now() - start) / 1000;

/** Uploads a CSV and imports it, as the page does. */
export async function importFile(
  client: RunningProduct["client"],
  file: string,
): Promise<{ readonly created: number; readonly figures: readonly Figure[] }> {
  const start = performance.now();
  const uploaded = await client.imports.upload({
    query: { fileName: "contacts.csv" },
    file: await openAsBlob(file),
  });
  const uploadSeconds = secondsSince(start);
  const startedAt = performance.now();
  await client.imports.start({ params: { id: uploaded.id } });
  const done = await waitUntil(
    "The end of the import",
    900,
    () => client.imports.get({ params: { id: uploaded.id } }),
    ({ state }) => state !== "running",
  );
  const seconds = secondsSince(startedAt);
  if (done.state !== "finished") throw new Error(`The import ${done.state}: ${done.problem ?? ""}`);
  const rows = done.progress.createdRows;
  return {
    created: rows,
    figures: [
      { name: "upload", value: uploadSeconds, unit: "s" },
      { name: "import", value: seconds, unit: "s", note: `${rows.toLocaleString("en")} contacts created` },
      { name: "rows imported a second", value: rows / seconds, unit: "/s" },
    ],
  };
}
