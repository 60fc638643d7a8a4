import { Button, Group, Stack, Text } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import type { z } from "zod";
import { type Message, messageRoutes } from "#contract/messages.ts";
import { askPages, call } from "../app/api.ts";
import { confirm } from "../ui/confirm.tsx";
import { formatBytes, formatDateTime } from "../ui/format.ts";
import { LoadMore } from "../ui/LoadMore.tsx";
import { notify } from "../ui/notify.tsx";
import { Panel } from "../ui/Panel.tsx";
import type { Draft } from "./draft.ts";

/** Every version that went live, newest first; any of them can be taken back into the draft. */
export function VersionsPanel({
  message,
  onRestore,
}: {
  readonly message: z.output<typeof Message>;
  readonly onRestore: (draft: Partial<Draft>) => void;
}) {
  const list = useInfiniteQuery(
    askPages(messageRoutes.versions, { params: { messageId: message.id }, query: {} }),
  );
  const versions = list.data?.pages.flatMap((page) => page.items) ?? [];

  async function restore(number: number): Promise<void> {
    const sure = await confirm({
      title: `Take version ${number} into the draft?`,
      body: "The draft's content is replaced. Live versions and running journeys stay as they are.",
      action: "Replace the draft",
      isDangerous: false,
    });
    if (!sure) return;
    try {
      const { source } = await call(messageRoutes.version, { params: { messageId: message.id, number } });
      const { designation: _locked, ...content } = source;
      onRestore(content);
      notify.done(`Version ${number} is in the draft`);
    } catch (error) {
      notify.failed(error);
    }
  }

  if (list.isSuccess && versions.length === 0)
    return (
      <Text c="dimmed" size="sm">
        None yet. Each time the message goes live, an unchangeable version is kept here.
      </Text>
    );
  return (
    <Stack gap="xs">
      {versions.map(({ id, number, publishedAt, publishedBy, sizeBytes }) => (
        <Panel key={id}>
          <Group justify="space-between">
            <div>
              <Text fw={600}>
                Version {number}
                {message.live?.number === number ? " · live now" : ""}
              </Text>
              <Text size="sm" c="dimmed">
                {formatDateTime(publishedAt)}
                {publishedBy ? ` by ${publishedBy}` : ""} · {formatBytes(sizeBytes)}
              </Text>
            </div>
            <Button variant="default" size="compact-sm" onClick={() => void restore(number)}>
              Take into draft
            </Button>
          </Group>
        </Panel>
      ))}
      <LoadMore
        shown={versions.length}
        noun="version"
        hasMore={list.hasNextPage}
        isLoading={list.isFetchingNextPage}
        onMore={() => void list.fetchNextPage()}
      />
    </Stack>
  );
}
