import { Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useState } from "react";
import { contactRoutes } from "#contract/contacts.ts";
import { useCall } from "../app/api.ts";
import { useGo } from "../app/navigation.ts";
import { paths } from "../app/paths.ts";
import { notify } from "../ui/notify.tsx";
import { problemOf } from "../ui/problem.ts";

/** Deletes a contact for good, after its address was typed. */
export function DeleteContact({ id, email }: { readonly id: string; readonly email: string }) {
  const [isOpen, { open, close }] = useDisclosure(false);
  const [typed, setTyped] = useState("");
  const remove = useCall(contactRoutes.delete);
  const go = useGo();
  async function erase(): Promise<void> {
    try {
      await remove.mutateAsync({ params: { id }, query: { confirm: typed } });
      notify.done("Contact deleted");
      go(paths.contacts());
    } catch {
      // The problem is shown below the field.
    }
  }
  return (
    <>
      <Button variant="default" c="var(--tone-bad)" onClick={open}>
        Delete
      </Button>
      <Modal opened={isOpen} onClose={close} title="Delete this contact?">
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void erase();
          }}
        >
          <Stack>
            <Text size="sm">
              The profile and its place in segments and journeys are gone for good. What the address agreed to
              and why it may not be mailed stays on record, so that nobody is mailed against their will later.
            </Text>
            <TextInput
              data-autofocus
              label={
                <>
                  Type <strong>{email}</strong> to confirm
                </>
              }
              autoComplete="off"
              value={typed}
              onChange={(event) => setTyped(event.currentTarget.value)}
              error={remove.isError ? problemOf(remove.error).title : undefined}
            />
            <Group justify="flex-end">
              <Button variant="default" onClick={close}>
                Cancel
              </Button>
              <Button
                type="submit"
                color="red.8"
                loading={remove.isPending}
                disabled={typed.trim() !== email}
              >
                Delete contact
              </Button>
            </Group>
          </Stack>
        </form>
      </Modal>
    </>
  );
}
