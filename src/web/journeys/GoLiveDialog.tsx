import { Alert, Button, Group, Loader, Modal, Stack, Text } from "@mantine/core";
import { IconCircleCheck } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { z } from "zod";
import { journeyRoutes } from "#contract/journeys.ts";
import { Finding } from "#contract/messages.ts";
import { ask, useCall } from "../app/api.ts";
import { formatCount } from "../ui/format.ts";
import { notify } from "../ui/notify.tsx";
import { ProblemPanel } from "../ui/ProblemPanel.tsx";
import { problemOf } from "../ui/problem.ts";
import { FindingList } from "./FindingList.tsx";
import type { Saved } from "./useJourneyDraft.ts";

/** Shows what the check says and how many would enter, and goes live. The server checks again in the same moment. */
export function GoLiveDialog({
  journey,
  onClose,
  onLive,
  onShow,
}: {
  readonly journey: Saved;
  readonly onClose: () => void;
  readonly onLive: (journey: Saved) => void;
  readonly onShow: (tileId: string) => void;
}) {
  const params = { journeyId: journey.id };
  const check = useQuery({
    ...ask(journeyRoutes.check, { params, query: { audience: "yes" } }),
    staleTime: 0,
    gcTime: 0,
  });
  const goLive = useCall(journeyRoutes.goLive, { changes: ["journeys.list", "journeys.numbers"] });

  async function start(): Promise<void> {
    try {
      onLive(await goLive.mutateAsync({ params, body: { revision: journey.revision } }));
      notify.done(`“${journey.name}” is live`);
      onClose();
    } catch (error) {
      if (z.array(Finding).safeParse(problemOf(error).facts.findings).success) await check.refetch();
      else notify.failed(error);
    }
  }

  const entry = journey.graph.tiles.find((tile) => tile.kind === "segment-start");
  const joinsLater = entry?.kind === "segment-start" && entry.joinLater;
  return (
    <Modal opened onClose={onClose} title="Go live" size="lg" closeButtonProps={{ "aria-label": "Close" }}>
      <Stack>
        {check.isError && <ProblemPanel error={check.error} />}
        {check.isFetching && (
          <Group role="status">
            <Loader size="sm" /> <Text size="sm">Checking the journey and every message in it…</Text>
          </Group>
        )}
        {check.data && !check.isFetching && (
          <>
            {check.data.passes && (
              <Alert
                color="spruce"
                variant="light"
                icon={<IconCircleCheck aria-hidden />}
                title="The check passed"
              >
                <Text size="sm">
                  {check.data.audience === null
                    ? ""
                    : `${formatCount(check.data.audience, "contact")} will enter at once. `}
                  {joinsLater ? "Those who join the segment later follow. " : ""}A live journey cannot be
                  edited; it can be paused and stopped.
                </Text>
              </Alert>
            )}
            <FindingList
              findings={check.data.findings}
              onShow={(tileId) => {
                onClose();
                onShow(tileId);
              }}
            />
          </>
        )}
        <Group justify="end">
          <Button variant="default" onClick={onClose}>
            Not yet
          </Button>
          <Button
            onClick={() => void start()}
            loading={goLive.isPending}
            disabled={check.isFetching || !check.data?.passes}
          >
            Go live
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
