import { useSyncExternalStore } from "react";
import { formatDateTime, formatRelative } from "./format.ts";

const everyHalfMinute = 30_000;
let now = Date.now();

function subscribe(listener: () => void): () => void {
  now = Date.now();
  const timer = setInterval(() => {
    now = Date.now();
    listener();
  }, everyHalfMinute);
  return () => clearInterval(timer);
}

/** A moment relative to now, with the exact time in the reader's zone on hover. Keeps itself up to date. */
export function When({ at }: { readonly at: string | number }) {
  const current = useSyncExternalStore(subscribe, () => now);
  return (
    <time dateTime={new Date(at).toISOString()} title={formatDateTime(at)}>
      {formatRelative(at, current)}
    </time>
  );
}
