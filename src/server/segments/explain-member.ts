import { refuse } from "#contract/errors.ts";
import { fromId } from "#core/kernel/ids.ts";
import type { Definition } from "#core/segments/condition.ts";
import { type Explanation, explain } from "#core/segments/explain.ts";
import type { Queries } from "../platform/index.ts";
import { addressKeyOf } from "./address-key.ts";
import { loadSources } from "./compile-segment.ts";
import { gatherContactFacts } from "./gather-contact-facts.ts";
import { gatherSchema } from "./gather-schema.ts";
import { findMember, type MemberRow } from "./store.ts";

/** Says why a contact (public id or address) is or is not meant by a definition. */
export async function explainMember(
  db: Queries,
  { condition, timeZone }: Definition,
  contact: string,
  now: Date,
): Promise<{ readonly contact: MemberRow; readonly explanation: Explanation }> {
  const id = fromId("contact", contact);
  const found = await findMember(db, id === undefined ? { addressKey: addressKeyOf(contact) } : { id });
  const sources = await loadSources(db, condition);
  const facts = found && (await gatherContactFacts(db, found.id, { condition, sources, now }));
  if (!found || !facts) return refuse("segment.no-such-contact");
  const schema = await gatherSchema(db);
  return { contact: found, explanation: explain(condition, facts, { now, timeZone }, schema) };
}
