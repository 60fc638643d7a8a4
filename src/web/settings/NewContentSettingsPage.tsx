import { Button, Stack, TextInput } from "@mantine/core";
import { contentRoutes } from "#contract/content.ts";
import { useCall } from "../app/api.ts";
import { useGo } from "../app/navigation.ts";
import { paths } from "../app/paths.ts";
import { FormEnd } from "../ui/FormEnd.tsx";
import { PageHeader } from "../ui/PageHeader.tsx";
import { Panel } from "../ui/Panel.tsx";
import { useForm } from "../ui/useForm.ts";

/** Names new content settings; everything else is filled in on their page. */
export function NewContentSettingsPage() {
  const create = useCall(contentRoutes.create, { changes: ["contentSettings."] });
  const go = useGo();
  const form = useForm({
    initial: { name: "", companyName: "" },
    submit: async (body) => {
      const { id } = await create.mutateAsync({ body });
      go(paths.contentSettingsOne({ id }), { replace: true });
    },
  });
  return (
    <>
      <PageHeader
        title="New content settings"
        back={{ label: "Content settings", href: paths.contentSettings() }}
      />
      <Panel>
        <form {...form.props}>
          <Stack maw={480}>
            <TextInput
              label="Name"
              description="For you, such as a brand or a country"
              autoComplete="off"
              autoFocus
              {...form.text("name")}
            />
            <TextInput label="Company name" autoComplete="organization" {...form.text("companyName")} />
            <FormEnd form={form} action="Create and go on">
              <Button component="a" href={paths.contentSettings()} variant="default">
                Cancel
              </Button>
            </FormEnd>
          </Stack>
        </form>
      </Panel>
    </>
  );
}
