import { Table } from "@mantine/core";
import { useState } from "react";
import type { groupsOfTile } from "#contract/journeys.ts";
import { describeExit } from "#core/journeys/describe.ts";
import { exitsOf, type Tile } from "#core/journeys/graph.ts";
import { useCan } from "../app/session.ts";
import { formatNumber } from "../ui/format.ts";
import { ContactsAtTile } from "./ContactsAtTile.tsx";
import css from "./journeys.module.css";
import type { TileNumbers } from "./useNumbers.ts";

export type TileGroup = (typeof groupsOfTile)[number];

type Line = { readonly group: TileGroup; readonly label: string; readonly count: number };

/** The numbers of a tile; each opens the contacts behind it. */
export function TileNumbersTable({
  journeyId,
  tile,
  numbers,
}: {
  readonly journeyId: string;
  readonly tile: Tile;
  readonly numbers: TileNumbers;
}) {
  const [shown, setShown] = useState<Line>();
  const canSeeContacts = useCan("contacts:read");
  return (
    <>
      <Table withRowBorders={false} verticalSpacing={2}>
        <Table.Tbody>
          {linesOf(tile, numbers).map((line) => (
            <Table.Tr key={line.group}>
              <Table.Td pl={0}>{line.label}</Table.Td>
              <Table.Td ta="right" pr={0}>
                {canSeeContacts && line.count > 0 && line.group !== "erased" ? (
                  <button
                    type="button"
                    className={css.numberButton}
                    aria-label={`Show the contacts: ${line.label}, ${line.count}`}
                    onClick={() => setShown(line)}
                  >
                    {formatNumber(line.count)}
                  </button>
                ) : (
                  formatNumber(line.count)
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {shown && (
        <ContactsAtTile
          journeyId={journeyId}
          tileId={tile.id}
          group={shown.group}
          title={`${shown.label}: ${formatNumber(shown.count)}`}
          onClose={() => setShown(undefined)}
        />
      )}
    </>
  );
}

function linesOf(tile: Tile, { arrived, waiting, passed, left }: TileNumbers): Line[] {
  const isStart = tile.kind === "segment-start";
  const exits = exitsOf(tile.kind);
  const passedLines = exits.map((exit) => ({
    group: exit,
    label: exits.length > 1 ? `Left by ${describeExit(exit)}` : "Went on",
    count: passed[exit] ?? 0,
  }));
  const leftLines = (
    [
      { group: "end", label: "Finished here", count: left.end ?? 0 },
      { group: "stopped", label: "Stopped here", count: left.stopped ?? 0 },
      { group: "erased", label: "Erased while here", count: left.erased ?? 0 },
    ] as const
  ).filter(({ count }) => count > 0);
  return [
    { group: "arrived", label: isStart ? "Entered" : "Arrived", count: arrived },
    ...(isStart || tile.kind === "end"
      ? []
      : [{ group: "waiting" as const, label: "Here now", count: waiting }]),
    ...(isStart ? [] : passedLines),
    ...leftLines,
  ];
}
