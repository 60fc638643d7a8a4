import { IconAlertTriangle, IconCircleX } from "@tabler/icons-react";
import { describeExit, describeTile, nameOfKind } from "#core/journeys/describe.ts";
import { allInTravelOrder, exitsOf, findTile, type Tile, targetOf } from "#core/journeys/graph.ts";
import { formatNumber } from "../ui/format.ts";
import { problemAt, type Shown } from "./canvas-parts.ts";
import css from "./journeys.module.css";
import { TileIcon, toneOf } from "./tile-look.tsx";

/** The journey as a list in the order of travel, for screens too narrow for a canvas. A tap opens a tile. */
export function StepList({ onOpen, ...shown }: Shown & { readonly onOpen: (tileId: string) => void }) {
  const { graph, names, showTime, findings, numbersOf } = shown;
  const wordsOf = (tile: Tile) => tile.label || describeTile(tile, names, showTime);
  return (
    <ol className={css.steps} aria-label="Steps of the journey">
      {allInTravelOrder(graph).map((tile) => {
        const problem = problemAt(findings, tile.id);
        const numbers = numbersOf(tile.id);
        const exits = exitsOf(tile.kind);
        return (
          <li key={tile.id}>
            <button type="button" className={css.step} onClick={() => onOpen(tile.id)}>
              <span className={css.icon} data-tone={toneOf(tile.kind)}>
                <TileIcon kind={tile.kind} size={16} />
              </span>
              <span>
                <strong>{wordsOf(tile)}</strong>
                <br />
                {nameOfKind(tile.kind)}
                {numbers
                  ? ` · ${formatNumber(numbers.arrived)} arrived, ${formatNumber(numbers.waiting)} here`
                  : ""}
              </span>
              {problem && (
                <span className={css.problem} data-severity={problem} role="img" aria-label="Has a problem">
                  {problem === "error" ? <IconCircleX size={18} /> : <IconAlertTriangle size={18} />}
                </span>
              )}
            </button>
            {exits.length > 1 && (
              <div className={css.stepExits}>
                {exits.map((exit) => {
                  const target = findTile(graph, targetOf(graph, tile.id, exit) ?? "");
                  return (
                    <span key={exit}>
                      {describeExit(exit)}: {target ? wordsOf(target) : "leads nowhere yet"}
                    </span>
                  );
                })}
              </div>
            )}
          </li>
        );
      })}
    </ol>
  );
}
