import { useSyncExternalStore } from "react";

/** Whether the last answer came, and since when none did. Fed by every call, shown by ConnectionBanner. */
type Connection = { readonly isReachable: boolean; readonly since: number };

let connection: Connection = { isReachable: true, since: 0 };
const listeners = new Set<() => void>();

function change(next: Connection): void {
  connection = next;
  for (const listener of listeners) listener();
}

/** Notes that a call was answered, or that nothing answered. */
export function noteReachable(isReachable: boolean, now: number): void {
  if (connection.isReachable !== isReachable) change({ isReachable, since: now });
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Follows the connection from a component. */
export function useConnection(): Connection {
  return useSyncExternalStore(subscribe, () => connection);
}
