import { Checkbox, Group, Select } from "@mantine/core";
import { FileFormat } from "#contract/imports.ts";
import type { Import } from "./import-words.ts";

type Format = Import["format"];

const delimiterWords: Readonly<Record<Format["delimiter"], string>> = {
  ",": "Comma",
  ";": "Semicolon",
  "\t": "Tab",
  "|": "Bar |",
};

const encodingWords: Readonly<Record<Format["encoding"], string>> = {
  "utf-8": "UTF-8",
  "utf-16le": "UTF-16",
  "utf-16be": "UTF-16 (big-endian)",
  "windows-1252": "Windows (Western)",
};

/** How the file is read. Recognised on upload; a change here guesses the columns anew. */
export function ImportFormat({
  format,
  onChange,
}: {
  readonly format: Format;
  readonly onChange: (format: Format) => void;
}) {
  const set = (change: object) => {
    const next = FileFormat.safeParse({ ...format, ...change });
    if (next.success) onChange(next.data);
  };
  return (
    <Group align="flex-end" mb="md">
      <Select
        label="Between columns"
        allowDeselect={false}
        w={150}
        data={Object.entries(delimiterWords).map(([value, label]) => ({ value, label }))}
        value={format.delimiter}
        onChange={(delimiter) => set({ delimiter })}
      />
      <Select
        label="Encoding"
        allowDeselect={false}
        w={190}
        data={Object.entries(encodingWords).map(([value, label]) => ({ value, label }))}
        value={format.encoding}
        onChange={(encoding) => set({ encoding })}
      />
      <Checkbox
        label="The first row holds the headers"
        mb={8}
        checked={format.hasHeader}
        onChange={(event) => set({ hasHeader: event.currentTarget.checked })}
      />
    </Group>
  );
}
