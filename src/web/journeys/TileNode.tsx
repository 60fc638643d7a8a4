import { IconAlertTriangle, IconCircleX } from "@tabler/icons-react";
import { Handle, type Node, type NodeProps, Position } from "@xyflow/react";
import { describeExit, nameOfKind } from "#core/journeys/describe.ts";
import { type Exit, exitsOf, type Tile, type TileKind } from "#core/journeys/graph.ts";
import { formatNumber } from "../ui/format.ts";
import { AddMenu } from "./AddMenu.tsx";
import css from "./journeys.module.css";
import { TileIcon, toneOf } from "./tile-look.tsx";
import type { TileNumbers } from "./useNumbers.ts";

export type TileData = {
  readonly tile: Tile;
  readonly words: string;
  readonly problem: "error" | "warning" | null;
  readonly numbers: TileNumbers | undefined;
  readonly openExits: readonly Exit[];
  readonly isReadOnly: boolean;
  readonly onAddAfter: (exit: Exit, kind: TileKind) => void;
};

export type TileNodeType = Node<TileData, "tile">;

const problemWords = { error: "Has a problem", warning: "Has a hint" } as const;

/** One tile on the canvas: what it does, what is wrong with it, how many came by, and a plus at each open exit. */
export function TileNode({ data, selected }: NodeProps<TileNodeType>) {
  const { tile, words, problem, numbers, openExits, isReadOnly, onAddAfter } = data;
  const exits = exitsOf(tile.kind);
  return (
    <div className={css.tile} data-selected={selected} data-problem={problem}>
      {tile.kind !== "segment-start" && (
        <Handle
          type="target"
          position={Position.Top}
          className={css.handle ?? ""}
          isConnectable={!isReadOnly}
        />
      )}
      <div className={css.tileTop}>
        <span className={css.icon} data-tone={toneOf(tile.kind)}>
          <TileIcon kind={tile.kind} size={16} />
        </span>
        {nameOfKind(tile.kind)}
        {problem && (
          <span className={css.problem} data-severity={problem} role="img" aria-label={problemWords[problem]}>
            {problem === "error" ? <IconCircleX size={17} /> : <IconAlertTriangle size={17} />}
          </span>
        )}
      </div>
      <div className={css.tileWords}>{tile.label || words}</div>
      {numbers && <TileFigures numbers={numbers} kind={tile.kind} />}
      {!isReadOnly && openExits.length > 0 && (
        <div className={css.openExits}>
          {openExits.map((exit) => (
            <span key={exit} className={css.openExit}>
              {exits.length > 1 && describeExit(exit)}
              <AddMenu
                label={`Add after ${words}${exits.length > 1 ? `, ${describeExit(exit)}` : ""}`}
                onAdd={(kind) => onAddAfter(exit, kind)}
              />
            </span>
          ))}
        </div>
      )}
      {exits.map((exit, place) => (
        <Handle
          key={exit}
          id={exit}
          type="source"
          position={Position.Bottom}
          className={css.handle ?? ""}
          isConnectable={!isReadOnly}
          style={{ left: `${((place + 1) * 100) / (exits.length + 1)}%` }}
        />
      ))}
    </div>
  );
}

function TileFigures({ numbers, kind }: { readonly numbers: TileNumbers; readonly kind: TileKind }) {
  const { arrived, waiting } = numbers;
  return (
    <div className={css.numbers}>
      <span>
        <strong>{formatNumber(arrived)}</strong> {kind === "segment-start" ? "entered" : "arrived"}
      </span>
      {waiting > 0 && (
        <span>
          <strong>{formatNumber(waiting)}</strong> here
        </span>
      )}
    </div>
  );
}
