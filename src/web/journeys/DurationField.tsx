import { Group, NativeSelect, NumberInput } from "@mantine/core";
import { type Duration, durationSchema } from "#core/journeys/graph.ts";

/** A length of time: how many, and of what. */
export function DurationField({
  label,
  value,
  onChange,
}: {
  readonly label: string;
  readonly value: Duration;
  readonly onChange: (duration: Duration) => void;
}) {
  return (
    <Group gap="xs" align="end" wrap="nowrap">
      <NumberInput
        label={label}
        value={value.amount}
        min={0}
        max={1_000_000}
        allowDecimal={false}
        allowNegative={false}
        clampBehavior="strict"
        onChange={(amount) => onChange({ ...value, amount: Math.round(Number(amount) || 0) })}
        style={{ flex: 1 }}
      />
      <NativeSelect
        aria-label={`${label}: unit`}
        value={value.unit}
        data={[...durationSchema.shape.unit.options]}
        onChange={({ currentTarget }) => {
          const unit = durationSchema.shape.unit.safeParse(currentTarget.value);
          if (unit.success) onChange({ ...value, unit: unit.data });
        }}
        style={{ width: 110 }}
      />
    </Group>
  );
}
