import { Menu } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { nameOfKind } from "#core/journeys/describe.ts";
import type { TileKind } from "#core/journeys/graph.ts";
import css from "./journeys.module.css";
import { palette, TileIcon } from "./tile-look.tsx";

/** A plus that offers the kinds of tiles; what is chosen is put at that place. */
export function AddMenu({
  label,
  onAdd,
}: {
  /** What the button says to a screen reader: "Add after Send “Invite”". */
  readonly label: string;
  readonly onAdd: (kind: TileKind) => void;
}) {
  return (
    <Menu shadow="md" position="right-start" withinPortal>
      <Menu.Target>
        <button type="button" className={`${css.plus} nodrag nopan`} aria-label={label} title={label}>
          <IconPlus aria-hidden size={14} />
        </button>
      </Menu.Target>
      <Menu.Dropdown className="nodrag nopan nokey">
        {palette.map(({ kind, hint }) => (
          <Menu.Item
            key={kind}
            leftSection={<TileIcon kind={kind} />}
            onClick={() => onAdd(kind)}
            title={hint}
          >
            {nameOfKind(kind)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
