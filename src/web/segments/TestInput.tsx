import { MultiSelect, NativeSelect, NumberInput, TagsInput, TextInput } from "@mantine/core";
import type { Test } from "#core/segments/condition.ts";
import type { Field } from "#core/segments/field.ts";
import { DayInput } from "./DayInput.tsx";
import css from "./segments.module.css";

type Props = {
  readonly field: Field;
  readonly test: Test;
  readonly onChange: (test: Test) => void;
};

/** The inputs for the values of a test, by what it asks. */
export function TestInput({ field, test, onChange }: Props) {
  const { label } = field;
  switch (test.operator) {
    case "equals":
      return <EqualsInput field={field} test={test} onChange={onChange} />;
    case "contains":
    case "starts-with":
    case "ends-with":
      return (
        <TextInput
          aria-label={`${label}: text`}
          value={test.value}
          onChange={(event) => onChange({ ...test, value: event.currentTarget.value })}
        />
      );
    case "one-of":
      return (
        <TagsInput
          aria-label={`${label}: any of these, Enter after each`}
          placeholder={test.values.length === 0 ? "Type, Enter after each" : ""}
          miw={220}
          value={[...test.values]}
          onChange={(values) => onChange({ ...test, values })}
        />
      );
    case "has-any":
    case "has-all":
      return (
        <MultiSelect
          aria-label={`${label}: choices`}
          miw={220}
          data={[...new Set([...field.choices, ...test.values])]}
          value={[...test.values]}
          onChange={(values) => onChange({ ...test, values })}
        />
      );
    case "less":
    case "at-most":
    case "greater":
    case "at-least":
      return (
        <NumberField
          label={`${label}: number`}
          value={test.value}
          onChange={(value) => onChange({ ...test, value })}
        />
      );
    case "between":
      return (
        <>
          <NumberField
            label={`${label}: from`}
            value={test.from}
            onChange={(from) => onChange({ ...test, from })}
          />
          <span className={css.glue}>and</span>
          <NumberField label={`${label}: to`} value={test.to} onChange={(to) => onChange({ ...test, to })} />
        </>
      );
    case "on":
    case "before":
    case "after":
      return <DayInput label={label} day={test.day} onChange={(day) => onChange({ ...test, day })} />;
    case "between-days":
      return (
        <>
          <DayInput
            label={`${label}, from`}
            day={test.from}
            onChange={(from) => onChange({ ...test, from })}
          />
          <span className={css.glue}>and</span>
          <DayInput label={`${label}, to`} day={test.to} onChange={(to) => onChange({ ...test, to })} />
        </>
      );
    case "in-last-days":
    case "in-next-days":
      return (
        <NumberField
          label={`${label}: days`}
          value={test.days}
          isWhole
          onChange={(days) => onChange({ ...test, days })}
        />
      );
    case "is-empty":
      return null;
  }
}

function EqualsInput({
  field,
  test,
  onChange,
}: Props & { readonly test: Extract<Test, { operator: "equals" }> }) {
  const { value } = test;
  if (typeof value === "boolean")
    return (
      <NativeSelect
        aria-label={`${field.label}: yes or no`}
        value={String(value)}
        onChange={(event) => onChange({ ...test, value: event.currentTarget.value === "true" })}
        data={[
          { value: "true", label: "yes" },
          { value: "false", label: "no" },
        ]}
      />
    );
  if (typeof value === "number")
    return (
      <NumberField
        label={`${field.label}: number`}
        value={value}
        onChange={(next) => onChange({ ...test, value: next })}
      />
    );
  if (field.choices.length > 0)
    return (
      <NativeSelect
        aria-label={`${field.label}: choice`}
        value={value}
        onChange={(event) => onChange({ ...test, value: event.currentTarget.value })}
        data={["", ...field.choices]}
      />
    );
  return (
    <TextInput
      aria-label={`${field.label}: text`}
      value={value}
      onChange={(event) => onChange({ ...test, value: event.currentTarget.value })}
    />
  );
}

/** A number; what is not one yet is zero. */
function NumberField({
  label,
  value,
  isWhole = false,
  onChange,
}: {
  readonly label: string;
  readonly value: number;
  readonly isWhole?: boolean;
  readonly onChange: (value: number) => void;
}) {
  return (
    <NumberInput
      aria-label={label}
      w={110}
      value={value}
      {...(isWhole ? { min: 1, max: 36_500, allowDecimal: false } : {})}
      onChange={(next) => onChange(Number(next) || 0)}
    />
  );
}
