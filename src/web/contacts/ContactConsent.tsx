import { Button, Text } from "@mantine/core";
import { useInfiniteQuery, useSuspenseQuery } from "@tanstack/react-query";
import { consentRoutes } from "#contract/consent.ts";
import { type AnswerOf, ask, askPages, useCall } from "../app/api.ts";
import { paths } from "../app/paths.ts";
import { useCan } from "../app/session.ts";
import { confirm } from "../ui/confirm.tsx";
import { DataTable } from "../ui/DataTable.tsx";
import { formatDateTime } from "../ui/format.ts";
import { LoadMore } from "../ui/LoadMore.tsx";
import { notify } from "../ui/notify.tsx";
import { Panel } from "../ui/Panel.tsx";
import { StatusBadge, type Tone } from "../ui/StatusBadge.tsx";
import { When } from "../ui/When.tsx";
import { RecordConsent } from "./RecordConsent.tsx";

type Consent = AnswerOf<typeof consentRoutes.ofContact>;
type TopicState = Consent["topics"][number];

const states: Readonly<Record<TopicState["state"], { readonly tone: Tone; readonly words: string }>> = {
  granted: { tone: "good", words: "Agreed" },
  withdrawn: { tone: "bad", words: "Withdrew" },
  none: { tone: "quiet", words: "Never asked" },
};

/** What a contact's address agreed to, why it may not be mailed, and the ledger behind both. */
export function ContactConsent({ id }: { readonly id: string }) {
  const { data } = useSuspenseQuery(ask(consentRoutes.ofContact, { params: { id } }));
  return (
    <>
      {data.suppressions.length > 0 && <Suppressions suppressions={data.suppressions} />}
      <Topics id={id} consent={data} />
      <Ledger id={id} />
    </>
  );
}

function Suppressions({ suppressions }: { readonly suppressions: Consent["suppressions"] }) {
  return (
    <Panel
      tone="bad"
      title="This address is suppressed"
      lead={
        <>
          It is not mailed, whatever it agreed to. Suppressions are lifted in the{" "}
          <a href={paths.suppressions()}>settings</a>.
        </>
      }
    >
      {suppressions.map((suppression) => (
        <Text size="sm" key={suppression.id}>
          <strong>{suppression.category}</strong>: {suppression.reason}, since{" "}
          {formatDateTime(suppression.since)}
          {suppression.expiresAt && `, until ${formatDateTime(suppression.expiresAt)}`}
        </Text>
      ))}
    </Panel>
  );
}

function Topics({ id, consent }: { readonly id: string; readonly consent: Consent }) {
  const canWrite = useCan("contacts:write");
  const record = useCall(consentRoutes.record, { changes: ["consent.", "contacts."] });
  async function optOut(): Promise<void> {
    const goOn = await confirm({
      title: "Stop all commercial mail?",
      body: "Records that this person refused all commercial mail. Only they can take that back, or tell you to.",
      action: "Record the refusal",
    });
    if (!goOn) return;
    try {
      await record.mutateAsync({ params: { id }, body: { topicId: null, kind: "withdrawn" } });
      notify.done("Refusal recorded");
    } catch (error) {
      notify.failed(error);
    }
  }
  return (
    <Panel
      title="Topics"
      lead={
        consent.optedOutAt
          ? `Refused all commercial mail on ${formatDateTime(consent.optedOutAt)}; that beats every topic.`
          : "What the address agreed to receive."
      }
      actions={
        canWrite && (
          <>
            {!consent.optedOutAt && (
              <Button variant="default" onClick={() => void optOut()}>
                Refuses all mail
              </Button>
            )}
            <RecordConsent id={id} topics={consent.topics} isOptedOut={consent.optedOutAt !== null} />
          </>
        )
      }
    >
      <DataTable
        label="Topics"
        rows={consent.topics}
        rowKey={({ topicId }) => topicId}
        empty={
          <Text size="sm" c="dimmed">
            There are no topics yet. <a href={paths.topics()}>Add one</a> to record what people agree to.
          </Text>
        }
        columns={[
          { key: "name", header: "Topic", cell: ({ name }) => name },
          {
            key: "state",
            header: "State",
            cell: ({ state }) => <StatusBadge tone={states[state].tone}>{states[state].words}</StatusBadge>,
          },
          { key: "since", header: "Since", cell: ({ since }) => (since ? formatDateTime(since) : "–") },
        ]}
      />
    </Panel>
  );
}

function Ledger({ id }: { readonly id: string }) {
  const list = useInfiniteQuery(askPages(consentRoutes.history, { params: { id } }));
  const rows = list.data?.pages.flatMap(({ items }) => items);
  return (
    <Panel
      title="Ledger"
      lead="Every agreement and refusal of this address. Nothing here is ever changed or removed."
    >
      <DataTable
        label="Ledger of consent"
        rows={rows}
        rowKey={(row) => `${row.at} ${row.topicId} ${row.kind}`}
        empty={
          <Text size="sm" c="dimmed">
            Nothing recorded yet.
          </Text>
        }
        columns={[
          { key: "at", header: "When", cell: ({ at }) => <When at={at} /> },
          {
            key: "what",
            header: "What",
            cell: ({ kind, topicName, topicId }) =>
              `${kind === "granted" ? "Agreed to" : "Withdrew from"} ${topicName ?? topicId ?? "all commercial mail"}`,
          },
          {
            key: "source",
            header: "How",
            cell: ({ source, actor }) => (actor ? `${source}, ${actor}` : source),
          },
          { key: "wording", header: "Wording", cell: ({ wording }) => wording ?? "–", isMinor: true },
        ]}
      />
      <LoadMore
        shown={rows?.length ?? 0}
        noun="entry"
        nouns="entries"
        hasMore={list.hasNextPage}
        isLoading={list.isFetchingNextPage}
        onMore={() => void list.fetchNextPage()}
      />
    </Panel>
  );
}
