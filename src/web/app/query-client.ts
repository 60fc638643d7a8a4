import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { ApiProblem, isUnreachable } from "../ui/problem.ts";
import { sessionQuery } from "./session.ts";

/** How often a page that shows work under way asks again while it is visible, in milliseconds. */
export const refreshMs = { busy: 1000, live: 3000, calm: 15_000 } as const;

/**
 * Caching rules of the whole app: an answer is fresh for five seconds, then shown while it is asked for again. Only an
 * unreachable server is asked twice; a refusal is an answer. A call that is refused because the session ended, or was
 * begun anew in another tab, has the session asked for again: SignedIn then leads to signing in, or the new token is used.
 */
export function createQueryClient(): QueryClient {
  const onError = (error: Error) => {
    if (error instanceof ApiProblem && ["access.not-signed-in", "access.csrf"].includes(error.code))
      void client.invalidateQueries({ queryKey: sessionQuery.queryKey, refetchType: "active" });
  };
  const client = new QueryClient({
    queryCache: new QueryCache({
      onError: (error, query) => {
        if (query.queryKey[0] !== sessionQuery.queryKey[0]) onError(error);
      },
    }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        staleTime: 5000,
        retry: (failures, error) => isUnreachable(error) && failures < 1,
        networkMode: "always",
      },
      mutations: { retry: false, networkMode: "always" },
    },
  });
  return client;
}
