import { Code, SimpleGrid, Stack, Text, Textarea, TextInput } from "@mantine/core";

const texts = [
  { key: "source", label: "Source", placeholder: "newsletter" },
  { key: "medium", label: "Medium", placeholder: "email" },
  { key: "campaign", label: "Campaign", placeholder: "{{ journey.name }}" },
  { key: "content", label: "Content", placeholder: "{{ message.name }}" },
  { key: "term", label: "Term", placeholder: "" },
] as const;

type Tags = { readonly [key in (typeof texts)[number]["key"]]: string } & { readonly domains: string[] };

/** The parameters that links are led on with, where, and what that makes of an address. */
export function LinkTagFields({
  value,
  onChange,
  problemOf,
  example,
}: {
  readonly value: Tags;
  readonly onChange: (value: Tags) => void;
  /** What is wrong with a field, such as `campaign`. */
  readonly problemOf: (field: string) => string | undefined;
  readonly example: string;
}) {
  return (
    <Stack gap="md">
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="md">
        {texts.map(({ key, label, placeholder }) => (
          <TextInput
            key={key}
            label={label}
            description={<Code>{`utm_${key}`}</Code>}
            placeholder={placeholder}
            autoComplete="off"
            spellCheck={false}
            maxLength={300}
            value={value[key]}
            error={problemOf(key)}
            onChange={(event) => onChange({ ...value, [key]: event.currentTarget.value })}
          />
        ))}
        <Textarea
          label="Only for links to"
          description="Domains, one a line; empty: all"
          placeholder="example.com"
          autosize
          minRows={1}
          maxRows={8}
          spellCheck={false}
          value={value.domains.join("\n")}
          error={problemOf("domains")}
          onChange={(event) => onChange({ ...value, domains: event.currentTarget.value.split("\n") })}
        />
      </SimpleGrid>
      <div>
        <Text size="sm" fw={500}>
          For example
        </Text>
        <Text size="sm" c="dimmed" style={{ overflowWrap: "anywhere" }}>
          {example}
        </Text>
      </div>
    </Stack>
  );
}
