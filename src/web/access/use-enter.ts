import { useQueryClient } from "@tanstack/react-query";
import { useGo } from "../app/navigation.ts";
import { type Session, sessionQuery, takeSession } from "../app/session.ts";

/** Begins a session in this window: forgets what was cached for somebody else, and goes on. */
export function useEnter(): (session: Session, next: string) => void {
  const client = useQueryClient();
  const go = useGo();
  return (session, next) => {
    client.clear();
    takeSession(session);
    client.setQueryData(sessionQuery.queryKey, session);
    go(next, { replace: true });
  };
}
