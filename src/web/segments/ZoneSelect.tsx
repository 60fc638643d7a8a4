import { Select } from "@mantine/core";

const zones = Intl.supportedValuesOf("timeZone");

/** The zone of whoever looks at the page. */
export const ownZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Chooses the time zone in which the days of a segment begin. */
export function ZoneSelect({
  value,
  isReadOnly,
  onChange,
}: {
  readonly value: string;
  readonly isReadOnly: boolean;
  readonly onChange: (zone: string) => void;
}) {
  return (
    <Select
      label="Time zone of its days"
      description="“Today” and “on 1 May” begin at midnight there."
      searchable
      limit={50}
      disabled={isReadOnly}
      allowDeselect={false}
      data={zones.includes(value) ? zones : [value, ...zones]}
      value={value}
      onChange={(zone) => zone && onChange(zone)}
    />
  );
}
