import { Button, Stack, Switch, Textarea, TextInput } from "@mantine/core";
import { topicRoutes } from "#contract/topics.ts";
import { type AnswerOf, useCall } from "../app/api.ts";
import { FormEnd } from "../ui/FormEnd.tsx";
import { notify } from "../ui/notify.tsx";
import { useForm } from "../ui/useForm.ts";

export type Topic = AnswerOf<typeof topicRoutes.list>["items"][number];

/** Names a topic and says what people get by agreeing to it. */
export function TopicForm({
  topic,
  onDone,
}: {
  readonly topic: Topic | undefined;
  readonly onDone: () => void;
}) {
  const create = useCall(topicRoutes.create, { changes: ["topics."] });
  const change = useCall(topicRoutes.change, { changes: ["topics."] });
  const form = useForm({
    initial: {
      name: topic?.name ?? "",
      description: topic?.description ?? "",
      isPublic: topic?.isPublic ?? true,
    },
    refusals: { "consent.topic-name-taken": "name" },
    submit: async (body) => {
      await (topic ? change.mutateAsync({ params: { id: topic.id }, body }) : create.mutateAsync({ body }));
      notify.done(topic ? "Topic saved" : "Topic added");
      onDone();
    },
  });
  return (
    <form {...form.props}>
      <Stack>
        <TextInput
          label="Name"
          description="As people see it"
          data-autofocus
          autoComplete="off"
          {...form.text("name")}
        />
        <Textarea
          label="Description"
          description="What they will get, and how often"
          autosize
          minRows={2}
          {...form.text("description")}
        />
        <Switch
          label="Shown in the subscription centre"
          description="Where people choose for themselves"
          {...form.check("isPublic")}
        />
        <FormEnd form={form} action={topic ? "Save topic" : "Add topic"}>
          <Button variant="default" onClick={onDone}>
            Cancel
          </Button>
        </FormEnd>
      </Stack>
    </form>
  );
}
