import { BaseEdge, type Edge, EdgeLabelRenderer, type EdgeProps, getSmoothStepPath } from "@xyflow/react";
import { describeExit } from "#core/journeys/describe.ts";
import type { Exit, TileKind } from "#core/journeys/graph.ts";
import { formatNumber } from "../ui/format.ts";
import { AddMenu } from "./AddMenu.tsx";
import css from "./journeys.module.css";
import { pathAlong } from "./route-around.ts";

export type ExitData = {
  readonly exit: Exit;
  /** In words for the plus: "Send “Invite”". */
  readonly fromWords: string;
  readonly hasSeveral: boolean;
  readonly passed: number | undefined;
  readonly isReadOnly: boolean;
  /** The x along which the way passes beside tiles; undefined: it may go straight. */
  readonly via: number | undefined;
  readonly onInsert: (kind: TileKind) => void;
};

export type ExitEdgeType = Edge<ExitData, "exit">;

/** A way from tile to tile, with the name of its exit, how many took it, and a plus that inserts a tile. */
export function ExitEdge({ id, data, markerEnd, ...ends }: EdgeProps<ExitEdgeType>) {
  if (!data) return null;
  const { path, x, y } = wayOf(ends, data.via);
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

function wayOf(
  ends: Pick<EdgeProps, "sourceX" | "sourceY" | "targetX" | "targetY" | "sourcePosition" | "targetPosition">,
  via: number | undefined,
): { path: string; x: number; y: number } {
  if (via === undefined) {
    const [path, x, y] = getSmoothStepPath({ ...ends, borderRadius: 10 });
    return { path, x, y };
  }
  const from = { x: ends.sourceX, y: ends.sourceY };
  const to = { x: ends.targetX, y: ends.targetY };
  return { path: pathAlong(from, to, via), x: via, y: (from.y + to.y) / 2 };
}
