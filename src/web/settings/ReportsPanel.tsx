import { Button, Code, Group, Select } from "@mantine/core";
import { IconDownload, IconMailCheck } from "@tabler/icons-react";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { feedbackRoutes, reportKinds, webhookRoutes } from "#contract/feedback.ts";
import { findBounceCategory } from "#core/delivery/bounce-categories.ts";
import { type AnswerOf, ask, askPages, urlOf } from "../app/api.ts";
import { useAddress } from "../app/navigation.ts";
import { DataTable } from "../ui/DataTable.tsx";
import { EmptyState } from "../ui/EmptyState.tsx";
import { LoadMore } from "../ui/LoadMore.tsx";
import { Panel } from "../ui/Panel.tsx";
import { ProblemPanel } from "../ui/ProblemPanel.tsx";
import { When } from "../ui/When.tsx";

type Report = AnswerOf<typeof feedbackRoutes.list>["items"][number];

export const kindWords: Readonly<Record<(typeof reportKinds)[number], string>> = {
  bounce: "Bounces",
  delay: "Delays",
  delivered: "Receipts",
  complaint: "Complaints",
  unsubscribe: "Unsubscribed",
  "auto-reply": "Answers of programs",
  "not-understood": "Not understood",
};

/** The ways in by their words: mail, and the webhooks there are. */
function useWays(): readonly { readonly value: string; readonly label: string }[] {
  const { data } = useQuery(ask(webhookRoutes.list, {}));
  return [
    { value: "smtp", label: "Mail to us" },
    { value: "imap", label: "Mailbox" },
    ...(data?.items.map(({ id, name }) => ({ value: id, label: name })) ?? []),
  ];
}

/** What came back, newest first, of one kind or by one way in. */
export function ReportsPanel() {
  const [{ kind, way }, setAddress] = useAddress();
  const ways = useWays();
  const chosen = reportKinds.find((known) => known === kind);
  const chosenWay = ways.find(({ value }) => value === way)?.value;
  const list = useInfiniteQuery(askPages(feedbackRoutes.list, { query: { kind: chosen, way: chosenWay } }));
  const rows = list.data?.pages.flatMap(({ items }) => items);
  return (
    <Panel
      title="What came back"
      lead="Kept for 90 days"
      actions={
        <Group gap="sm">
          <Select
            aria-label="Way in"
            placeholder="Every way in"
            clearable
            data={[...ways]}
            value={chosenWay ?? null}
            onChange={(value) => setAddress({ way: value ?? undefined })}
          />
          <Select
            aria-label="Kind"
            placeholder="Every kind"
            clearable
            data={reportKinds.map((value) => ({ value, label: kindWords[value] }))}
            value={chosen ?? null}
            onChange={(value) => setAddress({ kind: value ?? undefined })}
          />
        </Group>
      }
    >
      {list.isError ? (
        <ProblemPanel error={list.error} onRetry={() => void list.refetch()} />
      ) : (
        <DataTable
          label="What came back"
          rows={rows}
          rowKey={({ id }) => id}
          empty={
            <EmptyState icon={<IconMailCheck size={28} />} title="Nothing came back">
              Bounces, complaints and wishes to unsubscribe are listed here, whatever way they come.
            </EmptyState>
          }
          columns={[
            { key: "at", header: "When", isTight: true, cell: ({ at }) => <When at={at} /> },
            { key: "kind", header: "What", cell: whatOf },
            { key: "diagnostic", header: "In their words", cell: ({ diagnostic }) => diagnostic },
            { key: "subject", header: "Subject", isMinor: true, cell: ({ subject }) => subject || "–" },
            {
              key: "delivery",
              header: "Delivery",
              isMinor: true,
              cell: ({ deliveryId }) => (deliveryId ? <Code>{deliveryId}</Code> : "–"),
            },
            {
              key: "source",
              header: "Source",
              isHeaderHidden: true,
              align: "right",
              cell: ({ id, hasSource }) =>
                hasSource && (
                  <Button
                    component="a"
                    size="compact-sm"
                    variant="default"
                    href={urlOf(feedbackRoutes.source, { params: { id } })}
                    download={`${id}.eml`}
                    leftSection={<IconDownload aria-hidden size={14} />}
                  >
                    Source
                  </Button>
                ),
            },
          ]}
        />
      )}
      <LoadMore
        shown={rows?.length ?? 0}
        noun="report"
        nouns="reports"
        hasMore={list.hasNextPage}
        isLoading={list.isFetchingNextPage}
        onMore={() => void list.fetchNextPage()}
      />
    </Panel>
  );
}

function whatOf({ kind, category }: Report): string {
  const label = category === null ? undefined : findBounceCategory(category)?.label;
  return label ? `Bounce: ${label}` : kindWords[kind];
}
