import { Button, Group, Menu, NativeSelect, Stack, Text, TextInput } from "@mantine/core";
import { IconCopy, IconPlus, IconTrash } from "@tabler/icons-react";
import { describeExit, describeTile, nameOfKind } from "#core/journeys/describe.ts";
import { changeTile, connect, disconnect, duplicateTiles, removeTile } from "#core/journeys/edit-graph.ts";
import { type Exit, exitsOf, type Tile, targetOf } from "#core/journeys/graph.ts";
import { Panel } from "../ui/Panel.tsx";
import type { Shown } from "./canvas-parts.ts";
import { FindingList } from "./FindingList.tsx";
import { TileFields } from "./TileFields.tsx";
import { TileNumbersTable } from "./TileNumbersTable.tsx";
import { palette, TileIcon } from "./tile-look.tsx";

type Props = Shown & {
  readonly tile: Tile;
  readonly timeZone: string;
  readonly journeyId: string;
  readonly hasNewerMessage: boolean;
  readonly onChange: (graph: Shown["graph"], mergeWith?: string) => void;
  readonly onSelect: (tileId: string | null) => void;
};

/** Everything about one tile: its problems, its numbers, what to choose, and where its exits lead. */
export function TilePanel({
  tile,
  timeZone,
  journeyId,
  hasNewerMessage,
  onChange,
  onSelect,
  ...shown
}: Props) {
  const { graph, names, showTime, findings, numbersOf, isReadOnly } = shown;
  const numbers = numbersOf(tile.id);
  return (
    <Panel title={nameOfKind(tile.kind)} lead={describeTile(tile, names, showTime)}>
      <Stack gap="md">
        <FindingList findings={findings.filter(({ where }) => where.nodeId === tile.id)} />
        {hasNewerMessage && (
          <Text size="sm" c="dimmed">
            The message has gone live anew since. This tile sends the version that the journey went live with;
            “More actions” has the newest sent from now on.
          </Text>
        )}
        {numbers && <TileNumbersTable journeyId={journeyId} tile={tile} numbers={numbers} />}
        {!isReadOnly && (
          <>
            <TextInput
              label="Name on the canvas"
              value={tile.label}
              maxLength={120}
              placeholder={describeTile(tile, names, showTime)}
              onChange={({ currentTarget }) =>
                onChange(changeTile(graph, { ...tile, label: currentTarget.value }), `label ${tile.id}`)
              }
            />
            <TileFields
              tile={tile}
              graph={graph}
              names={names}
              timeZone={timeZone}
              onChange={(changed) => onChange(changeTile(graph, changed), `fields ${tile.id}`)}
            />
            <Exits tile={tile} onChange={onChange} {...shown} />
            <TileActions tile={tile} graph={graph} onChange={onChange} onSelect={onSelect} />
          </>
        )}
      </Stack>
    </Panel>
  );
}

/** Where each exit leads: chosen from a list, which does by keyboard what dragging a line does. */
function Exits({
  tile,
  onChange,
  ...shown
}: Shown & { readonly tile: Tile; readonly onChange: Props["onChange"] }) {
  const { graph, names, showTime } = shown;
  const exits = exitsOf(tile.kind);
  const targets = graph.tiles.filter(({ id, kind }) => id !== tile.id && kind !== "segment-start");
  const name = (exit: Exit) => (exits.length > 1 ? `${describeExit(exit)} leads to` : "Leads to");
  return (
    <Stack gap="xs">
      {exits.map((exit) => (
        <Group key={exit} gap="xs" align="end" wrap="nowrap">
          <NativeSelect
            label={name(exit)}
            style={{ flex: 1, minWidth: 0 }}
            value={targetOf(graph, tile.id, exit) ?? ""}
            data={[
              { value: "", label: "Nothing yet" },
              ...targets.map((target) => ({
                value: target.id,
                label: target.label || describeTile(target, names, showTime),
              })),
            ]}
            onChange={({ currentTarget: { value } }) =>
              onChange(
                value ? connect(graph, tile.id, exit, value) : disconnect(graph, { from: tile.id, exit }),
              )
            }
          />
          <Menu shadow="md" position="bottom-end">
            <Menu.Target>
              <Button
                variant="default"
                px="xs"
                aria-label={
                  exits.length > 1 ? `Insert a tile at ${describeExit(exit)}` : "Insert a tile after this one"
                }
              >
                <IconPlus aria-hidden size={16} />
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              {palette.map(({ kind }) => (
                <Menu.Item
                  key={kind}
                  leftSection={<TileIcon kind={kind} />}
                  onClick={() => shown.onAddAfter(tile.id, exit, kind)}
                >
                  {nameOfKind(kind)}
                </Menu.Item>
              ))}
            </Menu.Dropdown>
          </Menu>
        </Group>
      ))}
    </Stack>
  );
}

function TileActions({
  tile,
  graph,
  onChange,
  onSelect,
}: Pick<Props, "tile" | "graph" | "onChange" | "onSelect">) {
  if (tile.kind === "segment-start")
    return (
      <Text size="sm" c="dimmed">
        Every journey has one start.
      </Text>
    );
  return (
    <Group gap="xs">
      <Button
        variant="default"
        size="compact-sm"
        leftSection={<IconCopy aria-hidden size={14} />}
        onClick={() => {
          const { graph: next, copies } = duplicateTiles(graph, [tile.id]);
          onChange(next);
          onSelect(copies[0] ?? null);
        }}
      >
        Duplicate
      </Button>
      <Button
        variant="default"
        size="compact-sm"
        leftSection={<IconTrash aria-hidden size={14} />}
        onClick={() => {
          onChange(removeTile(graph, tile.id));
          onSelect(null);
        }}
      >
        Delete tile
      </Button>
    </Group>
  );
}
