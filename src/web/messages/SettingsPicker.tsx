import { Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { contentRoutes } from "#contract/content.ts";
import { ask } from "../app/api.ts";

/** Chooses content settings; none means the default ones. */
export function SettingsPicker({
  value,
  onChange,
}: {
  readonly value: string | undefined;
  readonly onChange: (contentSettingsId: string | undefined) => void;
}) {
  const list = useQuery(ask(contentRoutes.list, {}));
  const items = list.data?.items ?? [];
  const fallback = items.find(({ isDefault }) => isDefault)?.id;
  return (
    <Select
      label="In these content settings"
      data={items.map(({ id, name, isDefault }) => ({
        value: id,
        label: isDefault ? `${name} (default)` : name,
      }))}
      value={value ?? fallback ?? null}
      onChange={(next) => onChange(next && next !== fallback ? next : undefined)}
      allowDeselect={false}
    />
  );
}
