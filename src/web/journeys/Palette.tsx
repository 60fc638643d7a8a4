import { nameOfKind } from "#core/journeys/describe.ts";
import type { TileKind } from "#core/journeys/graph.ts";
import css from "./journeys.module.css";
import { palette, TileIcon, toneOf } from "./tile-look.tsx";

/** The type of what is dragged from the palette, so that nothing else can be dropped on the canvas. */
export const draggedTile = "application/x-postroad-tile";

/** The kinds of tiles: dragged onto the canvas, or added behind the selected tile by a click or Enter. */
export function Palette({ onAdd }: { readonly onAdd: (kind: TileKind) => void }) {
  return (
    <section className={css.palette} aria-label="Tiles to add">
      {palette.map(({ kind, hint }) => (
        <button
          key={kind}
          type="button"
          className={css.paletteItem}
          draggable
          title={`${hint}. Drag it onto the canvas, or click to add it behind the selected tile.`}
          onClick={() => onAdd(kind)}
          onDragStart={(event) => {
            event.dataTransfer.setData(draggedTile, kind);
            event.dataTransfer.effectAllowed = "copy";
          }}
        >
          <span className={css.icon} data-tone={toneOf(kind)}>
            <TileIcon kind={kind} size={16} />
          </span>
          {nameOfKind(kind)}
        </button>
      ))}
    </section>
  );
}
