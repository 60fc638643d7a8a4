import { Text } from "@mantine/core";
import type { insightRoutes } from "#contract/insights.ts";
import type { AnswerOf } from "../app/api.ts";
import { DataTable } from "../ui/DataTable.tsx";
import { formatNumber } from "../ui/format.ts";
import { Panel } from "../ui/Panel.tsx";
import { type Drill, NumberButton } from "./MetricRow.tsx";

type Links = AnswerOf<typeof insightRoutes.report>["links"];

/** Every link of the message, in its order, and who followed it. Two links to one address are two rows. */
export function LinkTable({
  links,
  isOneVersion,
  onDrill,
}: {
  readonly links: Links;
  /** Only then a link number means one link, so that its contacts can be listed. */
  readonly isOneVersion: boolean;
  readonly onDrill: (drill: Drill) => void;
}) {
  return (
    <Panel title="Links">
      <DataTable
        label="Links"
        rows={links}
        rowKey={({ versionId, number }) => `${versionId}/${number}`}
        empty={
          <Text c="dimmed" size="sm">
            There are no links that are counted.
          </Text>
        }
        columns={[
          {
            key: "link",
            header: "Link",
            cell: ({ label, url }) => (
              <>
                <Text size="sm" fw={600}>
                  {label || url || "Personalised link"}
                </Text>
                <Text size="xs" c="dimmed" style={{ overflowWrap: "anywhere" }}>
                  {url ?? "Its address differs from contact to contact"}
                </Text>
              </>
            ),
          },
          {
            key: "place",
            header: "Where",
            cell: ({ place, versionNumber }) =>
              `${place === "text" ? "Plain text" : "HTML"}${isOneVersion ? "" : `, version ${versionNumber}`}`,
          },
          {
            key: "people",
            header: "Followed by",
            align: "right",
            cell: ({ number, label, clicks }) =>
              isOneVersion && clicks.humanFirst > 0 ? (
                <NumberButton
                  label={`${label || `Link ${number}`}: show the contacts`}
                  onClick={() => onDrill({ metric: "clicks", link: number })}
                >
                  {formatNumber(clicks.humanFirst)}
                </NumberButton>
              ) : (
                formatNumber(clicks.humanFirst)
              ),
          },
          {
            key: "all",
            header: "Clicks in all",
            align: "right",
            cell: ({ clicks }) => formatNumber(clicks.humanAll),
          },
          {
            key: "machines",
            header: "By machines",
            align: "right",
            cell: ({ clicks }) => formatNumber(clicks.machineAll),
          },
        ]}
      />
    </Panel>
  );
}
