import { useCallback, useEffect, useReducer, useRef, useState } from "react";
import type { z } from "zod";
import { type Journey, journeyRoutes } from "#contract/journeys.ts";
import { beginHistory, editHistory } from "#core/journeys/edit-history.ts";
import type { Graph } from "#core/journeys/graph.ts";
import type { JourneySettings } from "#core/journeys/settings.ts";
import { useCall } from "../app/api.ts";
import { type ApiProblem, problemOf } from "../ui/problem.ts";

export type Saved = z.output<typeof Journey>;

const restMilliseconds = 900;

type Words = { readonly name: string; readonly settings: JourneySettings };

/** How the draft stands towards what is saved. */
export type SaveState = "saved" | "unsaved" | "saving" | "failed";

/**
 * The draft while somebody edits it: the graph with its history of edits, saved by itself once editing rests, one save at
 * a time, always naming the revision it started from. A refused save keeps what was drawn and says why.
 */
export function useJourneyDraft(journey: Saved) {
  const [saved, setSaved] = useState(journey);
  const [words, setWords] = useState<Words>({ name: journey.name, settings: journey.settings });
  const [history, edit] = useReducer(editHistory, journey.graph, beginHistory);
  const [status, setStatus] = useState<"idle" | "saving" | "failed">("idle");
  const [problem, setProblem] = useState<ApiProblem>();
  const put = useCall(journeyRoutes.save, { changes: ["journeys.list", "journeys.check"] });
  const running = useRef<Promise<Saved> | undefined>(undefined);
  const draft = { ...words, graph: history.present };
  const latest = useRef(draft);
  latest.current = draft;
  // What the next save starts from. Not taken from a render: one under way may still show what was saved before.
  const base = useRef(journey);
  const isSaved = isSame(draft, saved);

  /** Changes the graph. Changes with the same `mergeWith` in a row are undone together. */
  const changeGraph = useCallback((to: Graph, mergeWith?: string) => {
    edit({ kind: "change", to, ...(mergeWith ? { mergeWith } : {}) });
    setStatus((before) => (before === "failed" ? "idle" : before));
  }, []);

  const changeWords = useCallback((part: Partial<Words>) => {
    setWords((before) => ({ ...before, ...part }));
    setStatus((before) => (before === "failed" ? "idle" : before));
  }, []);

  /** Takes an answer of the server as what is saved now, keeping what was drawn meanwhile. */
  const accept = useCallback((next: Saved) => {
    base.current = next;
    setSaved(next);
  }, []);

  /** Takes the server's draft in place of one's own: after a conflict, when its owner chooses so. */
  const takeTheirs = useCallback((next: Saved) => {
    base.current = next;
    setSaved(next);
    setWords({ name: next.name, settings: next.settings });
    edit({ kind: "reset", to: next.graph });
    setProblem(undefined);
    setStatus("idle");
  }, []);

  /** Saves now what is not saved yet; resolves to the saved journey, or undefined if it was refused. */
  const save = useCallback(async (): Promise<Saved | undefined> => {
    // Several may wait for the same save; each looks again, so that the next one starts alone.
    while (running.current) await running.current.catch(() => undefined);
    const drawn = latest.current;
    const from = base.current;
    if (isSame(drawn, from)) return from;
    setStatus("saving");
    const request = put.mutateAsync({
      params: { journeyId: from.id },
      body: { revision: from.revision, ...drawn, name: drawn.name.trim() || from.name },
    });
    running.current = request;
    try {
      const next = await request;
      accept(next);
      setStatus("idle");
      setProblem(undefined);
      return next;
    } catch (error) {
      setProblem(problemOf(error));
      setStatus("failed");
      return undefined;
    } finally {
      running.current = undefined;
    }
  }, [put.mutateAsync, accept]);

  const canSave = saved.state === "draft" && !saved.isArchived;
  useEffect(() => {
    if (status !== "idle" || isSaved || !canSave) return;
    const timer = setTimeout(() => void save(), restMilliseconds);
    return () => clearTimeout(timer);
  }, [isSaved, status, canSave, save]);

  const state: SaveState = status !== "idle" ? status : isSaved ? "saved" : "unsaved";
  return { draft, saved, history, changeGraph, changeWords, edit, save, accept, takeTheirs, problem, state };
}

function isSame(draft: Words & { readonly graph: Graph }, saved: Saved): boolean {
  const { name, settings, graph } = saved;
  return (
    (draft.name.trim() || name) === name &&
    JSON.stringify([draft.settings, draft.graph]) === JSON.stringify([settings, graph])
  );
}
