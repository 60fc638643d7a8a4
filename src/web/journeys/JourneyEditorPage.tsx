import { Alert, Button, Text } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useSuspenseQuery } from "@tanstack/react-query";
import { ReactFlowProvider } from "@xyflow/react";
import { useEffect, useState } from "react";
import { journeyRoutes } from "#contract/journeys.ts";
import { ask, call } from "../app/api.ts";
import { HeldMailings } from "../app/HeldMailings.tsx";
import { useParam, useUnsavedGuard } from "../app/navigation.ts";
import { paths } from "../app/paths.ts";
import { useCan } from "../app/session.ts";
import { phoneQuery } from "../ui/DataTable.tsx";
import { LiveDot } from "../ui/LiveDot.tsx";
import { PageHeader } from "../ui/PageHeader.tsx";
import { StatusBadge } from "../ui/StatusBadge.tsx";
import { GoLiveDialog } from "./GoLiveDialog.tsx";
import { EditButtons, JourneyActions } from "./JourneyActions.tsx";
import { JourneyWorkbench } from "./JourneyWorkbench.tsx";
import { stateWords } from "./journey-state.ts";
import { useFollowedState } from "./useFollowedState.ts";
import { useJourneyDraft } from "./useJourneyDraft.ts";
import { useNumbers } from "./useNumbers.ts";

const saveWords = {
  saved: "All changes saved",
  unsaved: "Not saved yet",
  saving: "Saving…",
  failed: "Not saved",
} as const;

/** Where a journey is drawn, checked, set live, and watched while contacts travel it. */
export function JourneyEditorPage() {
  const id = useParam("id");
  const journey = useSuspenseQuery({
    ...ask(journeyRoutes.get, { params: { journeyId: id } }),
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
    gcTime: 0,
  }).data;
  return <JourneyEditor key={journey.id} journey={journey} />;
}

function JourneyEditor({ journey }: { readonly journey: Parameters<typeof useJourneyDraft>[0] }) {
  const editing = useJourneyDraft(journey);
  const { draft, saved, history, edit, save, accept, state, problem } = editing;
  const isReadOnly = !useCan("journeys:write") || saved.state !== "draft" || saved.isArchived;
  useUnsavedGuard(!isReadOnly && state !== "saved");
  useUndoKeys(isReadOnly, (kind) => edit({ kind }));
  useFollowedState(saved, accept);
  const numbers = useNumbers(saved);
  const [isGoingLive, setGoingLive] = useState(false);
  const [selectedId, setSelectedId] = useState<string | null>(null);
  const isPhone = useMediaQuery(phoneQuery, undefined, { getInitialValueInEffect: false }) ?? false;
  const words = stateWords[saved.state];
  return (
    <>
      <PageHeader
        title={draft.name.trim() || saved.name}
        back={{ label: "Journeys", href: paths.journeys() }}
        badge={<StatusBadge tone={words.tone}>{saved.isArchived ? "Archived" : words.label}</StatusBadge>}
        lead={
          isReadOnly ? (
            <LiveDot at={numbers.at} isLive={numbers.isRunning} />
          ) : (
            <span role="status">{saveWords[state]}</span>
          )
        }
        actions={
          <>
            {!isReadOnly && !isPhone && (
              <EditButtons
                canUndo={history.past.length > 0}
                canRedo={history.future.length > 0}
                onUndo={() => edit({ kind: "undo" })}
                onRedo={() => edit({ kind: "redo" })}
              />
            )}
            <JourneyActions
              journey={saved}
              onGoLive={() => void save().then((now) => now && setGoingLive(true))}
              onChanged={accept}
            />
          </>
        }
      />
      {problem && (
        <Alert color="red" title={problem.title} mb="md" role="alert">
          <Text size="sm">{problem.help}</Text>
          {problem.code === "journey.edited-elsewhere" ? (
            <Button
              mt="xs"
              size="compact-sm"
              variant="default"
              onClick={() =>
                void call(journeyRoutes.get, { params: { journeyId: saved.id } }).then(editing.takeTheirs)
              }
            >
              Load the newest draft (what you drew here is dropped)
            </Button>
          ) : (
            <Button mt="xs" size="compact-sm" variant="default" onClick={() => void save()}>
              Save again
            </Button>
          )}
        </Alert>
      )}
      {saved.state !== "draft" && <HeldMailings journeyId={saved.id} />}
      <ReactFlowProvider>
        <JourneyWorkbench
          editing={editing}
          isReadOnly={isReadOnly}
          isPhone={isPhone}
          numbersOf={numbers.of}
          selectedId={selectedId}
          onSelect={setSelectedId}
        />
      </ReactFlowProvider>
      {isGoingLive && (
        <GoLiveDialog
          journey={saved}
          onClose={() => setGoingLive(false)}
          onLive={accept}
          onShow={setSelectedId}
        />
      )}
    </>
  );
}

/** Ctrl+Z undoes, Ctrl+Y and Ctrl+Shift+Z redo, except while typing in a field, which has its own undo. */
function useUndoKeys(isReadOnly: boolean, act: (kind: "undo" | "redo") => void): void {
  useEffect(() => {
    if (isReadOnly) return;
    const hear = (event: KeyboardEvent) => {
      const isTyping =
        event.target instanceof Element && event.target.closest("input, textarea, [contenteditable]");
      if (!(event.ctrlKey || event.metaKey) || isTyping) return;
      const key = event.key.toLowerCase();
      if (key !== "z" && key !== "y") return;
      event.preventDefault();
      act(key === "y" || event.shiftKey ? "redo" : "undo");
    };
    document.addEventListener("keydown", hear);
    return () => document.removeEventListener("keydown", hear);
  }, [isReadOnly, act]);
}
