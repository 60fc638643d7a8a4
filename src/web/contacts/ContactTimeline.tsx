import { Text } from "@mantine/core";
import { IconCheckbox, IconClick, IconHistory, IconMail, IconRoute } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { contactRoutes } from "#contract/contacts.ts";
import { type AnswerOf, askPages } from "../app/api.ts";
import { refreshMs } from "../app/query-client.ts";
import { EmptyState } from "../ui/EmptyState.tsx";
import { LiveDot } from "../ui/LiveDot.tsx";
import { LoadMore } from "../ui/LoadMore.tsx";
import { PageLoading } from "../ui/PageLoading.tsx";
import { ProblemPanel } from "../ui/ProblemPanel.tsx";
import { When } from "../ui/When.tsx";
import css from "./ContactTimeline.module.css";
import { SentMessage } from "./SentMessage.tsx";
import { timelineFacts, timelineWords } from "./timeline-words.ts";

type Entry = AnswerOf<typeof contactRoutes.timeline>["items"][number];

const icons = {
  interaction: IconClick,
  delivery: IconMail,
  journey: IconRoute,
  consent: IconCheckbox,
} as const satisfies Record<Entry["source"], unknown>;

/** What happened with a contact, newest first, as it happens. */
export function ContactTimeline({ id }: { readonly id: string }) {
  const list = useInfiniteQuery({
    ...askPages(contactRoutes.timeline, { params: { id } }),
    refetchInterval: refreshMs.calm,
  });
  if (list.isPending) return <PageLoading />;
  if (list.isError) return <ProblemPanel error={list.error} onRetry={() => void list.refetch()} />;
  const entries = list.data.pages.flatMap(({ items }) => items);
  if (entries.length === 0)
    return (
      <EmptyState icon={<IconHistory size={28} />} title="Nothing happened yet">
        Messages sent, opens, clicks, journeys and consent appear here, newest first.
      </EmptyState>
    );
  return (
    <>
      <LiveDot at={list.dataUpdatedAt} isLive={!list.isRefetchError} />
      <ol className={css.entries}>
        {entries.map((entry) => (
          <TimelineEntry
            key={`${entry.at} ${entry.source} ${entry.kind} ${entry.deliveryId} ${JSON.stringify(entry.details)}`}
            entry={entry}
          />
        ))}
      </ol>
      <LoadMore
        shown={entries.length}
        noun="entry"
        nouns="entries"
        hasMore={list.hasNextPage}
        isLoading={list.isFetchingNextPage}
        onMore={() => void list.fetchNextPage()}
      />
    </>
  );
}

/** Whether a message was made for it: who is skipped gets none. */
const wasMade = (outcome: string) => outcome !== "skipped";

function TimelineEntry({ entry }: { readonly entry: Entry }) {
  const Icon = icons[entry.source];
  const facts = timelineFacts(entry);
  return (
    <li className={css.entry}>
      <span className={css.icon} aria-hidden>
        <Icon size={16} />
      </span>
      <div>
        <Text size="sm" fw={550}>
          {timelineWords(entry)}
        </Text>
        {facts.length > 0 && (
          <Text size="sm" c="dimmed" style={{ overflowWrap: "anywhere" }}>
            {facts.join(" · ")}
          </Text>
        )}
        {entry.source === "delivery" && entry.deliveryId && wasMade(entry.kind) && (
          <SentMessage deliveryId={entry.deliveryId} />
        )}
      </div>
      <Text size="sm" c="dimmed" component="div">
        <When at={entry.at} />
      </Text>
    </li>
  );
}
