import { Button, Stack } from "@mantine/core";
import { useMemo } from "react";
import { eventRoutes } from "#contract/events.ts";
import { useCall } from "../app/api.ts";
import { useGo } from "../app/navigation.ts";
import { paths } from "../app/paths.ts";
import { FormEnd } from "../ui/FormEnd.tsx";
import { notify } from "../ui/notify.tsx";
import { PageHeader } from "../ui/PageHeader.tsx";
import { Panel } from "../ui/Panel.tsx";
import { useForm } from "../ui/useForm.ts";
import { EventFields } from "./EventFields.tsx";
import { bodyOf, issuesOfEvent, valuesOf } from "./event-form.ts";

/** Adds an event as a draft; it is opened on its own page. */
export function NewEventPage() {
  const create = useCall(eventRoutes.create, { changes: ["events."] });
  const go = useGo();
  const initial = useMemo(() => valuesOf(undefined, new Date()), []);
  const form = useForm({
    initial,
    check: issuesOfEvent,
    refusals: { "events.slug-taken": "slug", "events.ends-before-start": "endsAt" },
    submit: async (values) => {
      const { id } = await create.mutateAsync({ body: bodyOf(values) });
      notify.done("Event created as a draft");
      go(paths.event({ id }), { replace: true });
    },
  });
  return (
    <>
      <PageHeader title="New event" back={{ label: "Events", href: paths.events() }} />
      <Panel>
        <form {...form.props}>
          <Stack>
            <EventFields form={form} />
            <FormEnd form={form} action="Create draft">
              <Button component="a" href={paths.events()} variant="default">
                Cancel
              </Button>
            </FormEnd>
          </Stack>
        </form>
      </Panel>
    </>
  );
}
