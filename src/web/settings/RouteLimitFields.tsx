import { Group, NumberInput, Select, Stack, Title } from "@mantine/core";
import type { Form } from "../ui/useForm.ts";
import type { RouteValues, SmtpRoute } from "./route-values.ts";

/** How much may leave by a route, what part of the mail it has, and who stands in for it. */
export function RouteLimitFields({
  form,
  others,
}: {
  readonly form: Form<RouteValues>;
  /** Routes that could stand in for it. */
  readonly others: readonly SmtpRoute[];
}) {
  return (
    <Stack>
      <Title order={3} size="h4">
        Limits
      </Title>
      <Group grow align="flex-start">
        <NumberInput label="Connections at most" min={1} max={200} {...form.value("maxConnections")} />
        <NumberInput label="Messages per connection" min={1} {...form.value("messagesPerConnection")} />
      </Group>
      <Group grow align="flex-start">
        <NumberInput label="A second" placeholder="No limit" min={0} {...form.value("messagesPerSecond")} />
        <NumberInput label="An hour" placeholder="No limit" min={1} {...form.value("messagesPerHour")} />
        <NumberInput label="A day" placeholder="No limit" min={1} {...form.value("messagesPerDay")} />
      </Group>
      <Title order={3} size="h4">
        Beside other routes
      </Title>
      <NumberInput
        label="Weight"
        description="Its part of the mail that names no route, beside the weights of the others. 0: only where it is chosen or stands in; the default route then counts as 1"
        min={0}
        max={1000}
        {...form.value("weight")}
      />
      <Select
        label="Fall-back"
        description="Carries its mail while it is in trouble"
        allowDeselect={false}
        data={[
          { value: "", label: "None: mail waits until it works again" },
          ...others.map(({ id, name }) => ({ value: id, label: name })),
        ]}
        {...form.value("fallBackId")}
      />
      {form.values.fallBackId !== "" && (
        <NumberInput
          label="Minutes in trouble before it is used"
          min={0}
          max={1440}
          {...form.value("fallBackMinutes")}
        />
      )}
    </Stack>
  );
}
