import { Anchor, Text } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { insightRoutes } from "#contract/insights.ts";
import { askPages } from "../app/api.ts";
import { paths } from "../app/paths.ts";
import { LoadMore } from "../ui/LoadMore.tsx";
import { PageLoading } from "../ui/PageLoading.tsx";
import { ProblemPanel } from "../ui/ProblemPanel.tsx";
import { SidePanel } from "../ui/SidePanel.tsx";
import { When } from "../ui/When.tsx";
import css from "./insights.module.css";
import type { Drill, DrillMetric } from "./MetricRow.tsx";

const titles: Record<DrillMetric, string> = {
  recipients: "Recipients",
  accepted: "Accepted",
  refused: "Refused",
  skipped: "Skipped",
  "given-up": "Given up",
  "in-doubt": "In doubt",
  "bounced-later": "Bounced later",
  opens: "Opened by a person",
  "machine-opens": "Opened by a machine",
  clicks: "Clicked by a person",
  "machine-clicks": "Clicked by a machine",
  forwards: "Forwarded",
  unsubscribes: "Unsubscribed",
};

/** The contacts behind a number, beside the page that shows it. */
export function ContactsBehind({
  of,
  drill,
  onClose,
}: {
  readonly of: string;
  readonly drill: Drill | undefined;
  readonly onClose: () => void;
}) {
  return (
    <SidePanel title={drill ? titles[drill.metric] : ""} isOpen={drill !== undefined} onClose={onClose}>
      {drill && <List of={of} drill={drill} />}
    </SidePanel>
  );
}

function List({ of, drill }: { readonly of: string; readonly drill: Drill }) {
  const list = useInfiniteQuery(askPages(insightRoutes.contacts, { query: { of, ...drill } }));
  const rows = list.data?.pages.flatMap(({ items }) => items);
  if (list.isError) return <ProblemPanel error={list.error} onRetry={() => void list.refetch()} />;
  if (!rows) return <PageLoading />;
  if (rows.length === 0)
    return (
      <Text c="dimmed" size="sm">
        Nobody.
      </Text>
    );
  return (
    <>
      <ul className={css.behind}>
        {rows.map(({ rowId, contactId, email, firstName, lastName, at, detail }) => (
          <li key={rowId}>
            {contactId ? (
              <Anchor href={paths.contact({ id: contactId })} size="sm">
                {email}
              </Anchor>
            ) : (
              <Text size="sm">{email || "Somebody who is no contact (any more)"}</Text>
            )}
            <Text size="sm" c="dimmed">
              {firstName || lastName ? `${[firstName, lastName].filter(Boolean).join(" ")} · ` : ""}
              {at && <When at={at} />}
            </Text>
            {detail && (
              <Text size="xs" c="dimmed">
                {detail}
              </Text>
            )}
          </li>
        ))}
      </ul>
      <LoadMore
        shown={rows.length}
        noun="row"
        hasMore={list.hasNextPage}
        isLoading={list.isFetchingNextPage}
        onMore={() => void list.fetchNextPage()}
      />
    </>
  );
}
