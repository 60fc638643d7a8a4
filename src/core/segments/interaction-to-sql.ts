import { fromId, type IdKind } from "../kernel/ids.ts";
import { invariant } from "../kernel/unreachable.ts";
import type { InteractionRule } from "./condition.ts";
import { type Frame, resolveWindow } from "./date-range.ts";
import type { Bind } from "./sql-fragment.ts";
import { rangeToSql } from "./test-to-sql.ts";
import { asText } from "./test-value.ts";

/**
 * Compiles "did it this often in this window". Times are counted as at least n; at most n is not n + 1, and exactly
 * n is both. Of contacts who never did it there is no row to count, and `exists` is false of them, not null.
 */
export function interactionToSql(rule: InteractionRule, frame: Frame, bind: Bind): string {
  const { operator, value } = rule.count;
  const atLeast = (times: number) => (times === 0 ? "true" : writeAtLeast(rule, times, frame, bind));
  if (operator === "at-least") return atLeast(value);
  if (operator === "at-most") return `not (${atLeast(value + 1)})`;
  return `(${atLeast(value)} and not (${atLeast(value + 1)}))`;
}

function writeAtLeast(rule: InteractionRule, times: number, frame: Frame, bind: Bind): string {
  const source =
    rule.interaction === "received" ? receivedSource(rule, frame, bind) : hitSource(rule, frame, bind);
  const { from, contact, where } = source;
  if (times === 1) return `exists (select from ${from} where ${contact} = contacts.id and ${where})`;
  const counted = `select ${contact} as contact_id from ${from} where ${where} group by ${contact} having count(*) >= ${bind(times, "integer")}`;
  return `exists (select from (${counted}) often where often.contact_id = contacts.id)`;
}

type Source = { readonly from: string; readonly contact: string; readonly where: string };

/** What reached the contact: the delivery log, without test sends. */
function receivedSource(rule: InteractionRule, frame: Frame, bind: Bind): Source {
  const clauses = ["l.outcome = 'accepted'", "m.kind <> 'test'", within("l.at", rule, frame, bind)];
  if (rule.messageId !== undefined) clauses.push(`m.message_id = ${bindId("message", rule.messageId, bind)}`);
  if (rule.journeyId !== undefined) clauses.push(`m.journey_id = ${bindId("journey", rule.journeyId, bind)}`);
  // A delivery has no event and no link.
  if (rule.eventId !== undefined || rule.link !== undefined) clauses.push("false");
  return {
    from: "delivery_log l join mailings m on m.id = l.mailing_id",
    contact: "l.contact_id",
    where: clauses.join(" and "),
  };
}

/** What the contact did: the interactions, of people unless machines are asked for. */
function hitSource(rule: InteractionRule, frame: Frame, bind: Bind): Source {
  const clauses = [`i.kind = ${bind(rule.interaction, "text")}`, within("i.at", rule, frame, bind)];
  if (rule.machines !== true) clauses.push("i.agent = 'human'");
  if (rule.messageId !== undefined) clauses.push(`i.message_id = ${bindId("message", rule.messageId, bind)}`);
  if (rule.journeyId !== undefined) clauses.push(`i.journey_id = ${bindId("journey", rule.journeyId, bind)}`);
  if (rule.eventId !== undefined) clauses.push(`i.event_id = ${bindId("event", rule.eventId, bind)}`);
  if (rule.link !== undefined) clauses.push(writeLink(rule.link, bind));
  return { from: "interactions i", contact: "i.contact_id", where: clauses.join(" and ") };
}

/** A link is found by URL or label in the link table of each version, because its number may change between them. */
function writeLink(link: string, bind: Bind): string {
  const text = bind(link, "text");
  return `(i.mailing_id, i.link_number) in (select lm.id, (link ->> 'number')::integer from mailings lm join message_versions lv on lv.id = lm.message_version_id cross join jsonb_array_elements(lv.links) link where link ->> 'url' = ${text} or link ->> 'label' = ${text})`;
}

function within(column: string, rule: InteractionRule, frame: Frame, bind: Bind): string {
  return rangeToSql(column, asText(resolveWindow(rule.window, frame)), "timestamptz", bind);
}

function bindId(kind: IdKind, id: string, bind: Bind): string {
  const row = fromId(kind, id);
  invariant(row !== undefined, `${id} is the id of a ${kind}`);
  return bind(row, "bigint");
}
