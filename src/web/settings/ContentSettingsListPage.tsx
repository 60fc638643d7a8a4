import { Button } from "@mantine/core";
import { IconBuilding, IconPlus } from "@tabler/icons-react";
import { useSuspenseQuery } from "@tanstack/react-query";
import { contentRoutes } from "#contract/content.ts";
import { ask } from "../app/api.ts";
import { paths } from "../app/paths.ts";
import { useCan } from "../app/session.ts";
import { DataTable } from "../ui/DataTable.tsx";
import { EmptyState } from "../ui/EmptyState.tsx";
import { PageHeader } from "../ui/PageHeader.tsx";
import { StatusBadge } from "../ui/StatusBadge.tsx";
import { When } from "../ui/When.tsx";
import { toSettings } from "./settings-back.ts";

/** The contexts that journeys give their messages. */
export function ContentSettingsListPage() {
  const { data } = useSuspenseQuery(ask(contentRoutes.list, {}));
  const canWrite = useCan("settings:write");
  const add = canWrite && (
    <Button component="a" href={paths.contentSettingsNew()} leftSection={<IconPlus aria-hidden size={16} />}>
      New content settings
    </Button>
  );
  return (
    <>
      <PageHeader
        title="Content settings"
        lead="Who the mail is from: company, postal address, links, colours and texts. A journey chooses one; messages show it when they are sent."
        back={toSettings}
        actions={data.items.length > 0 && add}
      />
      <DataTable
        label="Content settings"
        rows={data.items}
        rowKey={({ id }) => id}
        rowHref={({ id }) => paths.contentSettingsOne({ id })}
        empty={
          <EmptyState icon={<IconBuilding size={28} />} title="No content settings yet" action={add}>
            Commercial mail must say who sends it and where they are. Write it once here, and every message
            can show it.
          </EmptyState>
        }
        columns={[
          { key: "name", header: "Name", cell: ({ name }) => name },
          {
            key: "default",
            header: "State",
            cell: ({ isDefault, postalAddress }) =>
              isDefault ? (
                <StatusBadge tone="good">Default</StatusBadge>
              ) : postalAddress ? (
                <StatusBadge tone="quiet">Ready</StatusBadge>
              ) : (
                <StatusBadge tone="warn">No postal address</StatusBadge>
              ),
          },
          { key: "company", header: "Company", cell: ({ companyName }) => companyName || "–" },
          {
            key: "from",
            header: "From",
            cell: ({ fromName, fromAddress }) => [fromName, fromAddress].filter(Boolean).join(" · ") || "–",
          },
          {
            key: "updated",
            header: "Changed",
            cell: ({ updatedAt }) => <When at={updatedAt} />,
            isMinor: true,
          },
        ]}
      />
    </>
  );
}
