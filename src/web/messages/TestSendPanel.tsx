import { Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { messageRoutes } from "#contract/messages.ts";
import { useCall } from "../app/api.ts";
import { useSession } from "../app/session.ts";
import { FormEnd } from "../ui/FormEnd.tsx";
import { formatCount } from "../ui/format.ts";
import { notify } from "../ui/notify.tsx";
import { SidePanel } from "../ui/SidePanel.tsx";
import { useForm } from "../ui/useForm.ts";
import { ContactPicker } from "./ContactPicker.tsx";

/** Sends the saved draft, marked as a test, to a few addresses. */
export function TestSendPanel({
  messageId,
  contentSettingsId,
  isOpen,
  onClose,
}: {
  readonly messageId: string;
  readonly contentSettingsId: string | undefined;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}) {
  const { actor } = useSession();
  const [contactId, setContactId] = useState<string>();
  const send = useCall(messageRoutes.testSend);
  const form = useForm({
    initial: { addresses: actor.email ?? "" },
    submit: async ({ addresses }) => {
      const { queued } = await send.mutateAsync({
        params: { messageId },
        body: {
          addresses: addresses.split(/[\s,;]+/).filter((address) => address !== ""),
          contactIds: contactId ? [contactId] : [],
          ...(contentSettingsId ? { contentSettingsId } : {}),
        },
      });
      notify.done(`${formatCount(queued, "test message")} on the way`);
      onClose();
    },
  });
  return (
    <SidePanel title="Send a test" isOpen={isOpen} onClose={onClose}>
      <form {...form.props}>
        <Stack>
          <Text size="sm" c="dimmed">
            Through the real delivery path, marked as a test, with links that lead to harmless pages. Not
            counted in insights.
          </Text>
          <TextInput
            label="To"
            description="Up to ten addresses, separated by commas."
            required
            {...form.text("addresses")}
          />
          <ContactPicker
            label="As this contact"
            nobody="Nobody: all fields are empty"
            value={contactId}
            onChange={setContactId}
          />
          <FormEnd form={form} action="Send test" />
        </Stack>
      </form>
    </SidePanel>
  );
}
