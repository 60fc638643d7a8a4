import { z } from "zod";
import { BreakerLimits } from "#core/delivery/breakers.ts";
import { SendingPolicy } from "#core/delivery/sending-policy.ts";
import { type Queries, sql } from "../platform/index.ts";
import { holdLate } from "./hold-late.ts";

/** [D15] How long a delivery is tried, in milliseconds. */
export const patienceOf = ({ giveUpAfterHours }: SendingPolicy): number => giveUpAfterHours * 3_600_000;

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

/** Stops all sending from the next batch on. */
export async function beginStop(
  tx: Queries,
  stopped: { readonly by: string; readonly at: string },
): Promise<void> {
  await tx.run(sql`
    insert into settings (key, value) values (${stoppedKey}, ${JSON.stringify(stopped)}::jsonb) on conflict (key) do nothing`);
}

/** [D72] Lets all sending go on, and holds what would leave late after that. */
export async function endStop(tx: Queries): Promise<void> {
  const row = await tx.first<{ since: Date }>(
    sql`select updated_at as since from settings where key = ${stoppedKey}`,
  );
  if (row) await holdLate(tx, { since: row.since });
  await tx.run(sql`delete from settings where key = ${stoppedKey}`);
}

/** The policy for doubtful, late and undeliverable mail. */
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
