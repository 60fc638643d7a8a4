import { Select, Text } from "@mantine/core";
import { IconHistory } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { accessRoutes } from "#contract/access.ts";
import { askPages } from "../app/api.ts";
import { useAddress } from "../app/navigation.ts";
import { DataTable } from "../ui/DataTable.tsx";
import { EmptyState } from "../ui/EmptyState.tsx";
import { formatDateTime } from "../ui/format.ts";
import { LoadMore } from "../ui/LoadMore.tsx";
import { PageHeader } from "../ui/PageHeader.tsx";
import { ProblemPanel } from "../ui/ProblemPanel.tsx";
import { SearchField } from "../ui/SearchField.tsx";
import { Toolbar } from "../ui/Toolbar.tsx";
import { auditDetails, auditSubject } from "./audit-words.ts";
import { toSettings } from "./settings-back.ts";

const kinds = [
  { value: "user", label: "People" },
  { value: "api-key", label: "API keys" },
  { value: "contact", label: "Contacts" },
  { value: "system", label: "Postroad itself" },
] as const;

/** Who did what, and when. */
export function AuditLogPage() {
  const [{ action, by }, setAddress] = useAddress();
  const actorKind = kinds.find(({ value }) => value === by)?.value;
  const list = useInfiniteQuery(
    askPages(accessRoutes.auditLog, { query: { action: action || undefined, actorKind } }),
  );
  const rows = list.data?.pages.flatMap(({ items }) => items);
  return (
    <>
      <PageHeader
        title="Audit log"
        lead="What anyone did, newest first. It cannot be changed."
        back={toSettings}
      />
      <Toolbar>
        <SearchField
          label="Action, such as contact.created"
          value={action ?? ""}
          onSearch={(text) => setAddress({ action: text })}
        />
        <Select
          aria-label="By whom"
          placeholder="By anybody"
          clearable
          data={[...kinds]}
          value={actorKind ?? null}
          onChange={(value) => setAddress({ by: value ?? undefined })}
        />
      </Toolbar>
      {list.isError ? (
        <ProblemPanel error={list.error} onRetry={() => void list.refetch()} />
      ) : (
        <DataTable
          label="Audit log"
          rows={rows}
          rowKey={({ id }) => id}
          empty={
            <EmptyState icon={<IconHistory size={28} />} title="Nothing matches">
              Actions are named in the past tense by what they are about. Take the filters out to see
              everything.
            </EmptyState>
          }
          columns={[
            { key: "at", header: "When", cell: ({ at }) => formatDateTime(at), isTight: true },
            {
              key: "actor",
              header: "Who",
              cell: ({ actor, ip }) => (ip ? `${actor.label} (${ip})` : actor.label),
            },
            { key: "action", header: "Did", cell: ({ action: done }) => <strong>{done}</strong> },
            { key: "subject", header: "To", cell: (entry) => auditSubject(entry) },
            {
              key: "details",
              header: "Details",
              isMinor: true,
              cell: ({ details }) => (
                <Text size="sm" c="dimmed" style={{ overflowWrap: "anywhere" }}>
                  {auditDetails(details)}
                </Text>
              ),
            },
          ]}
        />
      )}
      <LoadMore
        shown={rows?.length ?? 0}
        noun="entry"
        nouns="entries"
        hasMore={list.hasNextPage}
        isLoading={list.isFetchingNextPage}
        onMore={() => void list.fetchNextPage()}
      />
    </>
  );
}
