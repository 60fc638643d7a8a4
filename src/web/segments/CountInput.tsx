import { NativeSelect, NumberInput } from "@mantine/core";
import type { Count } from "#core/segments/condition.ts";

const operators = ["at-least", "at-most", "exactly"] as const;

/** Chooses how often: at least, at most or exactly so many. */
export function CountInput({
  label,
  count,
  onChange,
}: {
  readonly label: string;
  readonly count: Count;
  readonly onChange: (count: Count) => void;
}) {
  return (
    <>
      <NativeSelect
        aria-label={`${label}: compared how`}
        value={count.operator}
        data={operators.map((value) => ({ value, label: value.replace("-", " ") }))}
        onChange={(event) => {
          const operator = operators.find((each) => each === event.currentTarget.value);
          if (operator) onChange({ ...count, operator });
        }}
      />
      <NumberInput
        aria-label={`${label}: number`}
        w={80}
        min={0}
        max={1_000_000}
        allowDecimal={false}
        value={count.value}
        onChange={(value) => onChange({ ...count, value: Number(value) || 0 })}
      />
    </>
  );
}
