import { NativeSelect, NumberInput, TextInput } from "@mantine/core";
import type { Day } from "#core/segments/condition.ts";

/** Chooses a day: a date, today, or so many days before or after it. */
export function DayInput({
  label,
  day,
  onChange,
}: {
  readonly label: string;
  readonly day: Day;
  readonly onChange: (day: Day) => void;
}) {
  const how =
    "date" in day ? "date" : day.daysFromToday === 0 ? "today" : day.daysFromToday < 0 ? "ago" : "ahead";
  const amount = "date" in day ? 1 : Math.max(1, Math.abs(day.daysFromToday));
  function choose(next: string): void {
    if (next === "date") onChange({ date: new Date().toISOString().slice(0, 10) });
    if (next === "today") onChange({ daysFromToday: 0 });
    if (next === "ago") onChange({ daysFromToday: -amount });
    if (next === "ahead") onChange({ daysFromToday: amount });
  }
  return (
    <>
      {(how === "ago" || how === "ahead") && (
        <NumberInput
          aria-label={`${label}: number of days`}
          w={80}
          min={1}
          max={36_500}
          allowDecimal={false}
          value={amount}
          onChange={(value) => onChange({ daysFromToday: (how === "ago" ? -1 : 1) * (Number(value) || 1) })}
        />
      )}
      <NativeSelect
        aria-label={`${label}: which day`}
        value={how}
        onChange={(event) => choose(event.currentTarget.value)}
        data={[
          { value: "date", label: "the date" },
          { value: "today", label: "today" },
          { value: "ago", label: "days ago" },
          { value: "ahead", label: "days from now" },
        ]}
      />
      {"date" in day && (
        <TextInput
          type="date"
          aria-label={`${label}: date`}
          value={day.date}
          onChange={(event) => onChange({ date: event.currentTarget.value })}
        />
      )}
    </>
  );
}
