import { Anchor, Button, Stack } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { eventRoutes, type MarketingEvent } from "#contract/events.ts";
import { ask, useCall } from "../app/api.ts";
import { useGo, useParam, useUnsavedGuard } from "../app/navigation.ts";
import { paths } from "../app/paths.ts";
import { refreshMs } from "../app/query-client.ts";
import { useCan } from "../app/session.ts";
import { CopyField } from "../ui/CopyField.tsx";
import { ConfirmButton } from "../ui/confirm.tsx";
import { FormEnd } from "../ui/FormEnd.tsx";
import { formatDateTime, formatNumber } from "../ui/format.ts";
import { LiveDot } from "../ui/LiveDot.tsx";
import { notify } from "../ui/notify.tsx";
import { PageHeader } from "../ui/PageHeader.tsx";
import { Panel } from "../ui/Panel.tsx";
import { StatNumber, StatRow } from "../ui/StatNumber.tsx";
import { StatusBadge } from "../ui/StatusBadge.tsx";
import { useForm } from "../ui/useForm.ts";
import { EventFields } from "./EventFields.tsx";
import { bodyOf, issuesOfEvent, valuesOf } from "./event-form.ts";
import { placesWords, stateWords } from "./event-words.ts";
import { Registrations } from "./Registrations.tsx";

/** One event: how full it is, who comes, and everything about it. */
export function EventPage() {
  const id = useParam("id");
  const { data, dataUpdatedAt } = useSuspenseQuery({
    ...ask(eventRoutes.get, { params: { id } }),
    refetchInterval: refreshMs.live,
  });
  const { tone, label } = stateWords[data.state];
  return (
    <>
      <PageHeader
        title={data.name}
        badge={<StatusBadge tone={tone}>{label}</StatusBadge>}
        lead={formatDateTime(data.startsAt, { timeZone: data.timeZone })}
        back={{ label: "Events", href: paths.events() }}
        actions={<Actions event={data} />}
      />
      <Panel title="Registration" actions={<LiveDot at={dataUpdatedAt} />}>
        <StatRow>
          <StatNumber label="Registered" value={placesWords(data)} />
          <StatNumber label="Waiting" value={formatNumber(data.waiting)} />
          <StatNumber label="Cancelled" value={formatNumber(data.cancelled)} />
        </StatRow>
        {data.state !== "draft" && <PageLink url={data.pageUrl} />}
      </Panel>
      <Registrations event={data} />
      <Details key={data.updatedAt} event={data} />
    </>
  );
}

function PageLink({ url }: { readonly url: string }) {
  return (
    <Stack gap="xs" mt="md">
      <CopyField label="Registration page" value={url} />
      <Anchor href={url} target="_blank" rel="noreferrer" size="sm">
        Open the page
      </Anchor>
    </Stack>
  );
}

function Actions({ event: { id, name, state, registered, waiting } }: { readonly event: MarketingEvent }) {
  const canWrite = useCan("events:write");
  const go = useGo();
  const open = useCall(eventRoutes.open, { changes: ["events."] });
  const close = useCall(eventRoutes.close, { changes: ["events."] });
  const cancel = useCall(eventRoutes.cancel, { changes: ["events."] });
  const remove = useCall(eventRoutes.delete);
  if (!canWrite || state === "cancelled") return null;
  return (
    <>
      {state === "draft" && (
        <ConfirmButton
          question={{ title: `Delete “${name}”?`, body: "This cannot be undone.", action: "Delete event" }}
          onConfirmed={async () => {
            await remove.mutateAsync({ params: { id } });
            notify.done("Event deleted");
            go(paths.events());
          }}
        >
          Delete
        </ConfirmButton>
      )}
      {state !== "draft" && (
        <ConfirmButton
          question={{
            title: `Cancel “${name}”?`,
            body: `Its pages will say that it was cancelled. ${formatNumber(registered + waiting)} people are registered or waiting. This cannot be taken back.`,
            action: "Cancel event",
          }}
          onConfirmed={() => cancel.mutateAsync({ params: { id } })}
        >
          Cancel event
        </ConfirmButton>
      )}
      {state === "open" ? (
        <Button
          variant="default"
          loading={close.isPending}
          onClick={() => close.mutate({ params: { id } }, { onError: notify.failed })}
        >
          Close registration
        </Button>
      ) : (
        <Button
          loading={open.isPending}
          onClick={() => open.mutate({ params: { id } }, { onError: notify.failed })}
        >
          Open registration
        </Button>
      )}
    </>
  );
}

function Details({ event }: { readonly event: MarketingEvent }) {
  const canWrite = useCan("events:write");
  const change = useCall(eventRoutes.change, { changes: ["events."] });
  const form = useForm({
    initial: valuesOf(event, new Date(event.updatedAt)),
    check: issuesOfEvent,
    refusals: { "events.slug-taken": "slug", "events.ends-before-start": "endsAt" },
    submit: async (values) => {
      await change.mutateAsync({ params: { id: event.id }, body: bodyOf(values) });
      notify.done("Event saved");
    },
  });
  useUnsavedGuard(form.isDirty);
  return (
    <Panel title="Details">
      <form {...form.props}>
        <fieldset disabled={!canWrite} style={{ border: 0, padding: 0, margin: 0, minWidth: 0 }}>
          <Stack>
            <EventFields form={form} />
            {canWrite && <FormEnd form={form} action="Save event" />}
          </Stack>
        </fieldset>
      </form>
    </Panel>
  );
}
