import { TextInput } from "@mantine/core";
import type { WaitUntil } from "#core/journeys/graph.ts";
import { momentOf, wallTimeAt } from "#core/journeys/wall-time.ts";
import { DurationField } from "./DurationField.tsx";

/** What a choice between a time and a date begins with. */
export const emptyUntil = (kind: string): WaitUntil =>
  kind === "date-time"
    ? { kind: "date-time", at: null }
    : { kind: "duration", duration: { amount: 1, unit: "days" } };

/** For how long, or until which date, in the time zone of the journey. */
export function UntilField({
  until,
  labels,
  timeZone,
  onChange,
}: {
  readonly until: WaitUntil;
  readonly labels: { readonly duration: string; readonly date: string };
  readonly timeZone: string;
  readonly onChange: (until: WaitUntil) => void;
}) {
  if (until.kind === "duration")
    return (
      <DurationField
        label={labels.duration}
        value={until.duration}
        onChange={(duration) => onChange({ kind: "duration", duration })}
      />
    );
  return (
    <TextInput
      type="datetime-local"
      label={labels.date}
      description={`In the journey's time zone, ${timeZone}`}
      value={until.at ? wallTimeAt(new Date(until.at), timeZone) : ""}
      onChange={({ currentTarget }) =>
        onChange({ kind: "date-time", at: momentOf(currentTarget.value, timeZone)?.toISOString() ?? null })
      }
    />
  );
}
