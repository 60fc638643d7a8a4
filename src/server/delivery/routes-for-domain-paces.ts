import { domainPaceRoutes } from "#contract/delivery.ts";
import { audit } from "../access/index.ts";
import type { Http } from "../platform/http/implement.ts";
import type { Platform, Queries } from "../platform/index.ts";
import { listDomainPaces, type PaceState, setDomainPaces } from "./domain-paces.ts";

/** Binds how fast mail may go to receiving domains. */
export function bindDomainPaceRoutes(http: Http, { db }: Platform): void {
  const present = async (queries: Queries) => {
    const paces = await listDomainPaces(queries);
    return {
      items: paces
        .filter(({ isTemporary }) => !isTemporary)
        .map(({ isTemporary, ...pace }) => ({ ...pace, ...presentState(pace) })),
      temporary: paces.flatMap((pace) => {
        const { slowed, ...state } = presentState(pace);
        const [domain = ""] = pace.domains;
        return pace.isTemporary && slowed ? [{ domain, ...state, slowed }] : [];
      }),
    };
  };
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

const presentState = ({ waiting, lastAt, slowed }: Pick<PaceState, "lastAt" | "slowed" | "waiting">) => ({
  waiting,
  lastAt: lastAt?.toISOString() ?? null,
  slowed: slowed && { ...slowed, until: slowed.until.toISOString() },
});
