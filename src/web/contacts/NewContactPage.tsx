import { Button, Stack } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { attributeRoutes, contactRoutes } from "#contract/contacts.ts";
import { ask, useCall } from "../app/api.ts";
import { useGo, useUnsavedGuard } from "../app/navigation.ts";
import { paths } from "../app/paths.ts";
import { FormEnd } from "../ui/FormEnd.tsx";
import { notify } from "../ui/notify.tsx";
import { PageHeader } from "../ui/PageHeader.tsx";
import { Panel } from "../ui/Panel.tsx";
import { useForm } from "../ui/useForm.ts";
import { ContactFields } from "./ContactFields.tsx";
import { emptyContact, toBody } from "./contact-values.ts";

/** Adds one contact by hand. */
export function NewContactPage() {
  const { data } = useSuspenseQuery(ask(attributeRoutes.list, {}));
  const create = useCall(contactRoutes.create, { changes: ["contacts."] });
  const go = useGo();
  const form = useForm({
    initial: emptyContact,
    refusals: { "contacts.address-invalid": "email", "contacts.address-taken": "email" },
    submit: async (values) => {
      const { id } = await create.mutateAsync({ body: toBody(values) });
      notify.done("Contact added");
      go(paths.contact({ id }));
    },
  });
  useUnsavedGuard(form.isDirty && !create.isSuccess);
  return (
    <>
      <PageHeader
        title="New contact"
        lead="Adding somebody is no consent to mail them: record that on their page once you have it."
        back={{ label: "Contacts", href: paths.contacts() }}
      />
      <Panel>
        <form {...form.props}>
          <Stack gap="lg">
            <ContactFields form={form} attributes={data.items} />
            <FormEnd form={form} action="Add contact">
              <Button component="a" href={paths.contacts()} variant="default">
                Cancel
              </Button>
            </FormEnd>
          </Stack>
        </form>
      </Panel>
    </>
  );
}
