import { domainPaceRoutes } from "#contract/delivery.ts";
import { audit } from "../access/index.ts";
import type { Http } from "../platform/http/implement.ts";
import type { Platform, Queries } from "../platform/index.ts";
import { listDomainPaces, setDomainPaces } from "./domain-paces.ts";

/** Binds how fast mail may go to receiving domains. */
export function bindDomainPaceRoutes(http: Http, { db }: Platform): void {
  const present = async (queries: Queries) => ({
    items: (await listDomainPaces(queries)).map(({ lastAt, ...pace }) => ({
      ...pace,
      lastAt: lastAt?.toISOString() ?? null,
    })),
  });
  http.implement(domainPaceRoutes.list, () => present(db));
  http.implement(domainPaceRoutes.set, ({ actor, body }) =>
    db.transaction(async (tx) => {
      await setDomainPaces(tx, body.items);
      await audit(tx, actor, {
        action: "sending.domain-paces-changed",
        details: { rules: body.items.map(({ name }) => name) },
      });
      return present(tx);
    }),
  );
}
