import { ActionIcon, Button, Code, Group, SimpleGrid, Stack, Textarea, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { issueOf } from "../ui/form-issues.ts";
import { Panel } from "../ui/Panel.tsx";
import type { ContentForm } from "./content-form.ts";
import { type Entry, networkNames } from "./content-values.ts";

/** Sets one entry of a list, by its place. */
function withEntry(entries: readonly Entry[], place: number, change: Partial<Entry>): readonly Entry[] {
  return entries.map((entry, other) => (other === place ? { ...entry, ...change } : entry));
}

/** Addresses on social networks. Empty ones do not appear in messages. */
export function SocialLinks({ form }: { readonly form: ContentForm }) {
  const { socialLinks } = form.values;
  return (
    <Panel title="Social networks" lead="Those you leave empty do not appear in messages.">
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="md">
        {socialLinks.map(({ key, value }, place) => (
          <TextInput
            key={key}
            label={networkNames[key] ?? key}
            type="url"
            placeholder="https://"
            value={value}
            error={issueOf(form.issues, `socialLinks.${key}`)}
            onChange={(event) =>
              form.set("socialLinks", withEntry(socialLinks, place, { value: event.currentTarget.value }))
            }
          />
        ))}
      </SimpleGrid>
    </Panel>
  );
}

/** The marketer's own texts, which messages can show by their key. */
export function Texts({ form }: { readonly form: ContentForm }) {
  const { texts } = form.values;
  const places = texts.map((entry, place) => ({ ...entry, place }));
  return (
    <Panel
      title="Your own texts"
      lead={
        <>
          For what repeats in many messages. Show one as <Code>{"{{ settings.key }}"}</Code>.
        </>
      }
      actions={
        <Button
          variant="default"
          leftSection={<IconPlus aria-hidden size={16} />}
          onClick={() => form.set("texts", [...texts, { key: "", value: "" }])}
        >
          Add a text
        </Button>
      }
    >
      <Stack>
        {places.map(({ key, value, place }) => (
          <Group key={`text ${place}`} align="flex-start" wrap="nowrap">
            <TextInput
              label="Key"
              w={180}
              value={key}
              error={key ? issueOf(form.issues, `texts.${key}`) : undefined}
              onChange={(event) =>
                form.set("texts", withEntry(texts, place, { key: event.currentTarget.value }))
              }
            />
            <Textarea
              label="Text"
              autosize
              minRows={1}
              style={{ flex: 1 }}
              value={value}
              onChange={(event) =>
                form.set("texts", withEntry(texts, place, { value: event.currentTarget.value }))
              }
            />
            <ActionIcon
              mt={28}
              variant="subtle"
              color="gray"
              aria-label={`Remove ${key || "this text"}`}
              onClick={() =>
                form.set(
                  "texts",
                  texts.filter((_, other) => other !== place),
                )
              }
            >
              <IconTrash aria-hidden size={16} />
            </ActionIcon>
          </Group>
        ))}
      </Stack>
    </Panel>
  );
}
