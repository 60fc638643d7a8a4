import { useSuspenseQuery } from "@tanstack/react-query";
import { importRoutes } from "#contract/imports.ts";
import { ask } from "../app/api.ts";
import { useParam } from "../app/navigation.ts";
import { paths } from "../app/paths.ts";
import { refreshMs } from "../app/query-client.ts";
import { formatBytes } from "../ui/format.ts";
import { PageHeader } from "../ui/PageHeader.tsx";
import { StatusBadge } from "../ui/StatusBadge.tsx";
import { When } from "../ui/When.tsx";
import { ImportPreparation } from "./ImportPreparation.tsx";
import { ImportResult } from "./ImportResult.tsx";
import { ImportRunning } from "./ImportRunning.tsx";
import { importWords } from "./import-words.ts";

/** One import, from the columns to the result. */
export function ImportPage() {
  const id = useParam("id");
  const query = useSuspenseQuery({
    ...ask(importRoutes.get, { params: { id } }),
    refetchInterval: ({ state }) => (state.data?.state === "running" ? refreshMs.busy : false),
  });
  const { state, fileName, sizeBytes, createdAt } = query.data;
  return (
    <>
      <PageHeader
        title={fileName}
        badge={<StatusBadge tone={importWords[state].tone}>{importWords[state].words}</StatusBadge>}
        lead={
          <>
            {formatBytes(sizeBytes)}, uploaded <When at={createdAt} />
          </>
        }
        back={{ label: "Imports", href: paths.imports() }}
      />
      {state === "uploaded" && <ImportPreparation wanted={query.data} />}
      {state === "running" && <ImportRunning running={query.data} at={query.dataUpdatedAt} />}
      {(state === "finished" || state === "cancelled" || state === "failed") && (
        <ImportResult done={query.data} />
      )}
    </>
  );
}
