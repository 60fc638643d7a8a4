import { useCallback, useEffect, useRef, useState } from "react";
import type { z } from "zod";
import { type Message, messageRoutes } from "#contract/messages.ts";
import { useCall } from "../app/api.ts";
import { type ApiProblem, problemOf } from "../ui/problem.ts";
import { type Draft, draftOf, sameDraft, saveState } from "./draft.ts";

type Saved = z.output<typeof Message>;

const restMilliseconds = 1200;

/**
 * The draft while somebody edits it: saved by itself once typing rests, one save at a time, always naming the revision
 * it started from. A refused save keeps what was typed and says why.
 */
export function useDraft(message: Saved) {
  const [saved, setSaved] = useState(message);
  const [draft, setDraft] = useState<Draft>(() => draftOf(message));
  const [status, setStatus] = useState<"idle" | "saving" | "failed">("idle");
  const [problem, setProblem] = useState<ApiProblem>();
  const put = useCall(messageRoutes.save, { changes: ["messages.list"] });
  const running = useRef<Promise<Saved> | undefined>(undefined);
  const latest = useRef(draft);
  latest.current = draft;
  // What the next save starts from. Not taken from a render: one under way may still show what was saved before.
  const base = useRef(message);

  const change = useCallback((part: Partial<Draft>) => {
    setDraft((before) => ({ ...before, ...part }));
    setStatus((before) => (before === "failed" ? "idle" : before));
  }, []);

  /** Takes an answer of the server as what is saved now, keeping what was typed meanwhile. */
  const accept = useCallback((next: Saved) => {
    base.current = next;
    setSaved(next);
  }, []);

  /** Takes the server's draft in place of one's own: after a conflict, when its owner chooses so. */
  const takeTheirs = useCallback((next: Saved) => {
    base.current = next;
    setSaved(next);
    setDraft(draftOf(next));
    setProblem(undefined);
    setStatus("idle");
  }, []);

  /** Saves now what is not saved yet; resolves to the saved message, or undefined if it was refused. */
  const save = useCallback(async (): Promise<Saved | undefined> => {
    // Several may wait for the same save; each looks again, so that the next one starts alone.
    while (running.current) await running.current.catch(() => undefined);
    const typed = latest.current;
    const from = base.current;
    if (sameDraft(typed, draftOf(from))) return from;
    setStatus("saving");
    const request = put.mutateAsync({
      params: { messageId: from.id },
      body: { revision: from.revision, ...typed },
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

  useEffect(() => {
    if (status !== "idle" || sameDraft(draft, draftOf(saved))) return;
    const timer = setTimeout(() => void save(), restMilliseconds);
    return () => clearTimeout(timer);
  }, [draft, saved, status, save]);

  return {
    draft,
    saved,
    change,
    save,
    accept,
    takeTheirs,
    problem,
    state: saveState(draft, draftOf(saved), status),
  };
}
