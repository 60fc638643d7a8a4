import { useQuery } from "@tanstack/react-query";
import { useCallback, useMemo, useRef } from "react";
import { journeyRoutes } from "#contract/journeys.ts";
import { addAfter, newTile, nextTileId, placeAfter } from "#core/journeys/edit-graph.ts";
import { type Exit, exitsOf, findTile, type TileKind, targetOf } from "#core/journeys/graph.ts";
import { ask } from "../app/api.ts";
import { SidePanel } from "../ui/SidePanel.tsx";
import type { Found, Shown } from "./canvas-parts.ts";
import { JourneyCanvas } from "./JourneyCanvas.tsx";
import { JourneyPanel } from "./JourneyPanel.tsx";
import css from "./journeys.module.css";
import { Palette } from "./Palette.tsx";
import { StepList } from "./StepList.tsx";
import { TilePanel } from "./TilePanel.tsx";
import type { useJourneyDraft } from "./useJourneyDraft.ts";
import { useNames, useShowTime } from "./useNames.ts";
import type { TileNumbers } from "./useNumbers.ts";

type Props = {
  readonly editing: ReturnType<typeof useJourneyDraft>;
  readonly isReadOnly: boolean;
  readonly isPhone: boolean;
  readonly numbersOf: (tileId: string) => TileNumbers | undefined;
  readonly selectedId: string | null;
  readonly onSelect: (tileId: string | null) => void;
};

const nothingFound: readonly Found[] = [];

/** Palette, canvas and properties; on a phone the steps as a list, with properties in a drawer. */
export function JourneyWorkbench({ editing, isReadOnly, isPhone, numbersOf, selectedId, onSelect }: Props) {
  const { draft, saved, changeGraph, changeWords } = editing;
  const { graph, settings } = draft;
  const names = useNames(graph, saved);
  const showTime = useShowTime(settings.timeZone);
  const findings = useFindings(saved.id, !isReadOnly);
  const side = useRef<HTMLElement>(null);

  const onAddAfter = useCallback(
    (from: string, exit: Exit, kind: TileKind) => {
      const id = nextTileId(graph);
      changeGraph(addAfter(graph, from, exit, newTile(kind, id, placeAfter(graph, from, exit))));
      onSelect(id);
    },
    [graph, changeGraph, onSelect],
  );
  const shown: Shown = useMemo(
    () => ({ graph, names, showTime, findings: findings ?? nothingFound, numbersOf, isReadOnly, onAddAfter }),
    [graph, names, showTime, findings, numbersOf, isReadOnly, onAddAfter],
  );
  const focusSide = () =>
    requestAnimationFrame(() =>
      side.current?.querySelector<HTMLElement>("input, select, textarea, button")?.focus(),
    );

  const tile = selectedId ? findTile(graph, selectedId) : undefined;
  const tilePanel = tile && (
    <TilePanel
      key={tile.id}
      {...shown}
      tile={tile}
      journeyId={saved.id}
      hasNewerMessage={saved.live?.tilesWithNewerMessage.includes(tile.id) ?? false}
      timeZone={settings.timeZone}
      onChange={changeGraph}
      onSelect={onSelect}
    />
  );
  const journeyPanel = (
    <JourneyPanel
      name={draft.name}
      settings={settings}
      findings={findings}
      isReadOnly={isReadOnly}
      onName={(name) => changeWords({ name })}
      onSettings={(next) => changeWords({ settings: next })}
      onShow={onSelect}
    />
  );
  if (isPhone)
    return (
      <>
        <StepList {...shown} onOpen={onSelect} />
        <section style={{ marginTop: 16 }}>{journeyPanel}</section>
        <SidePanel title="Tile" isOpen={tile !== undefined} onClose={() => onSelect(null)}>
          {tilePanel}
        </SidePanel>
      </>
    );
  return (
    <div className={css.editor} data-read-only={isReadOnly}>
      {!isReadOnly && (
        <Palette
          onAdd={(kind) => {
            const place = placeToAdd(shown.graph, selectedId);
            if (place) onAddAfter(place.from, place.exit, kind);
          }}
        />
      )}
      <JourneyCanvas
        shown={shown}
        selectedId={selectedId}
        onSelect={onSelect}
        onOpen={focusSide}
        onChange={changeGraph}
      />
      <aside className={css.side} aria-label="Properties" ref={side}>
        {tilePanel ?? journeyPanel}
      </aside>
    </div>
  );
}

/** What the server's check says of the saved draft; a save makes it ask again, and shows the last answer meanwhile. */
function useFindings(journeyId: string, isWanted: boolean): readonly Found[] | undefined {
  const query = ask(journeyRoutes.check, { params: { journeyId }, query: {} });
  const { data } = useQuery({ ...query, enabled: isWanted });
  return isWanted ? data?.findings : undefined;
}

/** Behind the selected tile, at its first open exit or else its usual one; with nothing selected, behind the start. */
function placeToAdd(
  graph: Shown["graph"],
  selectedId: string | null,
): { from: string; exit: Exit } | undefined {
  const selected = selectedId ? findTile(graph, selectedId) : undefined;
  const tile =
    selected && selected.kind !== "end" ? selected : graph.tiles.find(({ kind }) => kind === "segment-start");
  if (!tile) return undefined;
  const exits = exitsOf(tile.kind);
  const exit = exits.find((each) => targetOf(graph, tile.id, each) === undefined) ?? exits[0];
  return exit && { from: tile.id, exit };
}
