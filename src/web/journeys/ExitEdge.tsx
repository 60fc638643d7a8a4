import { BaseEdge, type Edge, EdgeLabelRenderer, type EdgeProps, getSmoothStepPath } from "@xyflow/react";
import { describeExit } from "#core/journeys/describe.ts";
import type { Exit, TileKind } from "#core/journeys/graph.ts";
import { formatNumber } from "../ui/format.ts";
import { AddMenu } from "./AddMenu.tsx";
import css from "./journeys.module.css";

export type ExitData = {
  readonly exit: Exit;
  /** In words for the plus: "Send “Invite”". */
  readonly fromWords: string;
  readonly hasSeveral: boolean;
  readonly passed: number | undefined;
  readonly isReadOnly: boolean;
  readonly onInsert: (kind: TileKind) => void;
};

export type ExitEdgeType = Edge<ExitData, "exit">;

/** A way from tile to tile, with the name of its exit, how many took it, and a plus that inserts a tile. */
export function ExitEdge({ id, data, markerEnd, ...ends }: EdgeProps<ExitEdgeType>) {
  const [path, x, y] = getSmoothStepPath({ ...ends, borderRadius: 10 });
  if (!data) return null;
  const name = data.hasSeveral ? describeExit(data.exit) : "";
  return (
    <>
      <BaseEdge id={id} path={path} {...(markerEnd ? { markerEnd } : {})} />
      <EdgeLabelRenderer>
        <div
          className={`${css.exitLabel} nodrag nopan`}
          style={{ transform: `translate(-50%, -50%) translate(${x}px, ${y}px)` }}
        >
          {(name || data.passed !== undefined) && (
            <span className={css.exitName}>
              {name} {data.passed !== undefined && formatNumber(data.passed)}
            </span>
          )}
          {!data.isReadOnly && (
            <AddMenu
              label={`Insert after ${data.fromWords}${name ? `, ${name}` : ""}`}
              onAdd={data.onInsert}
            />
          )}
        </div>
      </EdgeLabelRenderer>
    </>
  );
}
