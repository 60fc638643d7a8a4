import { Checkbox, Select, Stack, Table, Text, Textarea, TextInput, Title } from "@mantine/core";
import { issueOf } from "../ui/form-issues.ts";
import { formatNumber } from "../ui/format.ts";
import type { Form } from "../ui/useForm.ts";
import type { RouteValues, SmtpRoute } from "./route-values.ts";
import { curveOf, isWarmUpPlan, type WarmUpValues, warmUpChoices } from "./warm-up-values.ts";

/** [D24] A daily ceiling that grows: which plan, since when, and what it comes to day by day. */
export function WarmUpFields({
  form,
  saved,
}: {
  readonly form: Form<RouteValues>;
  readonly saved: SmtpRoute["warmUp"];
}) {
  const { warmUp } = form.values;
  const set = (change: Partial<WarmUpValues>) => form.set("warmUp", { ...warmUp, ...change });
  const errorAt = (field: string) => issueOf(form.issues, `warmUp.${field}`);
  return (
    <Stack>
      <Title order={3} size="h4">
        Warm-up
      </Title>
      <Select
        label="Plan"
        description="For a server that providers do not know yet: a ceiling for each day, beside the limits"
        allowDeselect={false}
        data={[...warmUpChoices]}
        value={warmUp.plan}
        onChange={(plan) => set({ plan: isWarmUpPlan(plan) ? plan : "" })}
      />
      {warmUp.plan !== "" && (
        <>
          <TextInput
            type="date"
            label="First day"
            description="Days begin at midnight UTC"
            value={warmUp.startsOn}
            error={errorAt("startsOn")}
            onChange={(event) => set({ startsOn: event.currentTarget.value })}
          />
          {warmUp.plan === "custom" && (
            <Textarea
              label="Messages on each day"
              description="Numbers with spaces between them. After the last day there is no ceiling"
              placeholder="50 100 200 400"
              autosize
              minRows={1}
              value={warmUp.ceilings}
              error={errorAt("ceilings")}
              onChange={(event) => set({ ceilings: event.currentTarget.value })}
            />
          )}
          <Checkbox
            label="Paused: stay at the ceiling of today"
            checked={warmUp.isPaused}
            onChange={(event) => set({ isPaused: event.currentTarget.checked })}
          />
          {saved && (
            <Text size="sm">
              {saved.today
                ? `Today is day ${formatNumber(saved.today.day)}: ${formatNumber(saved.today.ceiling)} messages at most.`
                : "This warm-up is over: it has no ceiling any more."}
            </Text>
          )}
          <Curve days={curveOf(warmUp)} today={saved?.plan === warmUp.plan ? saved.today?.day : undefined} />
        </>
      )}
    </Stack>
  );
}

function Curve({ days, today }: { readonly days: readonly number[]; readonly today: number | undefined }) {
  if (days.length === 0) return null;
  const rows = days.map((ceiling, index) => ({ day: index + 1, ceiling }));
  return (
    <details>
      <summary>All {formatNumber(days.length)} days</summary>
      <Table mt="xs" aria-label="Messages on each day of the warm-up">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Day</Table.Th>
            <Table.Th ta="right">Messages at most</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(({ day, ceiling }) => (
            <Table.Tr key={day} {...(day === today ? { fw: 700, "aria-current": "date" as const } : {})}>
              <Table.Td>
                {formatNumber(day)}
                {day === today && " (today)"}
              </Table.Td>
              <Table.Td ta="right">{formatNumber(ceiling)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </details>
  );
}
