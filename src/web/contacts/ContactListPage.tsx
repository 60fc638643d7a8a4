import { Button, Menu, Select } from "@mantine/core";
import { IconAddressBook, IconDownload, IconFileImport, IconPlus, IconUserPlus } from "@tabler/icons-react";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { contactRoutes } from "#contract/contacts.ts";
import { topicRoutes } from "#contract/topics.ts";
import { type AnswerOf, ask, askPages, urlOf } from "../app/api.ts";
import { useAddress } from "../app/navigation.ts";
import { paths } from "../app/paths.ts";
import { useCan } from "../app/session.ts";
import { type Column, DataTable } from "../ui/DataTable.tsx";
import { EmptyState } from "../ui/EmptyState.tsx";
import { formatCount } from "../ui/format.ts";
import { LoadMore } from "../ui/LoadMore.tsx";
import { PageHeader } from "../ui/PageHeader.tsx";
import { ProblemPanel } from "../ui/ProblemPanel.tsx";
import { SearchField } from "../ui/SearchField.tsx";
import { StatusBadge } from "../ui/StatusBadge.tsx";
import { Toolbar } from "../ui/Toolbar.tsx";
import { When } from "../ui/When.tsx";
import { countryName, fullName } from "./person-words.ts";

type Row = AnswerOf<typeof contactRoutes.list>["items"][number];

const columns: readonly [Column<Row>, ...Column<Row>[]] = [
  { key: "email", header: "Email", cell: ({ email }) => email },
  { key: "name", header: "Name", cell: (row) => fullName(row) || "–" },
  {
    key: "place",
    header: "Place",
    cell: ({ city, country }) => [city, country && countryName(country)].filter(Boolean).join(", ") || "–",
  },
  {
    key: "state",
    header: "State",
    cell: ({ isSuppressed }) => (isSuppressed ? <StatusBadge tone="bad">Suppressed</StatusBadge> : "–"),
  },
  { key: "createdAt", header: "Added", cell: ({ createdAt }) => <When at={createdAt} />, isMinor: true },
];

function yesOrNo(text: string | undefined): "yes" | "no" | undefined {
  return text === "yes" || text === "no" ? text : undefined;
}

/** Everybody we know, found by address or name. */
export function ContactListPage() {
  const [{ q = "", topic, suppressed }, setAddress] = useAddress();
  const filter = {
    search: q || undefined,
    topicId: topic,
    suppressed: yesOrNo(suppressed),
  };
  const isFiltered = Boolean(q || topic || suppressed);
  const list = useInfiniteQuery(askPages(contactRoutes.list, { query: filter }));
  const count = useQuery(ask(contactRoutes.count, { query: filter }));
  const topics = useQuery(ask(topicRoutes.list, {}));
  const rows = list.data?.pages.flatMap(({ items }) => items);
  const isEmpty = rows?.length === 0 && !isFiltered;
  return (
    <>
      <PageHeader
        title="Contacts"
        lead={
          count.data
            ? formatCount(count.data.total, isFiltered ? "matching contact" : "contact")
            : "Counting…"
        }
        actions={
          <Actions
            exportHref={urlOf(contactRoutes.export, { query: filter })}
            hasRows={Boolean(rows?.length)}
            isEmpty={isEmpty}
          />
        }
      />
      <Toolbar>
        <SearchField
          label="Search by address or name"
          value={q}
          onSearch={(text) => setAddress({ q: text })}
        />
        <Select
          aria-label="Topic"
          placeholder="Any topic"
          clearable
          value={topic ?? null}
          data={topics.data?.items.map(({ id, name }) => ({ value: id, label: name })) ?? []}
          onChange={(value) => setAddress({ topic: value ?? undefined })}
        />
        <Select
          aria-label="Suppressed or not"
          placeholder="Suppressed or not"
          clearable
          value={suppressed ?? null}
          data={[
            { value: "yes", label: "Only suppressed" },
            { value: "no", label: "Not suppressed" },
          ]}
          onChange={(value) => setAddress({ suppressed: value ?? undefined })}
        />
      </Toolbar>
      {list.isError ? (
        <ProblemPanel error={list.error} onRetry={() => void list.refetch()} />
      ) : (
        <DataTable
          label="Contacts"
          columns={columns}
          rows={rows}
          rowKey={({ id }) => id}
          rowHref={({ id }) => paths.contact({ id })}
          empty={
            isFiltered ? (
              <NoMatch onClear={() => setAddress({ q: "", topic: "", suppressed: "" })} />
            ) : (
              <Nobody />
            )
          }
        />
      )}
      <LoadMore
        shown={rows?.length ?? 0}
        noun="contact"
        hasMore={list.hasNextPage}
        isLoading={list.isFetchingNextPage}
        onMore={() => void list.fetchNextPage()}
      />
    </>
  );
}

function Actions({
  exportHref,
  hasRows,
  isEmpty,
}: {
  readonly exportHref: string;
  readonly hasRows: boolean;
  /** Then the empty state has the primary button. */
  readonly isEmpty: boolean;
}) {
  const canWrite = useCan("contacts:write");
  const canImport = useCan("contacts:import");
  return (
    <>
      {hasRows && (
        <Button
          component="a"
          href={exportHref}
          download
          variant="default"
          leftSection={<IconDownload aria-hidden size={16} />}
        >
          Export CSV
        </Button>
      )}
      {(canWrite || canImport) && (
        <Menu position="bottom-end">
          <Menu.Target>
            <Button variant={isEmpty ? "default" : "filled"} leftSection={<IconPlus aria-hidden size={16} />}>
              Add contacts
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {canImport && (
              <Menu.Item
                component="a"
                href={paths.importNew()}
                leftSection={<IconFileImport aria-hidden size={16} />}
              >
                Import a file
              </Menu.Item>
            )}
            {canWrite && (
              <Menu.Item
                component="a"
                href={paths.contactNew()}
                leftSection={<IconUserPlus aria-hidden size={16} />}
              >
                Add one by hand
              </Menu.Item>
            )}
            <Menu.Divider />
            <Menu.Item component="a" href={paths.imports()}>
              Past imports
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
    </>
  );
}

function Nobody() {
  const canImport = useCan("contacts:import");
  return (
    <EmptyState
      icon={<IconAddressBook size={28} />}
      title="No contacts yet"
      action={
        canImport && (
          <>
            <Button
              component="a"
              href={paths.importNew()}
              leftSection={<IconFileImport aria-hidden size={16} />}
            >
              Import a file
            </Button>
            <a href={paths.contactNew()}>or add one by hand</a>
          </>
        )
      }
    >
      Contacts are the people you write to. Bring them in from a CSV file of any size; columns are recognised,
      and you see what will happen before anything does.
    </EmptyState>
  );
}

function NoMatch({ onClear }: { readonly onClear: () => void }) {
  return (
    <EmptyState
      icon={<IconAddressBook size={28} />}
      title="Nobody matches"
      action={
        <Button variant="default" onClick={onClear}>
          Show all contacts
        </Button>
      }
    >
      Searching looks at the beginning of addresses and of first and last names.
    </EmptyState>
  );
}
