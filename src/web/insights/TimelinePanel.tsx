import { Group, SegmentedControl, Switch, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { insightRoutes, type TimePoint } from "#contract/insights.ts";
import { ask } from "../app/api.ts";
import { refreshMs } from "../app/query-client.ts";
import { type Column, DataTable } from "../ui/DataTable.tsx";
import { formatDate, formatDateTime, formatNumber } from "../ui/format.ts";
import { PageLoading } from "../ui/PageLoading.tsx";
import { Panel } from "../ui/Panel.tsx";
import { ProblemPanel } from "../ui/ProblemPanel.tsx";
import { TimelineChart } from "./TimelineChart.tsx";

type Step = "hour" | "day";

const ownZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** The timeline of a scope or period, as a chart or as the table behind it. */
export function TimelinePanel({ of, from }: { readonly of?: string; readonly from?: string }) {
  const [step, setStep] = useState<Step>(of === undefined ? "day" : "hour");
  const [isTable, setTable] = useState(false);
  const timeline = useQuery({
    ...ask(insightRoutes.timeline, { query: { of, from, step, timeZone: ownZone } }),
    refetchInterval: refreshMs.calm,
    placeholderData: (before) => before,
  });
  const points = timeline.data?.points;
  return (
    <Panel
      title="Over time"
      actions={
        <Group gap="md">
          <Switch
            label="As a table"
            checked={isTable}
            onChange={(event) => setTable(event.currentTarget.checked)}
          />
          <SegmentedControl
            size="sm"
            aria-label="Step of the timeline"
            value={step}
            data={[
              { value: "hour", label: "Hours" },
              { value: "day", label: "Days" },
            ]}
            onChange={(value) => setStep(value === "hour" ? "hour" : "day")}
          />
        </Group>
      }
    >
      {timeline.isError && <ProblemPanel error={timeline.error} onRetry={() => void timeline.refetch()} />}
      {timeline.isPending && <PageLoading />}
      {points?.length === 0 && (
        <Text c="dimmed" size="sm">
          Nothing happened yet.
        </Text>
      )}
      {points &&
        points.length > 0 &&
        (isTable ? <Table points={points} step={step} /> : <TimelineChart points={points} step={step} />)}
    </Panel>
  );
}

function Table({ points, step }: { readonly points: readonly TimePoint[]; readonly step: Step }) {
  const number = (key: Exclude<keyof TimePoint, "at">, header: string): Column<TimePoint> => ({
    key,
    header,
    align: "right",
    cell: (point) => formatNumber(point[key]),
  });
  return (
    <DataTable
      label="Timeline"
      rows={[...points].reverse()}
      rowKey={({ at }) => at}
      empty={null}
      columns={[
        {
          key: "at",
          header: step === "hour" ? "Hour" : "Day",
          cell: ({ at }) => (step === "hour" ? formatDateTime(at) : formatDate(at)),
        },
        number("accepted", "Accepted"),
        number("opens", "Opens by people"),
        number("clicks", "Clicks by people"),
        number("machineOpens", "Opens by machines"),
        number("machineClicks", "Clicks by machines"),
        number("unsubscribes", "Unsubscribes"),
      ]}
    />
  );
}
