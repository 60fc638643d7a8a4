import { Alert, Select, Stack, Text, TextInput } from "@mantine/core";
import { IconCircleCheck } from "@tabler/icons-react";
import { useMemo } from "react";
import type { JourneySettings } from "#core/journeys/settings.ts";
import { Panel } from "../ui/Panel.tsx";
import type { Found } from "./canvas-parts.ts";
import { FindingList } from "./FindingList.tsx";
import { ContentSettingsPicker } from "./pickers.tsx";

/** What holds for the whole journey, and everything that the check found. Shown while no tile is selected. */
export function JourneyPanel({
  name,
  settings,
  findings,
  isReadOnly,
  onName,
  onSettings,
  onShow,
}: {
  readonly name: string;
  readonly settings: JourneySettings;
  /** Undefined while the check has not answered, or does not apply. */
  readonly findings: readonly Found[] | undefined;
  readonly isReadOnly: boolean;
  readonly onName: (name: string) => void;
  readonly onSettings: (settings: JourneySettings) => void;
  readonly onShow: (tileId: string) => void;
}) {
  const zones = useMemo(() => Intl.supportedValuesOf("timeZone"), []);
  const known = zones.includes(settings.timeZone) ? zones : [settings.timeZone, ...zones];
  return (
    <>
      <Panel title="Journey">
        <Stack gap="sm">
          <TextInput
            label="Name"
            value={name}
            maxLength={200}
            disabled={isReadOnly}
            error={name.trim() ? undefined : "A journey needs a name."}
            onChange={({ currentTarget }) => onName(currentTarget.value)}
          />
          <ContentSettingsPicker
            value={settings.contentSettingsId}
            isDisabled={isReadOnly}
            onChange={(contentSettingsId) => onSettings({ ...settings, contentSettingsId })}
          />
          <Select
            label="Time zone"
            description="In which dates of this journey are entered and shown."
            searchable
            data={known}
            value={settings.timeZone}
            disabled={isReadOnly}
            allowDeselect={false}
            onChange={(timeZone) => timeZone && onSettings({ ...settings, timeZone })}
          />
        </Stack>
      </Panel>
      {findings && !isReadOnly && (
        <Panel title="Check">
          {findings.length === 0 ? (
            <Alert
              color="spruce"
              variant="light"
              icon={<IconCircleCheck aria-hidden />}
              title="Ready to go live"
            >
              <Text size="sm">Nothing is missing, and every message passes in these content settings.</Text>
            </Alert>
          ) : (
            <FindingList findings={findings} onShow={onShow} />
          )}
        </Panel>
      )}
    </>
  );
}
