import type { Hit } from "#core/tracking/hit.ts";
import { recordConsent, suppress } from "../consent/index.ts";
import { type Platform, sql, type Transaction } from "../platform/index.ts";
import type { Tracking } from "../tracking/index.ts";
import { parseAddress } from "./page-visit.ts";
import { findRecipient, hasWithdrawn, type Recipient } from "./store.ts";

/** What pages are made from. */
export type PageDeps = { readonly platform: Platform; readonly tracking: Tracking };

/** The way in which somebody said stop without a page. */
type OptOutSource = "one-click" | "mail";

/**
 * Applies unsubscribes by one click or by mail, straight from the request or later from the journal. [PG4] The same hit again, or the
 * same wish again, changes nothing; an erased contact, a test send and an unknown delivery are no errors.
 */
export async function applyOptOuts(
  deps: PageDeps,
  tx: Transaction,
  hits: readonly Hit[],
  source: OptOutSource = "one-click",
): Promise<void> {
  for (const hit of hits) await applyOptOut(deps, tx, hit, source);
}

async function applyOptOut(deps: PageDeps, tx: Transaction, hit: Hit, source: OptOutSource): Promise<void> {
  // Two requests at once for one delivery: the second must see what the first did.
  await tx.run(sql`select pg_advisory_xact_lock(hashtextextended(${`opt-out/${hit.deliveryId}`}, 0))`);
  const recipient = await findRecipient(tx, hit.deliveryId);
  if (!recipient || recipient.mailingKind === "test") return;
  if (recipient.mailingKind === "forward") {
    await optOutFriend(tx, recipient);
    return;
  }
  const keys = await keysStillWilling(tx, recipient);
  if (keys.length === 0) return;
  const [recorded] = await deps.tracking.recordInteractions(tx, [
    {
      hitId: hit.id,
      kind: "unsubscribe",
      at: new Date(hit.at),
      deliveryId: hit.deliveryId,
      ip: hit.ip,
      userAgent: hit.userAgent,
      data: { by: source, topicId: recipient.topicId },
    },
  ]);
  if (!recorded) return;
  await recordConsent(
    deps.platform.news,
    tx,
    keys.map((addressKey) => ({
      addressKey,
      topicId: recipient.topicId,
      kind: "withdrawn",
      source,
      ip: hit.ip,
      userAgent: hit.userAgent,
      deliveryId: hit.deliveryId,
    })),
  );
}

/** The address it was sent to, and the contact's address now if that changed since: who says stop means both. */
async function keysStillWilling(tx: Transaction, recipient: Recipient): Promise<string[]> {
  const addresses = [recipient.address, recipient.contactEmail].flatMap((address) => {
    const parsed = address === null ? undefined : parseAddress(address);
    return parsed ? [parsed.key] : [];
  });
  const willing: string[] = [];
  for (const key of new Set(addresses))
    if (!(await hasWithdrawn(tx, key, recipient.topicId))) willing.push(key);
  return willing;
}

/**
 * [PG9] A friend wants no more copies: remembered by keyed hash, and as a suppression while the address is still known,
 * so that the sender too hears of it. Whoever forwarded the message is not touched.
 */
export async function optOutFriend(tx: Transaction, recipient: Recipient): Promise<void> {
  await tx.run(sql`
    insert into forward_opt_outs (address_hash)
    select address_hash from forwards where delivery_id = ${recipient.deliveryId} on conflict do nothing`);
  const address = recipient.address === null ? undefined : parseAddress(recipient.address);
  if (address)
    await suppress(tx, [
      {
        addressKey: address.key,
        category: "forward-opt-out",
        reason: "Wants no forwarded copies",
        source: "forward-page",
      },
    ]);
}
