import { Select } from "@mantine/core";
import type { Named } from "#core/segments/references.ts";

/** Chooses something by name. With `any`, nothing chosen means any of them. */
export function ReferenceSelect({
  label,
  from,
  value,
  any,
  onChange,
}: {
  readonly label: string;
  readonly from: readonly Named[];
  readonly value: string | undefined;
  /** "any message": what leaving it empty means. */
  readonly any?: string;
  readonly onChange: (id: string | undefined) => void;
}) {
  const isGone = value !== undefined && !from.some(({ id }) => id === value);
  const data = from.map(({ id, name }) => ({ value: id, label: name }));
  return (
    <Select
      aria-label={label}
      placeholder={any ?? `Choose a ${label.toLowerCase()}`}
      searchable
      clearable={any !== undefined}
      nothingFoundMessage="Nothing of this name"
      limit={100}
      miw={200}
      data={isGone ? [...data, { value, label: `${value} (gone)` }] : data}
      value={value ?? null}
      onChange={(id) => onChange(id ?? undefined)}
    />
  );
}
