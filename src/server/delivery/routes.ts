import { z } from "zod";
import { deliveryRoutes, mailingRoutes, sendingRoutes } from "#contract/delivery.ts";
import { refuse } from "#contract/errors.ts";
import type { Actor } from "#core/access/actor.ts";
import { fromId, type IdKind } from "#core/kernel/ids.ts";
import { audit } from "../access/index.ts";
import { readCursor, rowCursor, toPage } from "../platform/http/cursor.ts";
import type { Http } from "../platform/http/implement.ts";
import type { Platform, Transaction } from "../platform/index.ts";
import { changeMailing } from "./change-mailing.ts";
import { confirmIdentity } from "./guard-identity.ts";
import { tellOfHalt } from "./halts.ts";
import { decideLate } from "./hold-late.ts";
import type { TokenKeys } from "./prepare-message.ts";
import { presentDelivery, presentHeld, presentMailing, presentSending } from "./present-delivery.ts";
import { demandRendered, renderDelivery, renderSource } from "./render-delivery.ts";
import { resolveDoubt } from "./resolve-doubt.ts";
import { beginStop, endStop, findStopped, setBreakerLimits, setSendingPolicy } from "./sending-policy.ts";
import { findDelivery, findMailing, listHeld, listInDoubt, listLogged, listMailings } from "./store.ts";
import { verifyDelivery } from "./verify-delivery.ts";

const pairCursor = z.tuple([z.string().regex(/^\d{1,19}$/), z.string().regex(/^\d{1,19}$/)]);
const rowOf = (kind: IdKind, id: string) => fromId(kind, id) ?? "0";

/** Binds mailings. */
export function bindMailingRoutes(http: Http, { db }: Platform): void {
  http.implement(mailingRoutes.list, async ({ query }) => {
    const rows = await listMailings(db, {
      before: readCursor(query.cursor, rowCursor)?.[0],
      limit: query.limit,
      messageId: query.messageId && rowOf("message", query.messageId),
      journeyId: query.journeyId && rowOf("journey", query.journeyId),
      tests: query.tests === "yes",
    });
    return toPage(rows, query.limit, ({ id }) => [id], presentMailing);
  });
  const get = async (id: string) =>
    (await findMailing(db, rowOf("mailing", id))) ?? refuse("delivery.mailing-not-found");
  http.implement(mailingRoutes.get, async ({ params }) => presentMailing(await get(params.id)));
  http.implement(mailingRoutes.deliveries, async ({ params, query }) => {
    const rows = await listLogged(db, {
      mailingId: (await get(params.id)).id,
      outcome: query.outcome,
      after: readCursor(query.cursor, pairCursor),
      limit: query.limit,
    });
    return toPage(rows, query.limit, ({ contactId, visitId }) => [contactId, visitId], presentDelivery);
  });
  http.implement(mailingRoutes.pause, async ({ actor, params, body }) =>
    presentMailing(
      await changeMailing(db, actor, rowOf("mailing", params.id), { to: "paused", reason: body.reason }),
    ),
  );
  http.implement(mailingRoutes.resume, async ({ actor, params }) =>
    presentMailing(await changeMailing(db, actor, rowOf("mailing", params.id), { to: "running" })),
  );
  http.implement(mailingRoutes.cancel, async ({ actor, params }) =>
    presentMailing(await changeMailing(db, actor, rowOf("mailing", params.id), { to: "cancelled" })),
  );
  http.implement(mailingRoutes.sendLate, async ({ actor, params }) =>
    presentMailing(await decideLate(db, actor, rowOf("mailing", params.id), "send")),
  );
  http.implement(mailingRoutes.skipLate, async ({ actor, params }) =>
    presentMailing(await decideLate(db, actor, rowOf("mailing", params.id), "skip")),
  );
  http.implement(mailingRoutes.attention, async ({ query }) => ({
    items: (await listHeld(db, query.journeyId && rowOf("journey", query.journeyId))).map(presentHeld),
  }));
}

