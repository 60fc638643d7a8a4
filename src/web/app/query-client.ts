import { QueryClient } from "@tanstack/react-query";
import { isUnreachable } from "../ui/problem.ts";

/** How often a page that shows work under way asks again while it is visible, in milliseconds. */
export const refreshMs = { busy: 1000, live: 3000, calm: 15_000 } as const;

/**
 * Caching rules of the whole app: an answer is fresh for five seconds, then shown while it is asked for again. Only an
 * unreachable server is asked twice; a refusal is an answer.
 */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 5000,
        retry: (failures, error) => isUnreachable(error) && failures < 1,
        networkMode: "always",
      },
      mutations: { retry: false, networkMode: "always" },
    },
  });
}
