import { SoftBounceSettings } from "#contract/feedback.ts";
import type { Actor } from "#core/access/actor.ts";
import { type SoftBouncePolicy, usualSoftBouncePolicy } from "#core/delivery/soft-bounces.ts";
import { audit } from "../access/index.ts";
import { type Queries, sql, type Transaction } from "../platform/index.ts";

const settingKey = "soft-bounces";

/** The policy as it was set, else the usual one. */
export async function readSoftBouncePolicy(db: Queries): Promise<SoftBouncePolicy> {
  const row = await db.first<{ value: unknown }>(sql`select value from settings where key = ${settingKey}`);
  return row ? SoftBounceSettings.parse(row.value) : usualSoftBouncePolicy;
}

/** Sets the policy. It holds from the next bounce on; suppressions that were made keep their term. */
export async function setSoftBouncePolicy(
  tx: Transaction,
  actor: Actor,
  policy: SoftBouncePolicy,
): Promise<void> {
  await tx.run(sql`
    insert into settings (key, value) values (${settingKey}, ${JSON.stringify(policy)}::jsonb)
    on conflict (key) do update set value = excluded.value, updated_at = now()`);
  await audit(tx, actor, { action: "soft-bounces.changed", details: { ...policy } });
}
