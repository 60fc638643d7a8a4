import { CloseButton, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useState } from "react";

/** Searches while one types; hands over what rested for a quarter of a second. */
export function SearchField({
  label,
  value,
  onSearch,
}: {
  /** "Search contacts": the accessible name and the placeholder. */
  readonly label: string;
  /** What is being searched for when the page opens. */
  readonly value: string;
  readonly onSearch: (text: string) => void;
}) {
  const [text, setText] = useState(value);
  const search = useDebouncedCallback(onSearch, 250);
  function change(next: string): void {
    setText(next);
    search(next.trim());
  }
  return (
    <TextInput
      type="search"
      aria-label={label}
      placeholder={label}
      value={text}
      maw={360}
      style={{ flex: "1 1 220px" }}
      leftSection={<IconSearch aria-hidden size={16} />}
      rightSection={
        text ? <CloseButton size="sm" aria-label="Clear search" onClick={() => change("")} /> : undefined
      }
      onChange={(event) => change(event.currentTarget.value)}
    />
  );
}
