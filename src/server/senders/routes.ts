import { refuse } from "#contract/errors.ts";
import { routeRoutes } from "#contract/senders.ts";
import { fromId } from "#core/kernel/ids.ts";
import { audit } from "../access/index.ts";
import type { Http } from "../platform/http/implement.ts";
import type { Platform } from "../platform/index.ts";
import { presentRoute, presentRoutes } from "./present-route.ts";
import { addRoute, changeRoute } from "./save-route.ts";
import { deleteRoute, getRoute, setDefaultRoute } from "./store.ts";
import { testRoute } from "./test-route.ts";

type FallBack = { readonly fallBackId?: string | null | undefined };

const rowOrNull = (id: string | null) => id && (fromId("route", id) ?? "0");

/** The fall-back by its row id, if there is a change of it. */
const withRow = <Body extends FallBack>({ fallBackId, ...body }: Body) =>
  fallBackId === undefined ? body : { ...body, fallBackId: rowOrNull(fallBackId) };

/** Binds routes of mail. */
export function bindRouteRoutes(http: Http, platform: Platform): void {
  const { db, clock } = platform;
  const present = (id: string) => presentRoute(db, id, clock.now());
  const rowOf = (id: string) => fromId("route", id) ?? "0";

  http.implement(routeRoutes.list, async () => ({ items: await presentRoutes(db, clock.now()) }));
  http.implement(routeRoutes.create, async ({ actor, body }) =>
    present((await addRoute(platform, actor, { ...body, fallBackId: rowOrNull(body.fallBackId) })).id),
  );
  http.implement(routeRoutes.change, async ({ actor, params, body }) =>
    present((await changeRoute(platform, actor, rowOf(params.id), withRow(body))).id),
  );
  http.implement(routeRoutes.makeDefault, ({ actor, params }) =>
    db.transaction(async (tx) => {
      await getRoute(tx, rowOf(params.id));
      await setDefaultRoute(tx, rowOf(params.id));
      await audit(tx, actor, { action: "route.made-default", subjectKind: "route", subjectId: params.id });
      return presentRoute(tx, rowOf(params.id), clock.now());
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
