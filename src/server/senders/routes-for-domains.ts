import type { z } from "zod";
import { refuse } from "#contract/errors.ts";
import { type SendingDomain, sendingDomainRoutes } from "#contract/senders.ts";
import type { Actor } from "#core/access/actor.ts";
import { fromId, toId } from "#core/kernel/ids.ts";
import { audit } from "../access/index.ts";
import type { Http } from "../platform/http/implement.ts";
import type { Platform, Transaction } from "../platform/index.ts";
import { checkDomain, type ResolveTxt, systemResolver } from "./check-domain.ts";
import {
  addKey,
  type DomainRow,
  deleteDomain,
  freshSelector,
  getDomain,
  insertDomain,
  listDomains,
  recordsOf,
  switchKey,
} from "./domains.ts";

function present(row: DomainRow): z.input<typeof SendingDomain> {
  return {
    id: toId("sendingDomain", row.id),
    domain: row.domain,
    keys: row.keys.map(({ publicKey: _, ...key }) => ({
      ...key,
      id: toId("dkimKey", key.id),
      createdAt: new Date(key.createdAt).toISOString(),
    })),
    records: recordsOf(row),
    checkedAt: row.checkedAt?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
  };
}

/** Binds sending domains. `resolveTxt` asks DNS. */
export function bindDomainRoutes(
  http: Http,
  platform: Platform,
  resolveTxt: ResolveTxt = systemResolver(),
): void {
  const { db, secrets } = platform;
  const rowOf = (id: string) => fromId("sendingDomain", id) ?? "0";

  /** Does something to a domain, audited, and shows what it is like then. */
  async function change(
    actor: Actor,
    action: string,
    id: string,
    work: (tx: Transaction, domain: DomainRow) => Promise<void>,
  ): Promise<z.input<typeof SendingDomain>> {
    return db.transaction(async (tx) => {
      const domain = await getDomain(tx, id);
      await work(tx, domain);
      await audit(tx, actor, {
        action: `sending-domain.${action}`,
        subjectKind: "sending-domain",
        subjectId: toId("sendingDomain", id),
        details: { domain: domain.domain },
      });
      return present(await getDomain(tx, id));
    });
  }

  http.implement(sendingDomainRoutes.list, async () => ({ items: (await listDomains(db)).map(present) }));
  http.implement(sendingDomainRoutes.create, ({ actor, body }) =>
    db.transaction(async (tx) => {
      const id = (await insertDomain(tx, body.domain)) ?? refuse("senders.domain-taken");
      const domain = { id, domain: body.domain };
      await addKey(tx, secrets, domain, { selector: "p1", algorithm: "rsa-sha256", isActive: true });
      await addKey(tx, secrets, domain, { selector: "p2", algorithm: "ed25519-sha256", isActive: true });
      await audit(tx, actor, {
        action: "sending-domain.created",
        subjectKind: "sending-domain",
        subjectId: toId("sendingDomain", id),
        details: { domain: body.domain },
      });
      return present(await getDomain(tx, id));
    }),
  );
  http.implement(sendingDomainRoutes.check, async ({ params }) =>
    present(await checkDomain(platform, rowOf(params.id), resolveTxt)),
  );
  http.implement(sendingDomainRoutes.rotate, ({ actor, params, body }) =>
    change(actor, "key-made", rowOf(params.id), (tx, domain) =>
      addKey(tx, secrets, domain, {
        selector: freshSelector(domain.keys),
        algorithm: body.algorithm,
        isActive: false,
      }),
    ),
  );
  http.implement(sendingDomainRoutes.switchKey, ({ actor, params, body }) =>
    change(
      actor,
      body.isActive ? "key-switched-on" : "key-switched-off",
      rowOf(params.id),
      async (tx, { id }) => {
        const keyId = fromId("dkimKey", params.keyId) ?? "0";
        if (!(await switchKey(tx, id, keyId, body.isActive))) refuse("senders.domain-not-found");
      },
    ),
  );
  http.implement(sendingDomainRoutes.remove, async ({ actor, params }) =>
    db.transaction(async (tx) => {
      const { domain } = await getDomain(tx, rowOf(params.id));
      await deleteDomain(tx, rowOf(params.id));
      await audit(tx, actor, {
        action: "sending-domain.removed",
        subjectKind: "sending-domain",
        subjectId: params.id,
        details: { domain },
      });
      return { done: true };
    }),
  );
}
