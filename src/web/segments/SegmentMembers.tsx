import { Button, Stack, Text, Textarea } from "@mantine/core";
import { IconUsers } from "@tabler/icons-react";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import type { z } from "zod";
import { type SegmentContact, segmentRoutes } from "#contract/segments.ts";
import { ask, askPages, useCall } from "../app/api.ts";
import { paths } from "../app/paths.ts";
import { type Column, DataTable } from "../ui/DataTable.tsx";
import { EmptyState } from "../ui/EmptyState.tsx";
import { FormEnd } from "../ui/FormEnd.tsx";
import { formatClock, formatCount } from "../ui/format.ts";
import { LoadMore } from "../ui/LoadMore.tsx";
import { notify } from "../ui/notify.tsx";
import { Panel } from "../ui/Panel.tsx";
import { ProblemPanel } from "../ui/ProblemPanel.tsx";
import { useForm } from "../ui/useForm.ts";

type Row = z.output<typeof SegmentContact>;

const columns: readonly [Column<Row>, ...Column<Row>[]] = [
  { key: "email", header: "Address", cell: ({ email }) => email },
  {
    key: "name",
    header: "Name",
    cell: ({ firstName, lastName }) => [firstName, lastName].filter(Boolean).join(" "),
  },
  { key: "city", header: "City", cell: ({ city }) => city },
  { key: "country", header: "Country", cell: ({ country }) => country, isMinor: true },
];

/** Who is in a segment now. Those of a hand-picked one are added and removed here. */
export function SegmentMembers({
  segment: { id, kind },
  isReadOnly,
}: {
  readonly segment: { readonly id: string; readonly kind: "dynamic" | "static" };
  readonly isReadOnly: boolean;
}) {
  const count = useQuery(ask(segmentRoutes.count, { params: { id } }));
  const list = useInfiniteQuery(askPages(segmentRoutes.members, { params: { id }, query: {} }));
  const rows = list.data?.pages.flatMap((page) => page.items);
  const canPick = kind === "static" && !isReadOnly;
  if (list.error) return <ProblemPanel error={list.error} onRetry={() => void list.refetch()} />;
  return (
    <>
      {canPick && <AddMembers id={id} />}
      <Text mb="sm" role="status">
        {count.data && `${formatCount(count.data.total, "member")} as of ${formatClock(count.data.asOf)}`}
      </Text>
      <DataTable
        label="Members"
        columns={canPick ? [...columns, removeColumn(id)] : columns}
        rows={rows}
        rowKey={(row) => row.id}
        rowHref={(row) => paths.contact({ id: row.id })}
        empty={
          <EmptyState icon={<IconUsers size={32} />} title="Nobody is in it">
            {kind === "static"
              ? "Add contacts by their addresses."
              : "No contact fits its rules at the moment."}
          </EmptyState>
        }
      />
      <LoadMore
        shown={rows?.length ?? 0}
        noun="member"
        hasMore={list.hasNextPage}
        isLoading={list.isFetchingNextPage}
        onMore={() => void list.fetchNextPage()}
      />
    </>
  );
}

function removeColumn(id: string): Column<Row> {
  return {
    key: "remove",
    header: "Remove",
    isHeaderHidden: true,
    width: "110px",
    cell: (row) => <RemoveButton id={id} row={row} />,
  };
}

function RemoveButton({ id, row }: { readonly id: string; readonly row: Row }) {
  const changes = ["segments."];
  const remove = useCall(segmentRoutes.removeMembers, { changes });
  const add = useCall(segmentRoutes.addMembers, { changes });
  const body = { contactIds: [row.id] };
  async function take(): Promise<void> {
    try {
      await remove.mutateAsync({ params: { id }, body });
      notify.undo(`${row.email} is removed`, () => add.mutate({ params: { id }, body }));
    } catch (error) {
      notify.failed(error);
    }
  }
  return (
    <Button
      variant="subtle"
      size="compact-sm"
      loading={remove.isPending}
      aria-label={`Remove ${row.email}`}
      onClick={() => void take()}
    >
      Remove
    </Button>
  );
}

function AddMembers({ id }: { readonly id: string }) {
  const add = useCall(segmentRoutes.addMembers, { changes: ["segments."] });
  const form = useForm({
    initial: { addresses: "" },
    isClearedAfter: true,
    submit: async ({ addresses }) => {
      const list = addresses.split(/[\s,;]+/).filter((address) => address !== "");
      const { changed, unknownAddresses } = await add.mutateAsync({
        params: { id },
        body: { addresses: list },
      });
      const unknown =
        unknownAddresses.length === 0
          ? ""
          : ` Not among the contacts: ${unknownAddresses.slice(0, 5).join(", ")}`;
      notify.done(`${formatCount(changed, "contact")} added.${unknown}`);
    },
  });
  return (
    <Panel title="Add contacts">
      <form {...form.props}>
        <Stack maw={560}>
          <Textarea
            label="Addresses"
            description="One per line, or with commas between. They must be contacts already."
            autosize
            minRows={2}
            maxRows={8}
            {...form.text("addresses")}
          />
          <FormEnd form={form} action="Add to segment" />
        </Stack>
      </form>
    </Panel>
  );
}
