import { useSuspenseQuery } from "@tanstack/react-query";
import { accessRoutes } from "#contract/access.ts";
import type { Permission } from "#core/access/permissions.ts";
import { type AnswerOf, ask, setCsrfToken } from "./api.ts";

export type Session = AnswerOf<typeof accessRoutes.session>;

/** Who is signed in. Kept for the life of the page; asked again when a call says that nobody is. */
export const sessionQuery = {
  ...ask(accessRoutes.session, {}),
  staleTime: 5 * 60_000,
  retry: false,
};

/** Takes a session as begun: its token goes with every change from now on. */
export function takeSession(session: Session): void {
  setCsrfToken(session.csrfToken ?? "");
}

/** Who is signed in, for pages within the shell. */
export function useSession(): Session {
  return useSuspenseQuery(sessionQuery).data;
}

/** Whether whoever is signed in may do something. Hide or explain what they may not. */
export function useCan(permission: Permission): boolean {
  return useSession().permissions.includes(permission);
}
