import { Alert, Button, Group, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { importRoutes } from "#contract/imports.ts";
import { urlOf } from "../app/api.ts";
import { paths } from "../app/paths.ts";
import { formatCount, formatDateTime, formatDuration } from "../ui/format.ts";
import { Panel } from "../ui/Panel.tsx";
import { ImportCounts } from "./ImportCounts.tsx";
import type { Import } from "./import-words.ts";

const titles = {
  finished: "Done",
  cancelled: "Stopped by hand",
  failed: "The import could not go on",
} as const;

/** What an import did, and the rows that were not taken over. */
export function ImportResult({ done }: { readonly done: Import }) {
  const { id, state, progress, problem, startedAt, finishedAt } = done;
  const title = state === "cancelled" || state === "failed" ? titles[state] : titles.finished;
  const seconds =
    startedAt && finishedAt ? (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000 : undefined;
  return (
    <Panel
      title={title}
      lead={
        finishedAt
          ? `${formatDateTime(finishedAt)}${seconds === undefined ? "" : `, after ${formatDuration(seconds)}`}`
          : undefined
      }
    >
      {problem && <Alert color="red">{problem}</Alert>}
      <ImportCounts progress={progress} />
      {progress.failedRows > 0 && (
        <Text size="sm" mb="md">
          {formatCount(progress.failedRows, "row")} could not be taken over. The file lists each with its
          reason; correct it and import it again: people who are here already are not added twice.
        </Text>
      )}
      <Group>
        <Button component="a" href={paths.contacts()}>
          See contacts
        </Button>
        {progress.failedRows > 0 && (
          <Button
            component="a"
            href={urlOf(importRoutes.errors, { params: { id } })}
            download
            variant="default"
            leftSection={<IconDownload aria-hidden size={16} />}
          >
            Download the rows not taken
          </Button>
        )}
        <Button component="a" href={paths.importNew()} variant="default">
          Import another file
        </Button>
      </Group>
    </Panel>
  );
}
