import { Button, Group, NumberInput, Select, Stack, Text, TextInput } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useSuspenseQuery } from "@tanstack/react-query";
import { domainPaceRoutes } from "#contract/delivery.ts";
import { type AnswerOf, ask, useCall } from "../app/api.ts";
import { refreshMs } from "../app/query-client.ts";
import { useCan } from "../app/session.ts";
import { FormEnd } from "../ui/FormEnd.tsx";
import { issueOf } from "../ui/form-issues.ts";
import { formatDateTime, formatNumber } from "../ui/format.ts";
import { notify } from "../ui/notify.tsx";
import { Panel } from "../ui/Panel.tsx";
import { StatusBadge } from "../ui/StatusBadge.tsx";
import { useForm } from "../ui/useForm.ts";
import {
  newPace,
  type PaceValues,
  paceUnits,
  paceWords,
  suggestions,
  toPaceBody,
  toPaceValues,
} from "./pace-values.ts";

type Paces = AnswerOf<typeof domainPaceRoutes.list>["items"];

/** [D25] How fast mail may go to receiving domains, and what waits for it now. */
export function DomainPaces() {
  const { data } = useSuspenseQuery({ ...ask(domainPaceRoutes.list, {}), refetchInterval: refreshMs.calm });
  const canWrite = useCan("senders:write");
  const paces = [...data.items, ...data.temporary.map((pace) => ({ name: pace.domain, ...pace }))];
  const waiting = paces.filter((pace) => pace.waiting > 0);
  const slowed = paces.flatMap(({ name, slowed: state }) => (state ? [{ name, slowed: state }] : []));
  return (
    <Panel
      title="Pace by receiving domain"
      lead="Providers that get mail too fast refuse it. Domains with a pace get theirs evenly, by all routes together, and hold up no others."
    >
      {slowed.map(({ name, slowed: { until, perSecond, reply } }) => (
        <Stack key={name} gap={4} mb="sm">
          <Group gap="xs">
            <StatusBadge tone="warn">Slowed down</StatusBadge>
            <Text size="sm" fw={600}>
              {name}: slowed down by the receiver until {formatDateTime(until)}
            </Text>
          </Group>
          <Text size="sm" c="dimmed" style={{ overflowWrap: "anywhere" }}>
            {paceWords(perSecond)} now, growing evenly until then. It said: “{reply}”
          </Text>
        </Stack>
      ))}
      {waiting.map(({ name, waiting: count, lastAt }) => (
        <Text key={name} size="sm" mb="xs">
          {name}: {formatNumber(count)} wait{lastAt && `, the last until ${formatDateTime(lastAt)}`}.
        </Text>
      ))}
      {canWrite ? <PaceForm paces={data.items} /> : <PaceList paces={data.items} />}
    </Panel>
  );
}

function PaceList({ paces }: { readonly paces: Paces }) {
  if (paces.length === 0) return <Text c="dimmed">No domain has a pace.</Text>;
  return paces.map(({ name, domains, messages, perSeconds }) => (
    <Text key={name} size="sm">
      {name} ({domains.join(", ")}): {formatNumber(messages)} in {formatNumber(perSeconds)} seconds
    </Text>
  ));
}

function PaceForm({ paces }: { readonly paces: Paces }) {
  const save = useCall(domainPaceRoutes.set, { changes: [domainPaceRoutes.list.id] });
  const form = useForm({
    initial: { items: toPaceValues(paces) },
    submit: async ({ items }) => {
      await save.mutateAsync({ body: toPaceBody(items) });
      notify.done("Saved");
    },
  });
  const { items } = form.values;
  const left = suggestions(items);
  const add = (provider: string) => form.set("items", [...items, newPace(provider)]);
  return (
    <form {...form.props}>
      <Stack>
        {items.map((pace, index) => (
          <PaceFields
            // A rule has no identity before it is saved but its place.
            key={pace.key}
            pace={pace}
            errorAt={(field) => issueOf(form.issues, `items.${index}.${field}`)}
            onChange={(changed) => form.set("items", items.with(index, changed))}
            onRemove={() => form.set("items", items.toSpliced(index, 1))}
          />
        ))}
        <Group>
          {[...left, ""].map((provider) => (
            <Button
              key={provider}
              variant="default"
              size="compact-md"
              leftSection={<IconPlus aria-hidden size={14} />}
              onClick={() => add(provider)}
            >
              {provider || "Other domains"}
            </Button>
          ))}
        </Group>
        {form.isDirty && <FormEnd form={form} action="Save paces" />}
      </Stack>
    </form>
  );
}

function PaceFields({
  pace,
  errorAt,
  onChange,
  onRemove,
}: {
  readonly pace: PaceValues;
  readonly errorAt: (field: string) => string | undefined;
  readonly onChange: (pace: PaceValues) => void;
  readonly onRemove: () => void;
}) {
  return (
    <Group align="flex-start" role="group" aria-label={`Pace of ${pace.name || "new domains"}`}>
      <TextInput
        label="Name"
        w={150}
        value={pace.name}
        error={errorAt("name")}
        onChange={(event) => onChange({ ...pace, name: event.currentTarget.value })}
      />
      <TextInput
        label="Domains"
        placeholder="example.com example.org"
        style={{ flex: "1 1 240px" }}
        value={pace.domains}
        error={errorAt("domains")}
        onChange={(event) => onChange({ ...pace, domains: event.currentTarget.value })}
      />
      <NumberInput
        label="Messages"
        w={110}
        min={1}
        value={pace.messages}
        error={errorAt("messages")}
        onChange={(messages) => onChange({ ...pace, messages })}
      />
      <Select
        label="In"
        w={130}
        allowDeselect={false}
        data={[...paceUnits]}
        value={pace.perSeconds}
        error={errorAt("perSeconds")}
        onChange={(perSeconds) => onChange({ ...pace, perSeconds: perSeconds ?? pace.perSeconds })}
      />
      <Button
        variant="default"
        mt={25}
        aria-label={`Remove the pace of ${pace.name || "new domains"}`}
        onClick={onRemove}
      >
        Remove
      </Button>
    </Group>
  );
}
