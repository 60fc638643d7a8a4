import { Select, SimpleGrid, Textarea, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { contentRoutes } from "#contract/content.ts";
import { topicRoutes } from "#contract/topics.ts";
import { ask } from "../app/api.ts";
import type { useForm } from "../ui/useForm.ts";
import type { EventValues } from "./event-form.ts";
import { zones } from "./zoned-time.ts";

/** The fields of an event, for a new one and for changing one. */
export function EventFields({ form }: { readonly form: ReturnType<typeof useForm<EventValues>> }) {
  const topics = useQuery(ask(topicRoutes.list, {}));
  const settings = useQuery(ask(contentRoutes.list, {}));
  const options = (items: readonly { readonly id: string; readonly name: string }[] | undefined) =>
    items?.map(({ id, name }) => ({ value: id, label: name })) ?? [];
  return (
    <>
      <TextInput label="Name" autoComplete="off" {...form.text("name")} />
      <SimpleGrid cols={{ base: 1, sm: 3 }}>
        <TextInput label="Starts" type="datetime-local" {...form.text("startsAt")} />
        <TextInput label="Ends" type="datetime-local" {...form.text("endsAt")} />
        <Select
          label="Time zone"
          searchable
          limit={50}
          allowDeselect={false}
          data={zones.includes(form.values.timeZone) ? zones : [form.values.timeZone, ...zones]}
          {...form.value("timeZone")}
        />
      </SimpleGrid>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <TextInput
          label="Place"
          description="As people should read it"
          autoComplete="off"
          {...form.text("place")}
        />
        <TextInput
          label="Online address"
          description="Shown to registered people only"
          placeholder="https://"
          autoComplete="off"
          {...form.text("onlineUrl")}
        />
        <TextInput
          label="Places"
          description="Empty: no limit. Who comes later waits and moves up"
          inputMode="numeric"
          autoComplete="off"
          {...form.text("capacity")}
        />
        <TextInput
          label="Page address"
          description="Last part of the link; made from the name if empty"
          autoComplete="off"
          {...form.text("slug")}
        />
      </SimpleGrid>
      <Textarea label="Description" autosize minRows={3} {...form.text("description")} />
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <Select
          label="Ask for consent to"
          description="An unticked box on the form"
          placeholder="No box"
          clearable
          data={options(topics.data?.items)}
          {...form.value("topicId")}
          value={form.values.topicId || null}
          onChange={(value) => form.set("topicId", value ?? "")}
        />
        <Select
          label="Look of the page"
          description="Company, logo and colour from content settings"
          placeholder="The default ones"
          clearable
          data={options(settings.data?.items)}
          {...form.value("contentSettingsId")}
          value={form.values.contentSettingsId || null}
          onChange={(value) => form.set("contentSettingsId", value ?? "")}
        />
      </SimpleGrid>
    </>
  );
}
