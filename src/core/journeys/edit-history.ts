import type { Graph } from "./graph.ts";

/** A graph with what it was before and what was undone. */
export type EditHistory = {
  readonly past: readonly Graph[];
  readonly present: Graph;
  readonly future: readonly Graph[];
  /** The kind of the last change; changes of one kind in a row (typing, dragging) undo together. */
  readonly lastChange: string | null;
};

export type EditAction =
  | { readonly kind: "change"; readonly to: Graph; readonly mergeWith?: string }
  | { readonly kind: "undo" }
  | { readonly kind: "redo" }
  | { readonly kind: "reset"; readonly to: Graph };

/** A history with nothing to undo. */
export function beginHistory(graph: Graph): EditHistory {
  return { past: [], present: graph, future: [], lastChange: null };
}

/** The history after an action. A change forgets what was undone; a change to the same graph is none. */
export function editHistory(history: EditHistory, action: EditAction): EditHistory {
  const { past, present, future, lastChange } = history;
  switch (action.kind) {
    case "change": {
      if (action.to === present) return history;
      const merges = action.mergeWith !== undefined && action.mergeWith === lastChange && past.length > 0;
      return {
        past: merges ? past : [...past, present],
        present: action.to,
        future: [],
        lastChange: action.mergeWith ?? null,
      };
    }
    case "undo": {
      const previous = past.at(-1);
      if (!previous) return history;
      return { past: past.slice(0, -1), present: previous, future: [present, ...future], lastChange: null };
    }
    case "redo": {
      const [next, ...rest] = future;
      if (!next) return history;
      return { past: [...past, present], present: next, future: rest, lastChange: null };
    }
    case "reset":
      return beginHistory(action.to);
  }
}
