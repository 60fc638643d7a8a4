import { type MailPurpose, stoppingCategories } from "#core/consent/may-send.ts";
import { type Sql, sql } from "../platform/index.ts";

/**
 * Whether commercial mail needs opt-in, read where it is used, so that a change holds for the very next message.
 */
const requiresOptIn = sql`coalesce((select (value ->> 'requireOptIn')::boolean from settings where key = 'consent'), true)`;

/**
 * An SQL expression for why the address in a column may not be mailed now; null where it may. It says the same as
 * `mailableReason` in core ([C8] to [C14], agreement.test.ts). Each look-up is one index probe: about 30 µs
 * per address in sets of a hundred, of a million contacts, on a busy machine with two cores.
 *
 * `addressKey` is trusted SQL for a column such as sql`contacts.email_key`.
 */
export function notMailableReason(purpose: MailPurpose, addressKey: Sql): Sql {
  const categories = [...stoppingCategories(purpose)];
  const suppressed = sql`(
    select 'suppressed-' || s.category from suppressions s
    where s.address_key = ${addressKey} and s.lifted_at is null and (s.expires_at is null or s.expires_at > now())
      and s.category = any(${categories}::text[])
    order by array_position(${categories}::text[], s.category) limit 1)`;
  if (purpose.designation === "transactional" && !purpose.isForward) return suppressed;
  const optedOut = sql`(
    select 'opted-out' from consents o where o.address_key = ${addressKey} and o.topic_id = 0 and not o.granted)`;
  if (purpose.topicId === null) return sql`coalesce(${suppressed}, ${optedOut})`;
  const withoutConsent = purpose.isForward
    ? sql`null`
    : sql`case when ${requiresOptIn} then 'no-consent' end`;
  return sql`coalesce(${suppressed}, ${optedOut}, case (
      select t.granted from consents t where t.address_key = ${addressKey} and t.topic_id = ${purpose.topicId}::bigint)
    when true then null when false then 'topic-withdrawn' else ${withoutConsent} end)`;
}

/**
 * The same for many addresses at once: rows (address_key, reason) for those of the list that may not be mailed; an address
 * that may gives no row. Each table is read by one ordered scan for the whole list: a third of the cost of asking
 * for one address after the other. `addressKeys` is trusted SQL for a text[].
 */
export function notMailableAmong(purpose: MailPurpose, addressKeys: Sql): Sql {
  const categories = [...stoppingCategories(purpose)];
  const suppressed = sql`(
    select s.address_key, (array_agg('suppressed-' || s.category order by array_position(${categories}::text[], s.category)))[1] as reason
    from suppressions s
    where s.address_key = any(${addressKeys}) and s.lifted_at is null and (s.expires_at is null or s.expires_at > now())
      and s.category = any(${categories}::text[])
    group by s.address_key)`;
  if (purpose.designation === "transactional" && !purpose.isForward) return suppressed;
  const topicId = purpose.topicId ?? "0";
  const said = sql`(
    select c.address_key, bool_or(not c.granted) filter (where c.topic_id = 0) as opted_out,
      bool_or(c.granted) filter (where c.topic_id = ${topicId}::bigint) as granted
    from consents c where c.address_key = any(${addressKeys}) and c.topic_id in (0, ${topicId}::bigint)
    group by c.address_key)`;
  const withoutConsent = purpose.isForward
    ? sql`null`
    : sql`case when ${requiresOptIn} then 'no-consent' end`;
  const byTopic =
    purpose.topicId === null
      ? sql`null`
      : sql`case said.granted when true then null when false then 'topic-withdrawn' else ${withoutConsent} end`;
  return sql`(
    select * from (
      select asked.address_key, coalesce(held.reason, case when said.opted_out then 'opted-out' end, ${byTopic}) as reason
      from (select distinct address_key from unnest(${addressKeys}) as each(address_key)) asked
        left join ${suppressed} held on held.address_key = asked.address_key
        left join ${said} said on said.address_key = asked.address_key
    ) judged where reason is not null)`;
}

/**
 * The same for a list of addresses: rows (place, reason) for those that may not be mailed, `place` being the 0-based
 * position in the list. Addresses that may be mailed give no row.
 */
export function mayNotSendSql(purpose: MailPurpose, addressKeys: readonly string[]): Sql {
  const keys = sql`${[...addressKeys]}::text[]`;
  return sql`
    select (asked.ordinality - 1)::integer as place, barred.reason
    from unnest(${keys}) with ordinality asked (address_key, ordinality)
      join ${notMailableAmong(purpose, keys)} barred on barred.address_key = asked.address_key`;
}
