import { Button, Checkbox, Group, Switch, Text } from "@mantine/core";
import { IconChecklist, IconPlus } from "@tabler/icons-react";
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { useState } from "react";
import { consentRoutes } from "#contract/consent.ts";
import { topicRoutes } from "#contract/topics.ts";
import { ask, useCall } from "../app/api.ts";
import { useAddress } from "../app/navigation.ts";
import { useCan } from "../app/session.ts";
import { confirm } from "../ui/confirm.tsx";
import { DataTable } from "../ui/DataTable.tsx";
import { EmptyState } from "../ui/EmptyState.tsx";
import { formatNumber } from "../ui/format.ts";
import { notify } from "../ui/notify.tsx";
import { PageHeader } from "../ui/PageHeader.tsx";
import { Panel } from "../ui/Panel.tsx";
import { SidePanel } from "../ui/SidePanel.tsx";
import { StatusBadge } from "../ui/StatusBadge.tsx";
import { toSettings } from "./settings-back.ts";
import { type Topic, TopicForm } from "./TopicForm.tsx";

/** What people can subscribe to, and whether they must. */
export function TopicsPage() {
  const canWrite = useCan("settings:write");
  const [edited, setEdited] = useState<Topic | "new">();
  const close = () => setEdited(undefined);
  return (
    <>
      <PageHeader
        title="Topics and consent"
        lead="A topic is a kind of mail that people agree to or not. Consent is kept by address and topic."
        back={toSettings}
        actions={
          canWrite && (
            <Button leftSection={<IconPlus aria-hidden size={16} />} onClick={() => setEdited("new")}>
              New topic
            </Button>
          )
        }
      />
      <Topics onEdit={setEdited} />
      <OptIn />
      <SidePanel
        title={edited === "new" ? "New topic" : "Topic"}
        isOpen={edited !== undefined}
        onClose={close}
      >
        {edited && <TopicForm topic={edited === "new" ? undefined : edited} onDone={close} />}
      </SidePanel>
    </>
  );
}

function Topics({ onEdit }: { readonly onEdit: (topic: Topic | "new") => void }) {
  const canWrite = useCan("settings:write");
  const [{ archived }, setAddress] = useAddress();
  const { data } = useSuspenseQuery(
    ask(topicRoutes.list, { query: { archived: archived === "yes" ? "yes" : "no" } }),
  );
  const counts = useQuery(ask(topicRoutes.counts, {}));
  const countOf = (id: string) => counts.data?.items.find((one) => one.id === id);
  const archive = useCall(topicRoutes.archive, { changes: ["topics."] });
  const restore = useCall(topicRoutes.restore, { changes: ["topics."] });
  async function takeOut({ id, name }: Topic): Promise<void> {
    try {
      await archive.mutateAsync({ params: { id } });
      notify.undo(
        `“${name}” archived`,
        () => void restore.mutateAsync({ params: { id } }).catch(notify.failed),
      );
    } catch (error) {
      notify.failed(error);
    }
  }
  return (
    <Panel
      title="Topics"
      actions={
        <Checkbox
          label="Show archived ones"
          checked={archived === "yes"}
          onChange={(event) => setAddress({ archived: event.currentTarget.checked ? "yes" : undefined })}
        />
      }
    >
      <DataTable
        label="Topics"
        rows={data.items}
        rowKey={({ id }) => id}
        empty={
          <EmptyState icon={<IconChecklist size={28} />} title="No topics yet">
            For example “Monthly newsletter” or “Product news”. Commercial messages name the topic they belong
            to, and reach only those who agreed to it.
          </EmptyState>
        }
        columns={[
          {
            key: "name",
            header: "Topic",
            cell: ({ name, description }) => (
              <>
                <Text size="sm" fw={600}>
                  {name}
                </Text>
                {description && (
                  <Text size="sm" c="dimmed">
                    {description}
                  </Text>
                )}
              </>
            ),
          },
          {
            key: "granted",
            header: "Agreed",
            align: "right",
            cell: ({ id }) => formatNumber(countOf(id)?.granted ?? 0),
          },
          {
            key: "withdrawn",
            header: "Withdrew",
            align: "right",
            cell: ({ id }) => formatNumber(countOf(id)?.withdrawn ?? 0),
          },
          {
            key: "shown",
            header: "State",
            cell: ({ isPublic, archivedAt }) =>
              archivedAt ? (
                <StatusBadge tone="quiet">Archived</StatusBadge>
              ) : isPublic ? (
                <StatusBadge tone="good">Public</StatusBadge>
              ) : (
                <StatusBadge tone="info">Internal</StatusBadge>
              ),
          },
          {
            key: "do",
            header: "Actions",
            isHeaderHidden: true,
            align: "right",
            cell: (topic) =>
              canWrite && (
                <Group gap="xs" justify="flex-end" wrap="nowrap">
                  {topic.archivedAt ? (
                    <Button
                      size="compact-sm"
                      variant="default"
                      onClick={() =>
                        void restore.mutateAsync({ params: { id: topic.id } }).catch(notify.failed)
                      }
                    >
                      Restore
                    </Button>
                  ) : (
                    <>
                      <Button size="compact-sm" variant="default" onClick={() => onEdit(topic)}>
                        Edit
                      </Button>
                      <Button size="compact-sm" variant="default" onClick={() => void takeOut(topic)}>
                        Archive
                      </Button>
                    </>
                  )}
                </Group>
              ),
          },
        ]}
      />
    </Panel>
  );
}

function OptIn() {
  const { data } = useSuspenseQuery(ask(consentRoutes.settings, {}));
  const canWrite = useCan("settings:write");
  const change = useCall(consentRoutes.changeSettings, { changes: ["consent."] });
  async function set(requireOptIn: boolean): Promise<void> {
    const goOn =
      requireOptIn ||
      (await confirm({
        title: "Mail people who never agreed?",
        body: "Commercial messages would then reach everybody who did not refuse. In many countries this is against the law.",
        action: "Require no opt-in",
      }));
    if (!goOn) return;
    try {
      await change.mutateAsync({ body: { requireOptIn } });
      notify.done(requireOptIn ? "Commercial mail needs an opt-in" : "Commercial mail needs no opt-in");
    } catch (error) {
      notify.failed(error);
    }
  }
  return (
    <Panel title="Opt-in">
      <Switch
        label="Commercial mail needs the recipient's consent to its topic"
        description="Checked for each recipient at the moment of sending. Refusals always count, whatever is set here."
        checked={data.requireOptIn}
        disabled={!canWrite}
        onChange={(event) => void set(event.currentTarget.checked)}
      />
    </Panel>
  );
}
