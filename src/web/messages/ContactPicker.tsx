import { Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { contactRoutes } from "#contract/contacts.ts";
import { ask } from "../app/api.ts";

/** Chooses one contact by the beginning of its address or name. */
export function ContactPicker({
  label,
  nobody,
  value,
  onChange,
}: {
  readonly label: string;
  /** Whose values are taken while nobody is chosen. */
  readonly nobody: string;
  readonly value: string | undefined;
  readonly onChange: (contactId: string | undefined) => void;
}) {
  const [search, setSearch] = useState("");
  const [rested] = useDebouncedValue(search, 200);
  const found = useQuery({
    ...ask(contactRoutes.list, { query: { limit: 20, search: rested || undefined } }),
    placeholderData: keepPreviousData,
  });
  const chosen = useQuery({
    ...ask(contactRoutes.get, { params: { id: value ?? "cnt_1" } }),
    enabled: value !== undefined,
  });
  const options = (found.data?.items ?? []).map(({ id, email, firstName, lastName }) => ({
    value: id,
    label: [firstName, lastName].some(Boolean)
      ? `${[firstName, lastName].filter(Boolean).join(" ")} · ${email}`
      : email,
  }));
  if (value && chosen.data && !options.some((option) => option.value === value))
    options.unshift({ value, label: chosen.data.email });
  return (
    <Select
      label={label}
      placeholder={nobody}
      data={options}
      value={value ?? null}
      onChange={(next) => onChange(next ?? undefined)}
      searchable
      clearable
      clearButtonProps={{ "aria-label": "Clear" }}
      filter={({ options: all }) => all}
      onSearchChange={setSearch}
      nothingFoundMessage="No contact begins like this"
    />
  );
}
