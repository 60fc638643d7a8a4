import { Anchor, Button, Stack, Text, Timeline } from "@mantine/core";
import { IconUsers } from "@tabler/icons-react";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { journeyRoutes } from "#contract/journeys.ts";
import { ask, askPages } from "../app/api.ts";
import { paths } from "../app/paths.ts";
import { DataTable } from "../ui/DataTable.tsx";
import { EmptyState } from "../ui/EmptyState.tsx";
import { formatDateTime } from "../ui/format.ts";
import { LoadMore } from "../ui/LoadMore.tsx";
import { SidePanel } from "../ui/SidePanel.tsx";
import { When } from "../ui/When.tsx";
import type { TileGroup } from "./TileNumbersTable.tsx";

/** The contacts behind a number, page by page; each can be followed through the journey. */
export function ContactsAtTile({
  journeyId,
  tileId,
  group,
  title,
  onClose,
}: {
  readonly journeyId: string;
  readonly tileId: string;
  readonly group: TileGroup;
  readonly title: string;
  readonly onClose: () => void;
}) {
  const [followed, setFollowed] = useState<{ readonly contactId: string; readonly email: string }>();
  const list = useInfiniteQuery(
    askPages(journeyRoutes.contactsAtTile, { params: { journeyId, tileId }, query: { group } }),
  );
  const rows = list.data?.pages.flatMap((page) => page.items);
  return (
    <SidePanel title={followed ? followed.email : title} isOpen onClose={onClose}>
      {followed ? (
        <Stack>
          <Button variant="default" size="compact-sm" onClick={() => setFollowed(undefined)}>
            Back to the list
          </Button>
          <Trace journeyId={journeyId} contactId={followed.contactId} />
        </Stack>
      ) : (
        <>
          <DataTable
            label={title}
            columns={[
              {
                key: "email",
                header: "Contact",
                cell: (row) => (
                  <Anchor component="button" type="button" size="sm" onClick={() => setFollowed(row)}>
                    {row.email}
                  </Anchor>
                ),
              },
              { key: "arrivedAt", header: "Arrived", cell: ({ arrivedAt }) => <When at={arrivedAt} /> },
            ]}
            rows={rows}
            rowKey={({ contactId, arrivedAt }) => `${contactId} ${arrivedAt}`}
            empty={
              <EmptyState icon={<IconUsers size={32} />} title="Nobody right now">
                They have moved on since the number was read.
              </EmptyState>
            }
          />
          <LoadMore
            shown={rows?.length ?? 0}
            noun="contact"
            hasMore={list.hasNextPage}
            isLoading={list.isFetchingNextPage}
            onMore={() => void list.fetchNextPage()}
          />
        </>
      )}
    </SidePanel>
  );
}

/** What one contact went through, in words. */
function Trace({ journeyId, contactId }: { readonly journeyId: string; readonly contactId: string }) {
  const trace = useQuery(ask(journeyRoutes.trace, { params: { journeyId, contactId } }));
  if (!trace.data) return <Text role="status">{trace.isError ? "This could not be read." : "Reading…"}</Text>;
  const { steps } = trace.data;
  return (
    <>
      <Anchor href={paths.contact({ id: contactId })} size="sm">
        Open this contact
      </Anchor>
      <Timeline active={steps.length - 1} bulletSize={14} lineWidth={2}>
        {steps.map(({ tileId, title, what, arrivedAt, leftAt }) => (
          <Timeline.Item key={`${tileId} ${arrivedAt} ${leftAt}`} title={title}>
            <Text size="sm">{what}</Text>
            <Text size="xs" c="dimmed">
              {formatDateTime(leftAt ?? arrivedAt)}
            </Text>
          </Timeline.Item>
        ))}
      </Timeline>
    </>
  );
}
