import { Button, Code, Select, Text } from "@mantine/core";
import { IconDownload, IconMailCheck } from "@tabler/icons-react";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { feedbackRoutes, reportKinds } from "#contract/feedback.ts";
import { findBounceCategory } from "#core/delivery/bounce-categories.ts";
import { type AnswerOf, ask, askPages, urlOf } from "../app/api.ts";
import { useAddress } from "../app/navigation.ts";
import { useCan } from "../app/session.ts";
import { DataTable } from "../ui/DataTable.tsx";
import { EmptyState } from "../ui/EmptyState.tsx";
import { formatNumber } from "../ui/format.ts";
import { LoadMore } from "../ui/LoadMore.tsx";
import { PageHeader } from "../ui/PageHeader.tsx";
import { PageLoading } from "../ui/PageLoading.tsx";
import { Panel } from "../ui/Panel.tsx";
import { ProblemPanel } from "../ui/ProblemPanel.tsx";
import { StatNumber, StatRow } from "../ui/StatNumber.tsx";
import { When } from "../ui/When.tsx";
import { SoftBounceForm } from "./SoftBounceForm.tsx";
import { toSettings } from "./settings-back.ts";

type State = AnswerOf<typeof feedbackRoutes.state>;
type Report = AnswerOf<typeof feedbackRoutes.list>["items"][number];

const kindWords: Readonly<Record<(typeof reportKinds)[number], string>> = {
  bounce: "Bounces",
  delay: "Delays",
  delivered: "Receipts",
  complaint: "Complaints",
  unsubscribe: "Unsubscribed by mail",
  "auto-reply": "Answers of programs",
  "not-understood": "Not understood",
};

/** What comes back about mail that was sent: ways in, the policy, and the reports themselves. */
export function BouncesPage() {
  const canRead = useCan("contacts:read");
  const { data, error, refetch } = useQuery(ask(feedbackRoutes.state, {}));
  return (
    <>
      <PageHeader
        title="Bounces and complaints"
        lead="What comes back after a message was accepted. What is refused at once stands with its mailing."
        back={toSettings}
      />
      {error && <ProblemPanel error={error} onRetry={() => void refetch()} />}
      {!data && !error && <PageLoading />}
      {data && (
        <>
          <WaysIn state={data} />
          <SoftBounceForm policy={data.softBounces} />
        </>
      )}
      {canRead && <Reports />}
    </>
  );
}

function WaysIn({ state: { inbound, counts } }: { readonly state: State }) {
  const domains = inbound.domains.join(", ");
  return (
    <Panel title="Ways in" lead="Within the last 30 days">
      <StatRow>
        {(["bounce", "complaint", "unsubscribe", "not-understood"] as const).map((kind) => {
          const count = counts.find((one) => one.kind === kind);
          const note = count ? (
            <>
              last <When at={count.lastAt} />
            </>
          ) : undefined;
          return (
            <StatNumber
              key={kind}
              label={kindWords[kind]}
              value={formatNumber(count?.total ?? 0)}
              note={note}
            />
          );
        })}
      </StatRow>
      {inbound.port === null ? (
        <Text size="sm" mt="md">
          No mail is taken in: set <Code>POSTROAD_INBOUND_SMTP_PORT</Code> for every process, give a route a
          bounce domain, and let mail for it come to that port.
        </Text>
      ) : (
        <Text size="sm" mt="md">
          Mail is taken in at port {inbound.port}
          {domains === ""
            ? ", but no route has a bounce domain yet, so nothing is accepted."
            : ` for ${domains}.`}
        </Text>
      )}
    </Panel>
  );
}

function Reports() {
  const [{ kind }, setAddress] = useAddress();
  const chosen = reportKinds.find((known) => known === kind);
  const list = useInfiniteQuery(askPages(feedbackRoutes.list, { query: { kind: chosen } }));
  const rows = list.data?.pages.flatMap(({ items }) => items);
  return (
    <Panel
      title="What came back"
      lead="Kept for 90 days"
      actions={
        <Select
          aria-label="Kind"
          placeholder="Every kind"
          clearable
          data={reportKinds.map((value) => ({ value, label: kindWords[value] }))}
          value={chosen ?? null}
          onChange={(value) => setAddress({ kind: value ?? undefined })}
        />
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
              Bounces, complaints and wishes to unsubscribe that come by mail are listed here.
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
