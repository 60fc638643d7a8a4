import { type Friend, friendsAllowed } from "#core/pages/forward-request.ts";
import { mayNotSendSql } from "../consent/index.ts";
import { enqueueRecipients, ensureMailing } from "../delivery/index.ts";
import { type Platform, sql, type Transaction } from "../platform/index.ts";
import { newHitId, type Tracking } from "../tracking/index.ts";
import { parseAddress } from "./page-visit.ts";
import type { Recipient } from "./store.ts";

/** Counts against each other must not race: forwards are few, so one lock for all of them costs nothing. */
const forwardLock = 0x6677_6400;
const perFriendAndDay = 3;

type Deps = { readonly platform: Platform; readonly tracking: Tracking };
type ParsedFriend = Friend & { readonly key: string; readonly hash: Buffer };

/**
 * Sends fresh copies of a message to friends of its recipient. [PG8] Whoever must not be written to, or has a copy
 * already, is left out silently, so that the answer tells nothing about anybody. Returns "too-many" if a limit is in
 * the way, else how many friends were named.
 */
export async function forwardMessage(
  deps: Deps,
  tx: Transaction,
  given: {
    readonly recipient: Recipient;
    readonly friends: readonly Friend[];
    readonly ip: string;
    readonly userAgent: string;
  },
): Promise<"too-many" | number> {
  const { platform } = deps;
  const { recipient } = given;
  await tx.run(sql`select pg_advisory_xact_lock(${forwardLock})`);
  const ipHash = platform.secrets.keyedHash(given.ip, "forward-ip");
  const friends = parseFriends(platform, given.friends);
  if (friends.length > friendsAllowed(await countForwards(tx, recipient, ipHash))) return "too-many";
  const reachable = await leaveOutUnwilling(tx, recipient, friends);
  if (reachable.length > 0) await sendCopies(tx, recipient, reachable, ipHash);
  const at = platform.clock.now();
  await deps.tracking.recordInteractions(
    tx,
    reachable.map(() => ({
      hitId: newHitId(at),
      kind: "forward",
      at,
      deliveryId: recipient.deliveryId,
      ip: given.ip,
      userAgent: given.userAgent,
    })),
  );
  return friends.length;
}

function parseFriends(platform: Platform, friends: readonly Friend[]): ParsedFriend[] {
  const byKey = new Map<string, ParsedFriend>();
  for (const { address, name } of friends) {
    const parsed = parseAddress(address);
    if (!parsed) continue;
    const hash = platform.secrets.keyedHash(parsed.key, "forward-friend");
    byKey.set(parsed.key, { address: parsed.email, name, key: parsed.key, hash });
  }
  return [...byKey.values()];
}

async function countForwards(tx: Transaction, recipient: Recipient, ipHash: Buffer) {
  const row = await tx.first<{ ofDelivery: number; ofSender: number; ofInstance: number }>(sql`
    select (select count(*)::integer from forwards where source_delivery_id = ${recipient.deliveryId}) as "ofDelivery",
           (select count(*)::integer from forwards where ip_hash = ${ipHash} and at > now() - interval '1 day') as "ofSender",
           (select count(*)::integer from forwards where at > now() - interval '1 day') as "ofInstance"`);
  return row ?? { ofDelivery: 0, ofSender: 0, ofInstance: 0 };
}

/** Without friends who opted out, are suppressed, had this version already, or were written to enough today. */
async function leaveOutUnwilling(
  tx: Transaction,
  recipient: Recipient,
  friends: readonly ParsedFriend[],
): Promise<ParsedFriend[]> {
  const stopped = await tx.rows<{ place: number }>(
    mayNotSendSql(
      { designation: "commercial", topicId: recipient.topicId, isForward: true },
      friends.map(({ key }) => key),
    ),
  );
  const hashes = friends.map(({ hash }) => hash);
  const unwilling = await tx.rows<{ place: number }>(sql`
    select (asked.ordinality - 1)::integer as place
    from unnest(${hashes}::bytea[]) with ordinality asked(hash, ordinality)
    where exists (select from forward_opt_outs where address_hash = asked.hash)
       or exists (select from forwards given join mailings on mailings.id = given.mailing_id
                  where given.address_hash = asked.hash
                    and mailings.message_version_id = ${recipient.messageVersionId})
       or (select count(*) from forwards given
           where given.address_hash = asked.hash and given.at > now() - interval '1 day') >= ${perFriendAndDay}`);
  const out = new Set([...stopped, ...unwilling].map(({ place }) => place));
  return friends.filter((_, place) => !out.has(place));
}

/** Enqueues the copies and notes them. A copy is filled in with nobody's data, so it holds nothing of the forwarder. */
async function sendCopies(
  tx: Transaction,
  recipient: Recipient,
  friends: readonly ParsedFriend[],
  ipHash: Buffer,
): Promise<void> {
  const mailingId = await forwardMailing(tx, recipient);
  const numbers = await tx.rows<{ id: string }>(sql`
    select nextval(pg_get_serial_sequence('forwards', 'id')) as id from generate_series(1, ${friends.length})`);
  const deliveryIds = await enqueueRecipients(tx, {
    mailingId,
    recipients: friends.map(({ address, name }, place) => ({
      address,
      name: name === "" ? null : name,
      contactId: null,
      visitId: numbers[place]?.id ?? "0",
    })),
  });
  await tx.run(sql`
    insert into forwards (id, source_delivery_id, source_mailing_id, forwarder_id, mailing_id, delivery_id, address,
                          address_hash, friend_name, ip_hash)
    overriding system value
    select id, ${recipient.deliveryId}, ${recipient.mailingId}, ${recipient.contactId ?? "0"}, ${mailingId},
           delivery_id, address, address_hash, friend_name, ${ipHash}
    from unnest(${numbers.map(({ id }) => id)}::bigint[], ${deliveryIds}::bigint[],
                ${friends.map(({ address }) => address)}::text[], ${friends.map(({ hash }) => hash)}::bytea[],
                ${friends.map(({ name }) => (name === "" ? null : name))}::text[])
      as copy(id, delivery_id, address, address_hash, friend_name)`);
}

/** One forward mailing for each mailing that is forwarded, in the same content settings and by the same route. */
async function forwardMailing(tx: Transaction, recipient: Recipient): Promise<string> {
  if (recipient.mailingKind === "forward") return recipient.mailingId;
  const known = await tx.first<{ mailing_id: string }>(
    sql`select mailing_id from forwards where source_mailing_id = ${recipient.mailingId} limit 1`,
  );
  if (known) return known.mailing_id;
  return ensureMailing(tx, {
    kind: "forward",
    messageVersionId: recipient.messageVersionId,
    contentSettingsId: recipient.contentSettingsId,
    routeId: recipient.routeId,
  });
}
