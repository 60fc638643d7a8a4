import type { ReactNode } from "react";
import css from "./StatusBadge.module.css";

export type Tone = "good" | "warn" | "bad" | "info" | "quiet";

/** A state in one or two words. The word carries the meaning, the colour only helps. */
export function StatusBadge({ tone, children }: { readonly tone: Tone; readonly children: ReactNode }) {
  return (
    <span className={css.badge} data-tone={tone}>
      {children}
    </span>
  );
}
