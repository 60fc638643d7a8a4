import { Stack } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { attributeRoutes, contactRoutes } from "#contract/contacts.ts";
import { type AnswerOf, ask, useCall } from "../app/api.ts";
import { useUnsavedGuard } from "../app/navigation.ts";
import { useCan } from "../app/session.ts";
import { FormEnd } from "../ui/FormEnd.tsx";
import { notify } from "../ui/notify.tsx";
import { Panel } from "../ui/Panel.tsx";
import { useForm } from "../ui/useForm.ts";
import { ContactFields } from "./ContactFields.tsx";
import { toBody, toValues } from "./contact-values.ts";

/** The fields of a contact, to be read and changed. */
export function ContactProfile({ contact }: { readonly contact: AnswerOf<typeof contactRoutes.get> }) {
  const { data } = useSuspenseQuery(ask(attributeRoutes.list, {}));
  const canWrite = useCan("contacts:write");
  const change = useCall(contactRoutes.change, { changes: ["contacts."] });
  const form = useForm({
    initial: toValues(contact),
    refusals: { "contacts.address-invalid": "email", "contacts.address-taken": "email" },
    submit: async (values) => {
      await change.mutateAsync({ params: { id: contact.id }, body: toBody(values) });
      notify.done("Contact saved");
    },
  });
  useUnsavedGuard(form.isDirty);
  return (
    <Panel>
      <form {...form.props}>
        <fieldset disabled={!canWrite} style={{ border: 0, margin: 0, padding: 0, minInlineSize: 0 }}>
          <Stack gap="lg">
            <ContactFields form={form} attributes={data.items} />
            {canWrite && <FormEnd form={form} action="Save contact" />}
          </Stack>
        </fieldset>
      </form>
    </Panel>
  );
}
