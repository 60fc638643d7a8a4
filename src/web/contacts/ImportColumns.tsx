import { Group, Select, Text, TextInput } from "@mantine/core";
import { fieldTypeWords } from "#core/contacts/attribute-words.ts";
import { fieldTypes } from "#core/messages/contact-schema.ts";
import { DataTable } from "../ui/DataTable.tsx";
import type { Attribute } from "./AttributeField.tsx";
import { choiceOf, type Target, targetChoices, targetOf } from "./column-target.ts";
import type { Import } from "./import-words.ts";

type Props = {
  readonly columns: Import["columns"];
  readonly targets: readonly Target[];
  readonly attributes: readonly Attribute[];
  readonly rows: readonly { readonly cells: readonly string[] }[];
  readonly onChange: (targets: readonly Target[]) => void;
};

/** Chooses what becomes of each column, beside what is in it. */
export function ImportColumns({ columns, targets, attributes, rows, onChange }: Props) {
  const choices = targetChoices(attributes);
  const change = (place: number, target: Target) =>
    onChange(targets.map((old, other) => (other === place ? target : old)));
  const lines = columns.map(({ header }, place) => ({
    header,
    place,
    target: targets[place] ?? { kind: "ignore" as const },
  }));
  return (
    <DataTable
      label="Columns"
      rows={lines}
      rowKey={({ place }) => String(place)}
      empty={<Text>The file has no columns.</Text>}
      columns={[
        { key: "header", header: "Column", cell: ({ header }) => <strong>{header}</strong> },
        {
          key: "sample",
          header: "For example",
          isMinor: true,
          cell: ({ place }) => (
            <Text size="sm" c="dimmed" lineClamp={2}>
              {rows
                .map(({ cells }) => cells[place] ?? "")
                .filter(Boolean)
                .slice(0, 3)
                .join(" · ") || "empty in the first rows"}
            </Text>
          ),
        },
        {
          key: "target",
          header: "Becomes",
          cell: ({ header, place, target }) => (
            <Group gap="xs">
              <Select
                aria-label={`What becomes of ${header}`}
                searchable
                allowDeselect={false}
                w={176}
                data={choices}
                value={choiceOf(target)}
                onChange={(choice) => change(place, targetOf(choice ?? "ignore", header))}
              />
              {target.kind === "new-attribute" && (
                <NewAttribute target={target} onChange={(next) => change(place, next)} />
              )}
            </Group>
          ),
        },
      ]}
    />
  );
}

type New = Extract<Target, { kind: "new-attribute" }>;

function NewAttribute({
  target,
  onChange,
}: {
  readonly target: New;
  readonly onChange: (target: New) => void;
}) {
  return (
    <>
      <TextInput
        aria-label="Name of the new attribute"
        w={140}
        defaultValue={target.label}
        onBlur={(event) => onChange({ ...target, label: event.currentTarget.value.trim() || target.label })}
      />
      <Select
        aria-label="Type of the new attribute"
        allowDeselect={false}
        w={136}
        data={fieldTypes.map((type) => ({ value: type, label: fieldTypeWords[type] }))}
        value={target.type}
        onChange={(type) =>
          onChange({ ...target, type: fieldTypes.find((known) => known === type) ?? target.type })
        }
      />
    </>
  );
}
