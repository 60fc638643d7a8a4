import type { z } from "zod";
import { refuse } from "#contract/errors.ts";
import { type Route, routeRoutes } from "#contract/senders.ts";
import { fromId, toId } from "#core/kernel/ids.ts";
import { audit } from "../access/index.ts";
import type { Http } from "../platform/http/implement.ts";
import type { Platform } from "../platform/index.ts";
import { addRoute, changeRoute } from "./save-route.ts";
import { deleteRoute, getRoute, listRoutes, type RouteRow, setDefaultRoute } from "./store.ts";
import { testRoute } from "./test-route.ts";

function present(route: RouteRow): z.input<typeof Route> {
  const { trouble } = route;
  return {
    ...route,
    id: toId("route", route.id),
    createdAt: route.createdAt.toISOString(),
    trouble: trouble && {
      ...trouble,
      since: new Date(trouble.since).toISOString(),
      retryAt: new Date(trouble.retryAt).toISOString(),
    },
  };
}

/** Binds routes of mail. */
export function bindRouteRoutes(http: Http, platform: Platform): void {
  const { db } = platform;
  const rowOf = (id: string) => fromId("route", id) ?? "0";

  http.implement(routeRoutes.list, async () => ({ items: (await listRoutes(db)).map(present) }));
  http.implement(routeRoutes.create, async ({ actor, body }) =>
    present(await addRoute(platform, actor, body)),
  );
  http.implement(routeRoutes.change, async ({ actor, params, body }) =>
    present(await changeRoute(platform, actor, rowOf(params.id), body)),
  );
  http.implement(routeRoutes.makeDefault, ({ actor, params }) =>
    db.transaction(async (tx) => {
      await getRoute(tx, rowOf(params.id));
      await setDefaultRoute(tx, rowOf(params.id));
      await audit(tx, actor, { action: "route.made-default", subjectKind: "route", subjectId: params.id });
      return present(await getRoute(tx, rowOf(params.id)));
    }),
  );
  http.implement(routeRoutes.remove, ({ actor, params }) =>
    db.transaction(async (tx) => {
      const route = await getRoute(tx, rowOf(params.id));
      if (!(await deleteRoute(tx, route.id))) refuse("senders.route-in-use");
      await audit(tx, actor, {
        action: "route.removed",
        subjectKind: "route",
        subjectId: params.id,
        details: { name: route.name, host: route.host },
      });
      return { done: true };
    }),
  );
  http.implement(routeRoutes.test, ({ params }) => testRoute(platform, rowOf(params.id)));
}
