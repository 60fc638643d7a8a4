import { QueryErrorResetBoundary } from "@tanstack/react-query";
import {
  createRootRoute,
  createRoute,
  createRouter,
  type ErrorComponentProps,
  lazyRouteComponent,
  Outlet,
  useRouter,
} from "@tanstack/react-router";
import { PageHeader } from "../ui/PageHeader.tsx";
import { PageLoading } from "../ui/PageLoading.tsx";
import { ProblemPanel } from "../ui/ProblemPanel.tsx";
import type { Page } from "./page.ts";
import { pages } from "./pages.ts";
import { paths } from "./paths.ts";
import css from "./Shell.module.css";
import { Shell } from "./Shell.tsx";

function PageError({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  return (
    <QueryErrorResetBoundary>
      {({ reset: resetQueries }) => (
        <ProblemPanel
          isPage
          error={error}
          onRetry={() => {
            resetQueries();
            reset();
            void router.invalidate();
          }}
        />
      )}
    </QueryErrorResetBoundary>
  );
}

function NothingHere() {
  return (
    <main className={css.main}>
      <PageHeader title="There is nothing at this address" lead={<a href={paths.home()}>Go to Home</a>} />
    </main>
  );
}

const root = createRootRoute({ component: Outlet, notFoundComponent: NothingHere });
const shell = createRoute({ getParentRoute: () => root, id: "shell", component: Shell });

function routeOf(page: Page) {
  return createRoute({
    getParentRoute: () => (page.frame === "bare" ? root : shell),
    path: page.path,
    component: lazyRouteComponent(async () => ({ default: await page.load() })),
  });
}

const bare = pages.filter(({ frame }) => frame === "bare").map(routeOf);
const framed = pages.filter(({ frame }) => frame !== "bare").map(routeOf);

/** Search parameters are text, always: `?q=0012` stays what was typed. */
const readSearch = (search: string) => Object.fromEntries(new URLSearchParams(search));
const writeSearch = (search: Record<string, unknown>) => {
  const entries = Object.entries(search).flatMap(([key, value]) =>
    value === undefined || value === "" ? [] : [[key, String(value)]],
  );
  const query = new URLSearchParams(entries).toString();
  return query ? `?${query}` : "";
};

export const router = createRouter({
  routeTree: root.addChildren([...bare, shell.addChildren(framed)]),
  defaultPreload: "intent",
  defaultPendingComponent: PageLoading,
  defaultPendingMs: 150,
  defaultErrorComponent: PageError,
  scrollRestoration: true,
  parseSearch: readSearch,
  stringifySearch: writeSearch,
});
