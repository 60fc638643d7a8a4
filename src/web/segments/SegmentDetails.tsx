import { Stack, Textarea, TextInput } from "@mantine/core";
import { segmentRoutes } from "#contract/segments.ts";
import { useCall } from "../app/api.ts";
import { useUnsavedGuard } from "../app/navigation.ts";
import { FormEnd } from "../ui/FormEnd.tsx";
import { notify } from "../ui/notify.tsx";
import { Panel } from "../ui/Panel.tsx";
import { useForm } from "../ui/useForm.ts";

/** Name and description. */
export function SegmentDetails({
  segment: { id, name, description },
  isReadOnly,
}: {
  readonly segment: { readonly id: string; readonly name: string; readonly description: string };
  readonly isReadOnly: boolean;
}) {
  const change = useCall(segmentRoutes.change, { changes: ["segments."] });
  const form = useForm({
    initial: { name, description },
    refusals: { "segment.name-taken": "name" },
    submit: async (body) => {
      await change.mutateAsync({ params: { id }, body });
      notify.done("Segment saved");
    },
  });
  useUnsavedGuard(form.isDirty);
  return (
    <Panel title="Name">
      <form {...form.props}>
        <Stack maw={560}>
          <TextInput label="Name" required disabled={isReadOnly} {...form.text("name")} />
          <Textarea
            label="Description"
            autosize
            minRows={2}
            disabled={isReadOnly}
            {...form.text("description")}
          />
          {!isReadOnly && <FormEnd form={form} action="Save name" />}
        </Stack>
      </form>
    </Panel>
  );
}
