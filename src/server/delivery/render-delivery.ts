import { refuse } from "#contract/errors.ts";
import { placeOf } from "#core/delivery/delivery-id.ts";
import type { MessageParts, RecipientInput } from "#core/messages/mailing-context.ts";
import { createRenderer, type MessageRenderer } from "#core/messages/render-message.ts";
import { ByteBuffer } from "#core/mime/byte-buffer.ts";
import { type Queries, sql } from "../platform/index.ts";
import { recipientInput, type TokenKeys } from "./prepare-message.ts";
import { findCompiled } from "./sending-mailing.ts";
import { findSnapshot } from "./snapshot.ts";

/**
 * Makes the message of a delivery again, exactly as it was sent: the immutable version, the snapshot of its recipient and of the
 * settings, its date and its token key. Undefined if there is no such delivery or it was never made.
 */
export async function renderDelivery(
  db: Queries,
  keys: Pick<TokenKeys, "mac">,
  deliveryId: string,
): Promise<MessageParts | undefined> {
  const found = await findMaterial(db, keys, deliveryId);
  const rendered = found?.renderer.renderParts(found.input);
  return rendered?.ok ? rendered.value : undefined;
}

/** The same as the bytes that were sent, without the DKIM signature in front and the dot behind. */
export async function renderSource(
  db: Queries,
  keys: Pick<TokenKeys, "mac">,
  deliveryId: string,
): Promise<Buffer | undefined> {
  const found = await findMaterial(db, keys, deliveryId);
  if (!found) return undefined;
  const buffer = new ByteBuffer();
  const rendered = found.renderer.render(found.input, buffer);
  return rendered.ok ? Buffer.from(buffer.bytes.subarray(0, rendered.value.end)) : undefined;
}

/** Refuses where there is nothing to show. */
export function demandRendered<Value>(rendered: Value | undefined): Value {
  return rendered ?? refuse("delivery.not-rendered");
}

async function findMaterial(
  db: Queries,
  { mac }: Pick<TokenKeys, "mac">,
  deliveryId: string,
): Promise<{ readonly renderer: MessageRenderer; readonly input: RecipientInput } | undefined> {
  const { chunkId, place } = placeOf(deliveryId);
  const mailing = await db.first<{
    kind: "journey" | "forward" | "test" | "transactional";
    message_version_id: string;
  }>(sql`
    select kind, message_version_id from mailings
    where id = (select mailing_id from delivery_chunks where id = ${chunkId} and ${place}::int < size)`);
  const snapshot = mailing && (await findSnapshot(db, chunkId, place));
  if (!snapshot) return undefined;
  const compiled = await findCompiled(db, mailing.message_version_id);
  const { recipient, stamp, context } = snapshot;
  return {
    renderer: createRenderer(compiled, context),
    input: recipientInput({ deliveryId, kind: mailing.kind, recipient, stamp }, mac),
  };
}
