import { Radio, Stack, Text, TextInput } from "@mantine/core";
import { journeyRoutes } from "#contract/journeys.ts";
import { startingPoints } from "#core/journeys/starting-points.ts";
import { useCall } from "../app/api.ts";
import { useGo } from "../app/navigation.ts";
import { paths } from "../app/paths.ts";
import { FormEnd } from "../ui/FormEnd.tsx";
import { PageHeader } from "../ui/PageHeader.tsx";
import { Panel } from "../ui/Panel.tsx";
import { useForm } from "../ui/useForm.ts";

/** Makes a journey from a starting point and leads into its editor. */
export function NewJourneyPage() {
  const go = useGo();
  const create = useCall(journeyRoutes.create, { changes: ["journeys."] });
  const form = useForm({
    initial: { name: "", startingPoint: "blank" },
    check: ({ name }) => (name.trim() ? [] : [{ path: "name", message: "Give the journey a name." }]),
    submit: async ({ name, startingPoint }) => {
      const { graph } = startingPoints.find(({ key }) => key === startingPoint) ?? {};
      const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
      const made = await create.mutateAsync({ body: { name, graph, settings: { timeZone } } });
      go(paths.journey({ id: made.id }), { replace: true });
    },
  });
  return (
    <>
      <PageHeader title="New journey" back={{ label: "Journeys", href: paths.journeys() }} />
      <Panel>
        <form {...form.props}>
          <Stack maw={560}>
            <TextInput label="Name" required maxLength={200} data-autofocus {...form.text("name")} />
            <Radio.Group label="Begin with" {...form.value("startingPoint")}>
              <Stack gap="sm" mt="xs">
                {startingPoints.map(({ key, name, description }) => (
                  <Radio
                    key={key}
                    value={key}
                    label={<Text fw={600}>{name}</Text>}
                    description={description}
                  />
                ))}
              </Stack>
            </Radio.Group>
            <FormEnd form={form} action="Make journey" />
          </Stack>
        </form>
      </Panel>
    </>
  );
}
