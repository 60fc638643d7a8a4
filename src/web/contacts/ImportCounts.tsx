import { Box } from "@mantine/core";
import { formatNumber } from "../ui/format.ts";
import { StatNumber, StatRow } from "../ui/StatNumber.tsx";
import type { Import } from "./import-words.ts";

/** What became of the rows so far. The four add up to the rows read. */
export function ImportCounts({ progress }: { readonly progress: Import["progress"] }) {
  return (
    <Box my="lg">
      <StatRow>
        <StatNumber label="Rows read" value={formatNumber(progress.readRows)} />
        <StatNumber label="Added" value={formatNumber(progress.createdRows)} />
        <StatNumber label="Updated" value={formatNumber(progress.updatedRows)} />
        <StatNumber label="Skipped" value={formatNumber(progress.skippedRows)} />
        <StatNumber label="Not taken" value={formatNumber(progress.failedRows)} />
      </StatRow>
    </Box>
  );
}