/** Binds single deliveries. */
export function bindDeliveryRoutes(http: Http, { db, clock }: Platform, keys: TokenKeys): void {
  const get = async (id: string) =>
    (await findDelivery(db, rowOf("delivery", id))) ?? refuse("delivery.not-found");

  http.implement(deliveryRoutes.inDoubt, async ({ query }) => {
    const rows = await listInDoubt(db, {
      mailingId: query.mailingId && rowOf("mailing", query.mailingId),
      before: readCursor(query.cursor, pairCursor),
      limit: query.limit,
    });
    return toPage(rows, query.limit, ({ mailingId, deliveryId }) => [mailingId, deliveryId], presentDelivery);
  });
  http.implement(deliveryRoutes.resolve, ({ actor, body }) =>
    db.transaction(async (tx) => {
      const ids = body.deliveryIds.map((id) => rowOf("delivery", id));
      const way = body.as === "accepted" ? { accepted: "settled-by-person" } : { resendAt: clock.now() };
      const resolved = await resolveDoubt(tx, ids, way);
      if (resolved === 0) refuse("delivery.not-in-doubt");
      await audit(tx, actor, { action: "deliveries.doubt-resolved", details: { as: body.as, resolved } });
      return { resolved };
    }),
  );
  http.implement(deliveryRoutes.get, async ({ params }) => presentDelivery(await get(params.id)));
  http.implement(deliveryRoutes.message, async ({ params }) => {
    const { deliveryId } = await get(params.id);
    const { headers, ...parts } = demandRendered(await renderDelivery(db, keys, deliveryId));
    return { ...parts, headers: [...headers] };
  });
  http.implement(deliveryRoutes.source, async ({ params, reply }) => {
    const { deliveryId } = await get(params.id);
    const source = demandRendered(await renderSource(db, keys, deliveryId));
    // A message is somebody's HTML: it must never be shown as a page of ours.
    reply.header("content-disposition", `attachment; filename="${params.id}.eml"`);
    return source;
  });
}

/** Binds what concerns all sending. */
export function bindSendingRoutes(http: Http, { db, clock }: Platform): void {
  async function change(actor: Actor, action: string, work: (tx: Transaction) => Promise<void>) {
    await db.transaction(async (tx) => {
      await work(tx);
      await audit(tx, actor, { action });
      await tellOfHalt(tx);
    });
    return presentSending(db);
  }
  http.implement(sendingRoutes.state, () => presentSending(db));
  http.implement(sendingRoutes.stop, ({ actor }) =>
    change(actor, "sending.stopped", (tx) =>
      beginStop(tx, { by: actor.label, at: clock.now().toISOString() }),
    ),
  );
  http.implement(sendingRoutes.resume, ({ actor }) =>
    change(actor, "sending.resumed", async (tx) => {
      if ((await findStopped(tx))?.cause === "restored") refuse("delivery.restored");
      await endStop(tx);
    }),
  );
  http.implement(sendingRoutes.confirmLive, ({ actor }) =>
    change(actor, "sending.confirmed-live", async (tx) => {
      const stopped = await findStopped(tx);
      if (stopped?.cause !== "restored") return refuse("delivery.not-locked");
      await confirmIdentity(tx, stopped);
      await endStop(tx);
    }),
  );
  http.implement(sendingRoutes.setPolicy, ({ actor, body }) =>
    change(actor, "sending.policy-changed", (tx) => setSendingPolicy(tx, body)),
  );
  http.implement(sendingRoutes.setBreakers, ({ actor, body }) =>
    change(actor, "sending.breakers-changed", (tx) => setBreakerLimits(tx, body)),
  );
  http.implement(sendingRoutes.verify, async () => {
    const problems = await verifyDelivery(db);
    return { holds: problems.length === 0, problems };
  });
}
