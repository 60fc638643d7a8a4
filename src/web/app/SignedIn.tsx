import { useQuery } from "@tanstack/react-query";
import { useLocation } from "@tanstack/react-router";
import { type ReactNode, useEffect, useRef } from "react";
import { PageLoading } from "../ui/PageLoading.tsx";
import { ProblemPanel } from "../ui/ProblemPanel.tsx";
import { ApiProblem } from "../ui/problem.ts";
import { useGo } from "./navigation.ts";
import { signInLeadingTo } from "./paths.ts";
import css from "./Shell.module.css";
import { sessionQuery, takeSession } from "./session.ts";

/** Shows its children to whoever is signed in, and leads everybody else to signing in and back. */
export function SignedIn({ children }: { readonly children: ReactNode }) {
  const { data, error, refetch } = useQuery(sessionQuery);
  const go = useGo();
  const { href } = useLocation();
  const isOut = error instanceof ApiProblem && error.status === 401;
  // Once: while the router is on its way, the location is already that of the sign-in page.
  const isLeading = useRef(false);
  useEffect(() => {
    if (isOut && !isLeading.current) go(signInLeadingTo(href), { replace: true });
    isLeading.current = isOut;
  }, [isOut, go, href]);
  if (data && !isOut) {
    takeSession(data);
    return children;
  }
  return (
    <main className={css.main}>
      {error && !isOut ? (
        <ProblemPanel isPage error={error} onRetry={() => void refetch()} />
      ) : (
        <PageLoading />
      )}
    </main>
  );
}
