import { Button, Radio, Stack, Textarea, TextInput } from "@mantine/core";
import { segmentRoutes } from "#contract/segments.ts";
import { useCall } from "../app/api.ts";
import { useGo } from "../app/navigation.ts";
import { paths } from "../app/paths.ts";
import { FormEnd } from "../ui/FormEnd.tsx";
import { PageHeader } from "../ui/PageHeader.tsx";
import { Panel } from "../ui/Panel.tsx";
import { useForm } from "../ui/useForm.ts";
import { starters } from "./new-rule.ts";
import { ownZone } from "./ZoneSelect.tsx";

const everyone = { kind: "all", of: [] } as const;

/** Names a segment and chooses what it begins with; its rules are edited on its own page. */
export function NewSegmentPage() {
  const go = useGo();
  const create = useCall(segmentRoutes.create, { changes: ["segments."] });
  const form = useForm({
    initial: { name: "", description: "", start: "rules" },
    refusals: { "segment.name-taken": "name" },
    submit: async ({ name, description, start }) => {
      const condition = starters.find((each) => each.name === start)?.condition ?? everyone;
      const definition = start === "static" ? null : { timeZone: ownZone, condition };
      const { id } = await create.mutateAsync({ body: { name, description, definition } });
      go(paths.segment({ id }), { replace: true });
    },
  });
  return (
    <>
      <PageHeader title="New segment" back={{ label: "Segments", href: paths.segments() }} />
      <Panel>
        <form {...form.props}>
          <Stack maw={560}>
            <TextInput label="Name" required data-autofocus {...form.text("name")} />
            <Textarea label="Description" autosize minRows={2} {...form.text("description")} />
            <Radio.Group label="Begin with" {...form.value("start")}>
              <Stack gap="xs" mt="xs">
                <Radio
                  value="rules"
                  label="Rules of my own"
                  description="Everyone at first, then narrowed down"
                />
                {starters.map(({ name, words }) => (
                  <Radio key={name} value={name} label={name} description={words} />
                ))}
                <Radio
                  value="static"
                  label="A hand-picked list"
                  description="Contacts are added one by one"
                />
              </Stack>
            </Radio.Group>
            <FormEnd form={form} action="Create segment">
              <Button variant="default" component="a" href={paths.segments()}>
                Cancel
              </Button>
            </FormEnd>
          </Stack>
        </form>
      </Panel>
    </>
  );
}
