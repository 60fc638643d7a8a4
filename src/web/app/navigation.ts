import { useBlocker, useLocation, useParams, useRouter } from "@tanstack/react-router";
import { useCallback, useMemo } from "react";
import { confirm } from "../ui/confirm.tsx";

/** A parameter of this page's address, such as `id` of `/contacts/$id`. Throws if the route has none: a bug. */
export function useParam(name: string): string {
  const params: Readonly<Record<string, unknown>> = useParams({ strict: false });
  const value = params[name];
  if (typeof value !== "string") throw new Error(`This page has no parameter ${name}`);
  return value;
}

type GoOptions = {
  /** Takes the place of this page in the history. */
  readonly replace?: boolean;
  /** Lets a page with unsaved changes ask first. Not after an action, which has just saved them. */
  readonly asks?: boolean;
};

/** Goes to an address of ours: `go(paths.contact({ id }))`. Links are plain `<a href>`; this is for after an action. */
export function useGo(): (href: string, options?: GoOptions) => void {
  const router = useRouter();
  return useCallback(
    (href, { replace = false, asks = false } = {}) =>
      void router.navigate({ href, replace, ignoreBlocker: !asks }),
    [router],
  );
}

/**
 * What a list shows, kept in the address so that back, reload and sharing work: `const [{ q, tab }, set] = useAddress()`.
 * Setting a value to undefined or "" takes it out.
 */
export function useAddress(): readonly [
  Readonly<Record<string, string | undefined>>,
  (change: Readonly<Record<string, string | undefined>>) => void,
] {
  const router = useRouter();
  const { pathname, searchStr } = useLocation();
  const values = useMemo(() => Object.fromEntries(new URLSearchParams(searchStr)), [searchStr]);
  const set = useCallback(
    (change: Readonly<Record<string, string | undefined>>) => {
      const search = new URLSearchParams(router.state.location.searchStr);
      for (const [key, value] of Object.entries(change))
        if (value) search.set(key, value);
        else search.delete(key);
      const query = search.toString();
      void router.navigate({
        href: query ? `${pathname}?${query}` : pathname,
        replace: true,
        resetScroll: false,
      });
    },
    [router, pathname],
  );
  return [values, set];
}

/** Asks before leaving a page with changes that are not saved. */
export function useUnsavedGuard(isDirty: boolean): void {
  useBlocker({
    disabled: !isDirty,
    enableBeforeUnload: () => isDirty,
    shouldBlockFn: async ({ current, next }) =>
      current.pathname !== next.pathname &&
      !(await confirm({
        title: "Leave without saving?",
        body: "Your changes on this page are not saved yet and would be lost.",
        action: "Leave",
      })),
  });
}
