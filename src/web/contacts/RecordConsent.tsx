import { Button, SegmentedControl, Select, Stack, Text, Textarea } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { consentRoutes } from "#contract/consent.ts";
import { type AnswerOf, useCall } from "../app/api.ts";
import { FormEnd } from "../ui/FormEnd.tsx";
import { notify } from "../ui/notify.tsx";
import { SidePanel } from "../ui/SidePanel.tsx";
import { useForm } from "../ui/useForm.ts";

type Topics = AnswerOf<typeof consentRoutes.ofContact>["topics"];

const allMail = "all";

/** Records what somebody told us: an agreement or a refusal, and the words they saw or said. */
export function RecordConsent({
  id,
  topics,
  isOptedOut,
}: {
  readonly id: string;
  readonly topics: Topics;
  readonly isOptedOut: boolean;
}) {
  const [isOpen, { open, close }] = useDisclosure(false);
  return (
    <>
      <Button onClick={open} disabled={topics.length === 0 && !isOptedOut}>
        Record consent
      </Button>
      <SidePanel title="Record consent" isOpen={isOpen} onClose={close}>
        <ConsentForm id={id} topics={topics} isOptedOut={isOptedOut} onDone={close} />
      </SidePanel>
    </>
  );
}

function ConsentForm({
  id,
  topics,
  isOptedOut,
  onDone,
}: {
  readonly id: string;
  readonly topics: Topics;
  readonly isOptedOut: boolean;
  readonly onDone: () => void;
}) {
  const record = useCall(consentRoutes.record, { changes: ["consent.", "contacts."] });
  const form = useForm({
    initial: {
      topicId: isOptedOut ? allMail : (topics[0]?.topicId ?? allMail),
      kind: "granted",
      wording: "",
    },
    submit: async ({ topicId, kind, wording }) => {
      await record.mutateAsync({
        params: { id },
        body: {
          topicId: topicId === allMail ? null : topicId,
          kind: kind === "withdrawn" ? "withdrawn" : "granted",
          ...(wording.trim() ? { wording } : {}),
        },
      });
      notify.done("Recorded");
      onDone();
    },
  });
  return (
    <form {...form.props}>
      <Stack>
        <Text size="sm" c="dimmed">
          Record only what the person told you themselves. It goes into the ledger with your name and cannot
          be removed.
        </Text>
        <SegmentedControl
          aria-label="What they said"
          data={[
            { value: "granted", label: "Agrees" },
            { value: "withdrawn", label: "Withdraws" },
          ]}
          value={form.values.kind}
          onChange={(value) => form.set("kind", value)}
        />
        <Select
          label="To what"
          allowDeselect={false}
          data={[
            ...topics.map(({ topicId, name }) => ({ value: topicId, label: name })),
            { value: allMail, label: isOptedOut ? "Commercial mail again" : "All commercial mail" },
          ]}
          {...form.value("topicId")}
        />
        <Textarea
          label="Wording"
          description="What they were shown or said, as proof"
          autosize
          minRows={3}
          {...form.text("wording")}
        />
        <FormEnd form={form} action="Record">
          <Button variant="default" onClick={onDone}>
            Cancel
          </Button>
        </FormEnd>
      </Stack>
    </form>
  );
}
