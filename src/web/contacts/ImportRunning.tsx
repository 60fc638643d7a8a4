import { importRoutes } from "#contract/imports.ts";
import { useCall } from "../app/api.ts";
import { useCan } from "../app/session.ts";
import { ConfirmButton } from "../ui/confirm.tsx";
import { formatNumber } from "../ui/format.ts";
import { LiveDot } from "../ui/LiveDot.tsx";
import { ProgressPanel } from "../ui/ProgressPanel.tsx";
import { ImportCounts } from "./ImportCounts.tsx";
import { type Import, importShare } from "./import-words.ts";

/** An import under way. It goes on when this page is left, and after a restart of the server. */
export function ImportRunning({ running, at }: { readonly running: Import; readonly at: number }) {
  const { id, progress } = running;
  const canImport = useCan("contacts:import");
  const cancel = useCall(importRoutes.cancel, { changes: ["imports.", "contacts."] });
  const { rowsPerSecond, secondsLeft } = progress;
  return (
    <ProgressPanel
      title="Importing"
      share={importShare(running)}
      rate={rowsPerSecond === null ? undefined : `${formatNumber(Math.round(rowsPerSecond))} rows a second`}
      secondsLeft={secondsLeft ?? undefined}
      actions={
        canImport && (
          <ConfirmButton
            question={{
              title: "Stop this import?",
              body: "What was taken over until now stays. The rest of the file is left out.",
              action: "Stop the import",
            }}
            onConfirmed={() => cancel.mutateAsync({ params: { id } })}
          >
            Stop
          </ConfirmButton>
        )
      }
    >
      <ImportCounts progress={progress} />
      <LiveDot at={at} />
    </ProgressPanel>
  );
}
