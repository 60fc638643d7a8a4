import "@xyflow/react/dist/style.css";
import { useComputedColorScheme } from "@mantine/core";
import { IconSitemap } from "@tabler/icons-react";
import {
  applyNodeChanges,
  Background,
  type Connection,
  ControlButton,
  Controls,
  MarkerType,
  MiniMap,
  type NodeChange,
  ReactFlow,
  useReactFlow,
} from "@xyflow/react";
import { type DragEvent, type KeyboardEvent, useEffect, useMemo, useState } from "react";
import {
  addTile,
  connect,
  disconnect,
  moveTiles,
  newTile,
  nextTileId,
  type Point,
  removeTile,
} from "#core/journeys/edit-graph.ts";
import { exitSchema, type Graph, type TileKind } from "#core/journeys/graph.ts";
import { edgesOf, nodesOf, type Shown } from "./canvas-parts.ts";
import { ExitEdge, type ExitEdgeType } from "./ExitEdge.tsx";
import css from "./journeys.module.css";
import { layOut } from "./lay-out.ts";
import { draggedTile } from "./Palette.tsx";
import { TileNode, type TileNodeType } from "./TileNode.tsx";
import { palette } from "./tile-look.tsx";

const nodeTypes = { tile: TileNode };
const edgeTypes = { exit: ExitEdge };

type Props = {
  readonly shown: Shown;
  readonly selectedId: string | null;
  readonly onSelect: (tileId: string | null) => void;
  /** Enter on a tile: its properties get the focus. */
  readonly onOpen: (tileId: string) => void;
  readonly onChange: (graph: Graph, mergeWith?: string) => void;
};

/** The journey as a drawing: tiles and the ways between them, moved, connected and deleted with mouse or keyboard. */
export function JourneyCanvas({ selectedId, onSelect, onOpen, onChange, shown }: Props) {
  const { graph, isReadOnly } = shown;
  const [nodes, setNodes] = useNodes(shown, selectedId);
  const [selectedEdge, setSelectedEdge] = useState<string | null>(null);
  const edges = useMemo(
    () =>
      edgesOf(shown).map(
        (edge): ExitEdgeType => ({
          ...edge,
          selected: edge.id === selectedEdge,
          markerEnd: { type: MarkerType.ArrowClosed },
        }),
      ),
    [shown, selectedEdge],
  );
  const flow = useReactFlow<TileNodeType, ExitEdgeType>();
  const scheme = useComputedColorScheme("light");

  function takeChanges(changes: NodeChange<TileNodeType>[]): void {
    setNodes((before) => applyNodeChanges(changes, before));
    const moved = new Map<string, Point>();
    let nowSelected = selectedId;
    for (const change of changes) {
      if (change.type === "position" && change.dragging === false && change.position)
        moved.set(change.id, { x: Math.round(change.position.x), y: Math.round(change.position.y) });
      if (change.type !== "select") continue;
      if (change.selected) nowSelected = change.id;
      else if (change.id === nowSelected) nowSelected = null;
    }
    if (nowSelected !== selectedId) onSelect(nowSelected);
    if (moved.size > 0 && !isReadOnly && hasMoved(graph, moved)) onChange(moveTiles(graph, moved), "move");
  }

  function takeConnection({ source, sourceHandle, target }: Connection): void {
    const exit = exitSchema.safeParse(sourceHandle);
    if (exit.success) onChange(connect(graph, source, exit.data, target));
  }

  function drop(event: DragEvent): void {
    const kind = palette.find((each) => each.kind === event.dataTransfer.getData(draggedTile))?.kind;
    if (!kind || isReadOnly) return;
    event.preventDefault();
    const { x, y } = flow.screenToFlowPosition({ x: event.clientX - 90, y: event.clientY - 30 });
    const id = nextTileId(graph);
    onChange(addTile(graph, newTile(kind satisfies TileKind, id, { x: Math.round(x), y: Math.round(y) })));
    onSelect(id);
  }

  function takeKey(event: KeyboardEvent): void {
    const tile = event.target instanceof Element ? event.target.closest(".react-flow__node") : null;
    const id = tile === event.target ? tile?.getAttribute("data-id") : null;
    if (event.key !== "Enter" || !id) return;
    onSelect(id);
    onOpen(id);
  }

  function tidyUp(): void {
    onChange(moveTiles(graph, layOut(graph)));
    requestAnimationFrame(() => void flow.fitView({ padding: 0.2, maxZoom: 1 }));
  }

  return (
    <section
      className={css.canvas}
      aria-label="Journey"
      onKeyDown={takeKey}
      onDrop={drop}
      onDragOver={(event) => {
        if (event.dataTransfer.types.includes(draggedTile)) event.preventDefault();
      }}
    >
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        colorMode={scheme}
        nodesDraggable={!isReadOnly}
        nodesConnectable={!isReadOnly}
        onNodesChange={takeChanges}
        onEdgesChange={(changes) => {
          for (const change of changes)
            if (change.type === "select") setSelectedEdge(change.selected ? change.id : null);
        }}
        onConnect={takeConnection}
        deleteKeyCode={isReadOnly ? null : ["Delete", "Backspace"]}
        onBeforeDelete={async ({ nodes: gone, edges: cut }) => {
          onChange(withoutParts(graph, gone, cut));
          return false;
        }}
        onPaneClick={() => onSelect(null)}
        fitView
        fitViewOptions={{ padding: 0.2, maxZoom: 1 }}
        minZoom={0.15}
        maxZoom={2}
      >
        <Background />
        <MiniMap pannable zoomable ariaLabel="Overview of the journey" style={{ width: 130, height: 96 }} />
        <Controls showInteractive={false}>
          {!isReadOnly && (
            <ControlButton onClick={tidyUp} title="Tidy up" aria-label="Tidy up">
              <IconSitemap aria-hidden />
            </ControlButton>
          )}
        </Controls>
      </ReactFlow>
    </section>
  );
}

/** The drawn tiles; what React Flow measured of them and where one is being dragged is kept over changes of the graph. */
function useNodes(shown: Shown, selectedId: string | null) {
  const [nodes, setNodes] = useState<TileNodeType[]>(() => nodesOf(shown));
  useEffect(() => {
    setNodes((before) =>
      nodesOf(shown).map((node): TileNodeType => {
        const known = before.find(({ id }) => id === node.id);
        const place = known?.dragging ? { position: known.position } : {};
        return { ...known, ...node, ...place, selected: node.id === selectedId };
      }),
    );
  }, [shown, selectedId]);
  return [nodes, setNodes] as const;
}

function hasMoved(graph: Graph, positions: ReadonlyMap<string, Point>): boolean {
  return graph.tiles.some(({ id, position }) => {
    const next = positions.get(id);
    return next !== undefined && (next.x !== position.x || next.y !== position.y);
  });
}

/** Deleting a tile takes its connections along and joins its ends; deleting only connections cuts them. */
function withoutParts(graph: Graph, gone: readonly TileNodeType[], cut: readonly ExitEdgeType[]): Graph {
  if (gone.length > 0) return gone.reduce((rest, { id }) => removeTile(rest, id), graph);
  return cut.reduce(
    (rest, { source, data }) => (data ? disconnect(rest, { from: source, exit: data.exit }) : rest),
    graph,
  );
}
