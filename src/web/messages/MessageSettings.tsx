import { NativeSelect, SegmentedControl, Stack, Switch, Text } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import type { z } from "zod";
import { type Message, messageRoutes } from "#contract/messages.ts";
import { topicRoutes } from "#contract/topics.ts";
import { exampleOfTags, noLinkTags, problemsOfTags } from "#core/messages/link-tags.ts";
import { ask } from "../app/api.ts";
import { LinkTagFields } from "../ui/LinkTagFields.tsx";
import type { Draft } from "./draft.ts";
import { Personalised } from "./MessageFields.tsx";
import { editorNames } from "./names.ts";

/** Sender, legal designation, topic and tracking of a message. */
export function MessageSettings({
  draft,
  message,
  onChange,
}: {
  readonly draft: Draft;
  readonly message: z.output<typeof Message>;
  readonly onChange: (part: Partial<Draft>) => void;
}) {
  const topics = useSuspenseQuery(ask(topicRoutes.list, {})).data.items;
  const context = useSuspenseQuery(ask(messageRoutes.previewContext, { query: {} })).data;
  const names = editorNames(context);
  return (
    <Stack gap="md" maw={560}>
      <Personalised
        label="From name"
        name="fromName"
        placeholder={context.defaults.fromName || "From the content settings"}
        value={draft.fromName}
        onChange={(fromName) => onChange({ fromName })}
        names={names}
      />
      <Personalised
        label="From address"
        name="fromAddress"
        placeholder={context.defaults.fromAddress || "From the content settings"}
        value={draft.fromAddress}
        onChange={(fromAddress) => onChange({ fromAddress })}
        names={names}
      />
      <Personalised
        label="Reply to"
        name="replyTo"
        placeholder={context.defaults.replyTo || "Same as the from address"}
        value={draft.replyTo}
        onChange={(replyTo) => onChange({ replyTo })}
        names={names}
      />
      <div>
        <Text size="sm" fw={500} id="designation">
          Legal designation
        </Text>
        <Text size="xs" c="dimmed" mb={6}>
          {message.designationLocked
            ? "Locked, because the message has been live. Copy it to choose again."
            : "Commercial mail needs consent, an unsubscribe link and your postal address; transactional mail answers something the contact did."}
        </Text>
        <SegmentedControl
          aria-labelledby="designation"
          disabled={message.designationLocked}
          value={draft.designation}
          onChange={(value) =>
            onChange({ designation: value === "transactional" ? "transactional" : "commercial" })
          }
          data={[
            { value: "commercial", label: "Commercial" },
            { value: "transactional", label: "Transactional" },
          ]}
        />
      </div>
      <NativeSelect
        label="Topic"
        description="Contacts get it only if they subscribed to this topic. None: to everyone who has not opted out of all mail."
        value={draft.topicId ?? ""}
        onChange={(event) => onChange({ topicId: event.currentTarget.value || null })}
        data={[
          { value: "", label: "No topic" },
          ...topics.map(({ id, name }) => ({ value: id, label: name })),
        ]}
      />
      <Switch
        label="Count opens"
        description="An invisible image in each message, only for contacts who allow it."
        checked={draft.trackOpens}
        onChange={(event) => onChange({ trackOpens: event.currentTarget.checked })}
      />
      <Switch
        label="Count clicks"
        description="Links lead through this server, which notes the click and redirects."
        checked={draft.trackClicks}
        onChange={(event) => onChange({ trackClicks: event.currentTarget.checked })}
      />
      {draft.trackClicks && (
        <OwnLinkTags
          tags={draft.linkTags}
          messageName={draft.name}
          onChange={(linkTags) => onChange({ linkTags })}
        />
      )}
    </Stack>
  );
}

/** Whether the message has link tags of its own, and which. */
function OwnLinkTags({
  tags,
  messageName,
  onChange,
}: {
  readonly tags: Draft["linkTags"];
  readonly messageName: string;
  readonly onChange: (tags: Draft["linkTags"]) => void;
}) {
  return (
    <>
      <NativeSelect
        label="Link tags"
        name="linkTags"
        description="Parameters that tell your web statistics where visitors come from."
        value={tags === null ? "settings" : "own"}
        onChange={(event) => onChange(event.currentTarget.value === "own" ? noLinkTags : null)}
        data={[
          { value: "settings", label: "As the content settings say" },
          { value: "own", label: "Its own, or none" },
        ]}
      />
      {tags !== null && (
        <LinkTagFields
          value={tags}
          onChange={onChange}
          problemOf={(field) => problemsOfTags(tags).find(({ path }) => path === field)?.message}
          example={exampleOfTags(tags, { journeyName: "Spring invitation", messageName })}
        />
      )}
    </>
  );
}
