import { Alert, Select, Stack, Text, TextInput } from "@mantine/core";
import { IconCircleCheck } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { contentRoutes } from "#contract/content.ts";
import { routeRoutes } from "#contract/senders.ts";
import type { JourneySettings } from "#core/journeys/settings.ts";
import { ask } from "../app/api.ts";
import { Panel } from "../ui/Panel.tsx";
import type { Found } from "./canvas-parts.ts";
import { FindingList } from "./FindingList.tsx";
import { ContentSettingsPicker, RoutePicker } from "./pickers.tsx";

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
  return (
    <>
      <Panel title="Journey">
        {isReadOnly ? (
          <Facts settings={settings} />
        ) : (
          <Fields name={name} settings={settings} onName={onName} onSettings={onSettings} />
        )}
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

/** What was chosen, where it cannot be changed any more. */
function Facts({ settings }: { readonly settings: JourneySettings }) {
  const items = useQuery(ask(contentRoutes.list, {})).data?.items ?? [];
  const routes = useQuery(ask(routeRoutes.list, {})).data?.items ?? [];
  const route = routes.find(({ id }) => id === settings.routeId);
  const chosen = items.find(({ id, isDefault }) =>
    settings.contentSettingsId ? id === settings.contentSettingsId : isDefault,
  );
  return (
    <Stack gap="xs">
      <Text size="sm">
        <b>Content settings</b>
        <br />
        {chosen?.name ?? "…"}
        {settings.contentSettingsId ? "" : " (the default ones)"}
      </Text>
      <Text size="sm">
        <b>Route</b>
        <br />
        {settings.routeId === null ? "Any route, by their weights" : (route?.name ?? "…")}
      </Text>
      <Text size="sm">
        <b>Time zone</b>
        <br />
        {settings.timeZone}
      </Text>
      <Text size="sm" c="dimmed">
        Select a tile to see its numbers and the contacts behind them. To change a journey that has run, copy
        it.
      </Text>
    </Stack>
  );
}

function Fields({
  name,
  settings,
  onName,
  onSettings,
}: {
  readonly name: string;
  readonly settings: JourneySettings;
  readonly onName: (name: string) => void;
  readonly onSettings: (settings: JourneySettings) => void;
}) {
  const zones = useMemo(() => Intl.supportedValuesOf("timeZone"), []);
  const known = zones.includes(settings.timeZone) ? zones : [settings.timeZone, ...zones];
  return (
    <Stack gap="sm">
      <TextInput
        label="Name"
        value={name}
        maxLength={200}
        error={name.trim() ? undefined : "A journey needs a name."}
        onChange={({ currentTarget }) => onName(currentTarget.value)}
      />
      <ContentSettingsPicker
        value={settings.contentSettingsId}
        onChange={(contentSettingsId) => onSettings({ ...settings, contentSettingsId })}
      />
      <RoutePicker value={settings.routeId} onChange={(routeId) => onSettings({ ...settings, routeId })} />
      <Select
        label="Time zone"
        description="In which dates of this journey are entered and shown."
        searchable
        data={known}
        value={settings.timeZone}
        allowDeselect={false}
        onChange={(timeZone) => timeZone && onSettings({ ...settings, timeZone })}
      />
    </Stack>
  );
}
