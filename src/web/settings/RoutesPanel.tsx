import { Button, Menu, Text } from "@mantine/core";
import { IconDots, IconPlus } from "@tabler/icons-react";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useState } from "react";
import { routeRoutes } from "#contract/senders.ts";
import { providerNames } from "#core/senders/provider-route.ts";
import { ask, useCall } from "../app/api.ts";
import { refreshMs } from "../app/query-client.ts";
import { useCan } from "../app/session.ts";
import { confirm } from "../ui/confirm.tsx";
import { DataTable } from "../ui/DataTable.tsx";
import { formatBytes, formatDateTime, formatNumber, formatShare } from "../ui/format.ts";
import { notify } from "../ui/notify.tsx";
import { Panel } from "../ui/Panel.tsx";
import { SidePanel } from "../ui/SidePanel.tsx";
import { StatusBadge } from "../ui/StatusBadge.tsx";
import { When } from "../ui/When.tsx";
import { RouteForm } from "./RouteForm.tsx";
import { limitWords, type SmtpRoute } from "./route-values.ts";

/** The routes: which is the default, what they may carry, and which is in trouble. */
export function RoutesPanel() {
  const canWrite = useCan("senders:write");
  const { data } = useSuspenseQuery({ ...ask(routeRoutes.list, {}), refetchInterval: refreshMs.calm });
  const [edited, setEdited] = useState<SmtpRoute | "new">();
  const close = () => setEdited(undefined);
  const isTest = data.items.some(({ isDefault, isMailbox }) => isDefault && isMailbox);
  return (
    <Panel
      title="Routes"
      lead={
        isTest
          ? "Mail goes to the built-in test mailbox now and reaches nobody. Add a mail server and make it the default to send for real."
          : "Routes with a weight share the mail. Without weights all of it leaves by the default route."
      }
      actions={
        canWrite && (
          <Button leftSection={<IconPlus aria-hidden size={16} />} onClick={() => setEdited("new")}>
            New route
          </Button>
        )
      }
    >
      <DataTable
        label="Routes"
        rows={data.items}
        rowKey={({ id }) => id}
        empty={<Text c="dimmed">There are no routes.</Text>}
        columns={[
          {
            key: "name",
            header: "Route",
            cell: (route) => (
              <>
                <Text size="sm" fw={600}>
                  {route.name}
                </Text>
                <Text size="sm" c="dimmed">
                  {placeOf(route)}
                </Text>
              </>
            ),
          },
          {
            key: "state",
            header: "State",
            cell: (route) => <RouteState route={route} routes={data.items} />,
          },
          {
            key: "share",
            header: "Share",
            align: "right",
            cell: ({ share }) => (share === 0 ? "–" : formatShare(share)),
          },
          {
            key: "pace",
            header: "Pace",
            isMinor: true,
            cell: ({ maxConnections, messagesPerSecond }) =>
              `${formatNumber(maxConnections)} connections${messagesPerSecond === null ? "" : `, ${formatNumber(messagesPerSecond)} a second`}`,
          },
          {
            key: "do",
            header: "Actions",
            isHeaderHidden: true,
            align: "right",
            cell: (route) => canWrite && <RouteActions route={route} onEdit={setEdited} />,
          },
        ]}
      />
      <SidePanel
        title={edited === "new" ? "New route" : "Route"}
        isOpen={edited !== undefined}
        onClose={close}
      >
        {edited && (
          <RouteForm
            route={edited === "new" ? undefined : edited}
            others={data.items.filter(
              ({ id, isMailbox }) => !isMailbox && (edited === "new" || id !== edited.id),
            )}
            onDone={close}
          />
        )}
      </SidePanel>
    </Panel>
  );
}

/** Where a route leads: the server, or the provider and what of it. */
function placeOf({ kind, providerScope, host, port }: SmtpRoute): string {
  if (kind === "smtp") return `${host}:${port}`;
  return `${providerNames[kind]}, ${providerScope ?? host}`;
}

