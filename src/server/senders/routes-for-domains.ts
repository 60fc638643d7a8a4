import type { z } from "zod";
import { refuse } from "#contract/errors.ts";
import { type SendingDomain, sendingDomainRoutes } from "#contract/sending-domains.ts";
import type { Actor } from "#core/access/actor.ts";
import { fromId, toId } from "#core/kernel/ids.ts";
import { tickBulkRules } from "#core/senders/bulk-rules.ts";
import { isFreeMail } from "#core/senders/free-mail-domains.ts";
import { judgePublishedKey, keyRecordName } from "#core/senders/published-key.ts";
import { removableAt } from "#core/senders/signing.ts";
import { audit } from "../access/index.ts";
import type { Http } from "../platform/http/implement.ts";
import type { Platform, Transaction } from "../platform/index.ts";
import { addKey, deleteKey, freshSelector, retireKeys, startKeys } from "./change-keys.ts";
import { checkDomain, tellIfHealed } from "./check-domain.ts";
import {
  type DomainRow,
  deleteDomain,
  getDomain,
  insertDomain,
  type KeyRow,
  lifeOf,
  listDomains,
  setIfKeyDiffers,
  signingOf,
} from "./domains.ts";
import type { LookUp } from "./look-up-dns.ts";

type Shown = z.input<typeof SendingDomain>;

const isoOf = (moment: string | null) => (moment === null ? null : new Date(moment).toISOString());

function presentKey(key: KeyRow): Shown["keys"][number] {
  const { id, selector, algorithm, published, isForced, replacesId, signingSince, retiredAt, createdAt } =
    key;
  return {
    id: toId("dkimKey", id),
    selector,
    algorithm,
    life: lifeOf(key),
    published,
    isForced,
    replacesKeyId: replacesId === null ? null : toId("dkimKey", replacesId),
    signingSince: isoOf(signingSince),
    retiredAt: isoOf(retiredAt),
    removableAt: retiredAt === null ? null : new Date(removableAt(Date.parse(retiredAt))).toISOString(),
    createdAt: new Date(createdAt).toISOString(),
  };
}

function present(row: DomainRow): Shown {
  const signing = signingOf(row);
  return {
    id: toId("sendingDomain", row.id),
    domain: row.domain,
    keys: row.keys.map(presentKey),
    signing: { state: signing.kind, reason: signing.kind === "signs" ? null : signing.reason },
    ifKeyDiffers: row.ifKeyDiffers,
    findings: row.findings.map((finding) => ({ ...finding, found: [...finding.found] })),
    bulkRules: tickBulkRules(row.findings, signing).map((rule) => ({
      ...rule,
      providers: [...rule.providers],
    })),
    checkedAt: row.checkedAt?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
  };
}

const rowOf = (id: string) => fromId("sendingDomain", id) ?? "0";

function keyOf({ keys }: DomainRow, keyId: string): KeyRow {
  return keys.find(({ id }) => id === fromId("dkimKey", keyId)) ?? refuse("senders.key-not-found");
}

/** Binds sending domains. `lookUp` asks DNS. */
export function bindDomainRoutes(http: Http, platform: Platform, lookUp: LookUp): void {
  const { db, secrets, clock } = platform;
  const checked = async (id: string) => present(await checkDomain(platform, id, lookUp));

  /** Does something to a domain, audited, and looks at DNS again, since other records may be wanted now. */
  async function change(
    actor: Actor,
    action: string,
    id: string,
    work: (tx: Transaction, domain: DomainRow) => Promise<object | undefined>,
  ): Promise<Shown> {
    await db.transaction(async (tx) => {
      const domain = await getDomain(tx, id);
      const details = await work(tx, domain);
      await audit(tx, actor, {
        action: `sending-domain.${action}`,
        subjectKind: "sending-domain",
        subjectId: toId("sendingDomain", id),
        details: { domain: domain.domain, ...details },
      });
      await tellIfHealed(platform, tx, await getDomain(tx, id));
    });
    return checked(id);
  }

  http.implement(sendingDomainRoutes.list, async () => ({ items: (await listDomains(db)).map(present) }));
  http.implement(sendingDomainRoutes.create, async ({ actor, body }) => {
    // [S7] Such mail would be refused everywhere.
    if (isFreeMail(body.domain)) refuse("senders.free-mail-domain", { domain: body.domain });
    const id = await db.transaction(async (tx) => {
      const added = (await insertDomain(tx, body.domain)) ?? refuse("senders.domain-taken");
      for (const [place, algorithm] of [...new Set(body.algorithms)].entries())
        await addKey(
          tx,
          secrets,
          { id: added, domain: body.domain },
          { selector: `p${place + 1}`, algorithm, isActive: true },
        );
      await audit(tx, actor, {
        action: "sending-domain.created",
        subjectKind: "sending-domain",
        subjectId: toId("sendingDomain", added),
        details: { domain: body.domain },
      });
      return added;
    });
    return checked(id);
  });
  http.implement(sendingDomainRoutes.change, ({ actor, params, body }) =>
    change(actor, "changed", rowOf(params.id), async (tx, { id }) => {
      await setIfKeyDiffers(tx, id, body.ifKeyDiffers);
      return body;
    }),
  );
  http.implement(sendingDomainRoutes.check, ({ params }) => checked(rowOf(params.id)));
  http.implement(sendingDomainRoutes.rotate, ({ actor, params, body }) =>
    change(actor, "key-made", rowOf(params.id), async (tx, domain) => {
      const replacesId = body.replacesKeyId === null ? null : keyOf(domain, body.replacesKeyId).id;
      const selector = freshSelector(domain.keys);
      await addKey(tx, secrets, domain, { selector, algorithm: body.algorithm, isActive: false, replacesId });
      return { selector };
    }),
  );
  http.implement(sendingDomainRoutes.switchKey, async ({ actor, params, body }) => {
    const domain = await getDomain(db, rowOf(params.id));
    const key = keyOf(domain, params.keyId);
    if (body.isActive && !body.force) await demandPublished(domain, key, lookUp);
    return change(actor, body.isActive ? "key-switched-on" : "key-switched-off", domain.id, async (tx) => {
      if (body.isActive) await startKeys(tx, [key.id], { isForced: body.force, at: clock.now() });
      else await retireKeys(tx, [key.id], clock.now());
      return { selector: key.selector, ...(body.force ? { forced: true } : {}) };
    });
  });
  http.implement(sendingDomainRoutes.removeKey, ({ actor, params }) =>
    change(actor, "key-removed", rowOf(params.id), async (tx, domain) => {
      const key = keyOf(domain, params.keyId);
      if (key.isActive) refuse("senders.key-signs");
      await deleteKey(tx, key.id);
      return { selector: key.selector };
    }),
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

/** [S4] A key signs only once its record was found. */
async function demandPublished({ domain }: DomainRow, key: KeyRow, lookUp: LookUp): Promise<void> {
  const name = keyRecordName(domain, key.selector);
  const verdict = judgePublishedKey(key, await lookUp({ type: "TXT", name }));
  if (verdict !== "right" && verdict !== "testing")
    refuse("senders.key-not-published", { name, found: verdict ?? "no answer" });
}
