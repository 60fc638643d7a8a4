import { ActionIcon, Button, Menu } from "@mantine/core";
import {
  IconArchive,
  IconArrowBackUp,
  IconArrowForwardUp,
  IconCopy,
  IconDots,
  IconPlayerPause,
  IconPlayerPlay,
  IconPlayerStop,
  IconRefresh,
  IconRestore,
} from "@tabler/icons-react";
import { z } from "zod";
import { journeyRoutes } from "#contract/journeys.ts";
import { canDo } from "#core/journeys/lifecycle.ts";
import { useCall } from "../app/api.ts";
import { useGo } from "../app/navigation.ts";
import { paths } from "../app/paths.ts";
import { useCan } from "../app/session.ts";
import { confirm } from "../ui/confirm.tsx";
import { formatCount } from "../ui/format.ts";
import { notify } from "../ui/notify.tsx";
import { problemOf } from "../ui/problem.ts";
import type { Saved } from "./useJourneyDraft.ts";

const changes = ["journeys.list", "journeys.numbers"];
const stopFacts = z.object({ inside: z.number(), queued: z.number() });

/** Undo and redo of drawing. */
export function EditButtons({
  canUndo,
  canRedo,
  onUndo,
  onRedo,
}: {
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  readonly onUndo: () => void;
  readonly onRedo: () => void;
}) {
  return (
    <ActionIcon.Group>
      <ActionIcon
        variant="default"
        size="lg"
        aria-label="Undo"
        title="Undo (Ctrl+Z)"
        disabled={!canUndo}
        onClick={onUndo}
      >
        <IconArrowBackUp aria-hidden size={18} />
      </ActionIcon>
      <ActionIcon
        variant="default"
        size="lg"
        aria-label="Redo"
        title="Redo (Ctrl+Y)"
        disabled={!canRedo}
        onClick={onRedo}
      >
        <IconArrowForwardUp aria-hidden size={18} />
      </ActionIcon>
    </ActionIcon.Group>
  );
}

/** What can be done with a journey in its state: go live, pause, resume, stop; and copy, archive, restore. */
export function JourneyActions({
  journey,
  onGoLive,
  onChanged,
}: {
  readonly journey: Saved;
  readonly onGoLive: () => void;
  readonly onChanged: (journey: Saved) => void;
}) {
  const canPublish = useCan("journeys:publish");
  const params = { journeyId: journey.id };
  const pause = useCall(journeyRoutes.pause, { changes });
  const resume = useCall(journeyRoutes.resume, { changes });
  const stop = useCall(journeyRoutes.stop, { changes });

  async function attempt(work: () => Promise<Saved | undefined>): Promise<void> {
    try {
      const next = await work();
      if (next) onChanged(next);
    } catch (error) {
      notify.failed(error);
    }
  }

  /** Asks the server what stopping would cut off, asks the person, then stops. */
  async function stopIt(): Promise<Saved | undefined> {
    const facts = await stop.mutateAsync({ params, body: {} }).then(
      () => ({ inside: 0, queued: 0 }),
      (error: unknown) => {
        if (problemOf(error).code !== "journey.stop-not-confirmed") throw error;
        return stopFacts.parse(problemOf(error).facts);
      },
    );
    const isSure = await confirm({
      title: "Stop this journey for good?",
      body: `${formatCount(facts.inside, "contact")} on the way will go no further, and ${formatCount(facts.queued, "queued message")} will not be sent. It cannot be started again; a copy can.`,
      action: "Stop journey",
    });
    return isSure ? stop.mutateAsync({ params, body: { confirm: true } }) : undefined;
  }

  return (
    <>
      {canPublish && canDo("pause", journey.state) && (
        <Button
          variant="default"
          leftSection={<IconPlayerPause aria-hidden size={16} />}
          loading={pause.isPending}
          onClick={() => void attempt(() => pause.mutateAsync({ params }))}
        >
          Pause
        </Button>
      )}
      {canPublish && canDo("resume", journey.state) && (
        <Button
          leftSection={<IconPlayerPlay aria-hidden size={16} />}
          loading={resume.isPending}
          onClick={() => void attempt(() => resume.mutateAsync({ params }))}
        >
          Resume
        </Button>
      )}
      {canPublish && canDo("stop", journey.state) && (
        <Button
          variant="default"
          c="var(--tone-bad)"
          leftSection={<IconPlayerStop aria-hidden size={16} />}
          loading={stop.isPending}
          onClick={() => void attempt(stopIt)}
        >
          Stop
        </Button>
      )}
      {canPublish && canDo("go-live", journey.state) && !journey.isArchived && (
        <Button onClick={onGoLive}>Go live</Button>
      )}
      <MoreMenu journey={journey} attempt={attempt} />
    </>
  );
}

function MoreMenu({
  journey,
  attempt,
}: {
  readonly journey: Saved;
  readonly attempt: (work: () => Promise<Saved | undefined>) => Promise<void>;
}) {
  const go = useGo();
  const canWrite = useCan("journeys:write");
  const canPublish = useCan("journeys:publish");
  const params = { journeyId: journey.id };
  const copy = useCall(journeyRoutes.copy, { changes });
  const archive = useCall(journeyRoutes.archive, { changes });
  const restore = useCall(journeyRoutes.restore, { changes });
  const update = useCall(journeyRoutes.updateMessages, { changes });
  const newer = journey.live?.tilesWithNewerMessage.length ?? 0;
  if (!canWrite) return null;

  async function putAway(): Promise<Saved> {
    const next = await archive.mutateAsync({ params });
    notify.undo("Journey archived", () => void attempt(() => restore.mutateAsync({ params })));
    return next;
  }

  return (
    <Menu position="bottom-end" shadow="md">
      <Menu.Target>
        <ActionIcon variant="default" size="lg" aria-label="More actions">
          <IconDots aria-hidden size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {canPublish && newer > 0 && canDo("update-messages", journey.state) && (
          <Menu.Item
            leftSection={<IconRefresh aria-hidden size={16} />}
            onClick={() =>
              void attempt(async () => {
                const next = await update.mutateAsync({ params });
                notify.done("From now on the newest messages are sent");
                return next;
              })
            }
          >
            Send the newest messages from now on
          </Menu.Item>
        )}
        <Menu.Item
          leftSection={<IconCopy aria-hidden size={16} />}
          onClick={() =>
            void attempt(async () => {
              go(paths.journey({ id: (await copy.mutateAsync({ params })).id }));
              return undefined;
            })
          }
        >
          Copy
        </Menu.Item>
        {journey.isArchived ? (
          <Menu.Item
            leftSection={<IconRestore aria-hidden size={16} />}
            onClick={() => void attempt(() => restore.mutateAsync({ params }))}
          >
            Restore
          </Menu.Item>
        ) : (
          canDo("archive", journey.state) && (
            <Menu.Item
              leftSection={<IconArchive aria-hidden size={16} />}
              onClick={() => void attempt(putAway)}
            >
              Archive
            </Menu.Item>
          )
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