type StateProps = { readonly route: SmtpRoute; readonly routes: readonly SmtpRoute[] };

function RouteState({ route, routes }: StateProps) {
  const limits = limitWords(route, { number: formatNumber, time: formatDateTime });
  const nameOf = (id: string | null) => routes.find((each) => each.id === id)?.name;
  const notes = [
    limits,
    route.carriedById && `Its mail goes by “${nameOf(route.carriedById)}” now.`,
    route.sizeLimit !== null && `Takes messages up to ${formatBytes(route.sizeLimit)}.`,
    !route.carriedById && route.fallBackId && `“${nameOf(route.fallBackId)}” stands in for it.`,
  ].filter((note): note is string => typeof note === "string");
  return (
    <>
      <RouteBadge route={route} />
      {notes.map((note) => (
        <Text key={note} size="sm" c="dimmed" mt={4}>
          {note}
        </Text>
      ))}
    </>
  );
}

function RouteBadge({ route: { trouble, rest, isDefault, isMailbox } }: Pick<StateProps, "route">) {
  if (trouble)
    return (
      <>
        <StatusBadge tone="bad">In trouble</StatusBadge>
        <Text size="sm" c="dimmed" mt={4}>
          {trouble.message} Since <When at={trouble.since} />, next try <When at={trouble.retryAt} />.
        </Text>
      </>
    );
  if (rest) return <StatusBadge tone="warn">Resting</StatusBadge>;
  if (isDefault)
    return (
      <StatusBadge tone={isMailbox ? "info" : "good"}>
        {isMailbox ? "Default, test only" : "Default"}
      </StatusBadge>
    );
  return <StatusBadge tone="quiet">{isMailbox ? "Test only" : "Ready"}</StatusBadge>;
}

function RouteActions({
  route,
  onEdit,
}: {
  readonly route: SmtpRoute;
  readonly onEdit: (route: SmtpRoute) => void;
}) {
  const { id, name, isDefault, isMailbox } = route;
  const test = useCall(routeRoutes.test, { changes: [routeRoutes.list.id] });
  const makeDefault = useCall(routeRoutes.makeDefault, { changes: [routeRoutes.list.id] });
  const remove = useCall(routeRoutes.remove, { changes: [routeRoutes.list.id] });
  async function tryConnection(): Promise<void> {
    const { works, phase, message } = await test.mutateAsync({ params: { id } });
    if (works) notify.done(`“${name}” works: ${message}`);
    else notify.warn(`“${name}” does not work`, phase ? `${phase}: ${message}` : message);
  }
  async function choose(): Promise<void> {
    const goOn = await confirm({
      title: `Send by “${name}”?`,
      body: isMailbox
        ? "All mail without a route of its own goes to the test mailbox from now on, and reaches nobody."
        : "Mail leaves by it from now on, to real people, beside other routes that have a weight.",
      action: "Make default",
      isDangerous: false,
    });
    if (goOn) await makeDefault.mutateAsync({ params: { id } });
  }
  async function takeAway(): Promise<void> {
    const goOn = await confirm({
      title: `Remove “${name}”?`,
      body: "Its password is forgotten. This cannot be undone.",
      action: "Remove route",
    });
    if (goOn) await remove.mutateAsync({ params: { id } });
  }
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button
          size="compact-sm"
          variant="default"
          loading={test.isPending}
          aria-label={`Actions for ${name}`}
          rightSection={<IconDots aria-hidden size={16} />}
        >
          Actions
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => void tryConnection().catch(notify.failed)}>Test the connection</Menu.Item>
        {!isMailbox && <Menu.Item onClick={() => onEdit(route)}>Edit</Menu.Item>}
        {!isDefault && <Menu.Item onClick={() => void choose().catch(notify.failed)}>Make default</Menu.Item>}
        {!isDefault && !isMailbox && (
          <Menu.Item c="var(--tone-bad)" onClick={() => void takeAway().catch(notify.failed)}>
            Remove
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
