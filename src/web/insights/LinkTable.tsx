import { Button, Text } from "@mantine/core";
import { useState } from "react";
import { useCan } from "../app/session.ts";
import { DataTable } from "../ui/DataTable.tsx";
import { formatNumber } from "../ui/format.ts";
import { Panel } from "../ui/Panel.tsx";
import { SidePanel } from "../ui/SidePanel.tsx";
import css from "./insights.module.css";
import { type Drill, NumberButton } from "./MetricRow.tsx";
import { type LinkRow, RepairLink } from "./RepairLink.tsx";

/** Every link of the message, in its order, and who followed it. Two links to one address are two rows. */
export function LinkTable({
  links,
  isOneVersion,
  onDrill,
}: {
  readonly links: readonly LinkRow[];
  /** Only then a link number means one link, so that its contacts can be listed. */
  readonly isOneVersion: boolean;
  readonly onDrill: (drill: Drill) => void;
}) {
  const canRepair = useCan("messages:publish");
  const [repaired, setRepaired] = useState<LinkRow>();
  const close = () => setRepaired(undefined);
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
            cell: ({ label, url, repairedUrl }) => (
              <>
                <Text size="sm" fw={600}>
                  {label || url || "Personalised link"}
                </Text>
                <Text size="xs" c="dimmed" className={css.address}>
                  {url ?? "Its address differs from contact to contact"}
                </Text>
                {repairedUrl !== null && (
                  <Text size="xs" className={css.address}>
                    Leads to {repairedUrl} since it was repaired
                  </Text>
                )}
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
          ...(canRepair
            ? [
                {
                  key: "do",
                  header: "Actions",
                  isHeaderHidden: true,
                  align: "right" as const,
                  cell: (link: LinkRow) => (
                    <Button
                      variant="default"
                      size="compact-sm"
                      aria-label={`Repair ${link.label || `link ${link.number}`}`}
                      onClick={() => setRepaired(link)}
                    >
                      Repair
                    </Button>
                  ),
                },
              ]
            : []),
        ]}
      />
      <SidePanel
        title={`Repair “${repaired?.label || `Link ${repaired?.number}`}”`}
        isOpen={repaired !== undefined}
        onClose={close}
      >
        {repaired && <RepairLink link={repaired} onClose={close} />}
      </SidePanel>
    </Panel>
  );
}
