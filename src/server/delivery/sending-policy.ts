import { z } from "zod";
import { BreakerLimits } from "#core/delivery/breakers.ts";
import { type Queries, sql } from "../platform/index.ts";

/**
 * [D11] What happens to a delivery that may have arrived: `hold` lists it and waits for a person or for evidence; `resend-once` sends
 * it once more after 15 minutes under the same Message-ID.
 */
export const DoubtPolicy = z.enum(["hold", "resend-once"]);

export const SendingPolicy = z.object({
  doubtfulCommercial: DoubtPolicy.default("hold"),
  doubtfulTransactional: DoubtPolicy.default("resend-once"),
});
export type SendingPolicy = z.infer<typeof SendingPolicy>;

/** [D11] Whether a delivery that may have arrived is sent once more. */
export function mayResendDoubtful(
  { doubtfulCommercial, doubtfulTransactional }: SendingPolicy,
  designation: "commercial" | "transactional",
): boolean {
  return (designation === "commercial" ? doubtfulCommercial : doubtfulTransactional) === "resend-once";
}

/** [D4] While this settings row is there, nothing is begun in the whole workspace. begin-batch.ts and lease-chunk.ts look at it. */
const stoppedKey = "delivery.stopped";
const policyKey = "delivery.policy";
const breakersKey = "delivery.breakers";

const Stopped = z.object({
  by: z.string(),
  at: z.string(),
  /** `restored`: locked by the guard [D32]; goes on only when somebody confirms that this is the live installation. */
  cause: z.enum(["person", "restored"]).default("person"),
  why: z.string().default(""),
  /** The id that the doubting node had in its file. */
  node: z.string().nullable().default(null),
});
export type Stopped = z.infer<typeof Stopped>;

/** Who stopped all sending and when; undefined while it runs. */
export async function findStopped(db: Queries): Promise<Stopped | undefined> {
  const row = await db.first<{ value: unknown }>(sql`select value from settings where key = ${stoppedKey}`);
  return row && Stopped.parse(row.value);
}

/** [D32] Locks all sending, whoever had stopped it for whatever reason. */
export async function lockRestored(
  tx: Queries,
  lock: { readonly why: string; readonly at: string; readonly node: string | null },
): Promise<void> {
  await keep(tx, stoppedKey, { by: "Postroad", cause: "restored", ...lock });
}

/** Stops all sending from the next batch on, or lets it go on (null). */
export async function setStopped(
  tx: Queries,
  stopped: { readonly by: string; readonly at: string } | null,
): Promise<void> {
  if (stopped === null) await tx.run(sql`delete from settings where key = ${stoppedKey}`);
  else
    await tx.run(sql`
      insert into settings (key, value) values (${stoppedKey}, ${JSON.stringify(stopped)}::jsonb) on conflict (key) do nothing`);
}

/** The policy for doubtful deliveries. */
export async function getSendingPolicy(db: Queries): Promise<SendingPolicy> {
  const row = await db.first<{ value: unknown }>(sql`select value from settings where key = ${policyKey}`);
  return SendingPolicy.parse(row?.value ?? {});
}

export async function setSendingPolicy(tx: Queries, policy: SendingPolicy): Promise<void> {
  await keep(tx, policyKey, policy);
}

/** [D30] When a mailing stops by itself. */
export async function getBreakerLimits(db: Queries): Promise<BreakerLimits> {
  const row = await db.first<{ value: unknown }>(sql`select value from settings where key = ${breakersKey}`);
  return BreakerLimits.parse(row?.value ?? {});
}

export async function setBreakerLimits(tx: Queries, limits: BreakerLimits): Promise<void> {
  await keep(tx, breakersKey, limits);
}

async function keep(tx: Queries, key: string, value: unknown): Promise<void> {
  await tx.run(sql`
    insert into settings (key, value) values (${key}, ${JSON.stringify(value)}::jsonb)
    on conflict (key) do update set value = excluded.value, updated_at = now()`);
}
