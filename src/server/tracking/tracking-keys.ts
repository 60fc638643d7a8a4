import { createHmac, createSecretKey, type KeyObject, randomBytes } from "node:crypto";
import type { Mac } from "#core/tracking/tokens.ts";
import { isDatabaseAway, type Platform, sql } from "../platform/index.ts";
import { type KeptKey, keepKeysIn } from "./kept-keys.ts";

/** The secrets behind every link in every message ever sent. Old keys verify for ever; the newest settled one signs. */
export type TrackingKeys = {
  /** HMAC-SHA-512 with the named key; undefined for a key that this process does not know. */
  readonly mac: Mac;
  /** The key to sign with now. */
  readonly current: () => number;
  /** Makes a new key, which signs from a minute later on, when every process has heard of it. Returns its id. */
  readonly rotate: () => Promise<number>;
  /** Reads the keys again. */
  readonly refresh: () => Promise<void>;
  /** Keeps up with other processes until stopped. */
  readonly start: () => () => Promise<void>;
};

type Key = { readonly secret: KeyObject; readonly isSettled: boolean };

const refreshMilliseconds = 20_000;
const sealPurpose = (kid: number) => `tracking-key/${kid}`;

/**
 * Loads the tracking keys, making the first one at first start. [T44] With a file to keep them in, a process that starts while the
 * database is away takes those that the last one knew.
 */
export async function loadTrackingKeys(
  platform: Pick<Platform, "db" | "secrets" | "log">,
  keptIn?: string,
): Promise<TrackingKeys> {
  const { db, secrets, log } = platform;
  let keys = new Map<number, Key>();
  let current = 1;
  const kept = keptIn === undefined ? undefined : keepKeysIn(keptIn, secrets);

  const newBox = (kid: number) => secrets.seal(randomBytes(64), sealPurpose(kid));

  async function refresh(): Promise<void> {
    const rows = await db.rows<KeptKey>(sql`
      select kid, secret_box as box, created_at < now() - interval '1 minute' as "isSettled" from tracking_keys order by kid`);
    takeUp(rows);
    // A full disk is no reason to stop: they are there.
    await kept
      ?.keep(rows)
      .catch((error: unknown) =>
        log.warn(
          { reason: String(error) },
          "tracking keys could not be kept for a start without the database",
        ),
      );
  }

  function takeUp(rows: readonly KeptKey[]): void {
    const next = new Map<number, Key>();
    for (const { kid, box, isSettled } of rows)
      next.set(kid, {
        secret: keys.get(kid)?.secret ?? createSecretKey(secrets.open(box, sealPurpose(kid))),
        isSettled,
      });
    keys = next;
    const settled = [...keys].filter(([, key]) => key.isSettled).map(([kid]) => kid);
    current = settled.at(-1) ?? Math.min(...keys.keys());
  }

  try {
    await db.run(sql`
      insert into tracking_keys (kid, secret_box) select 1, ${newBox(1)}
      where not exists (select from tracking_keys) on conflict do nothing`);
    await refresh();
  } catch (error) {
    const known = isDatabaseAway(error) ? await kept?.read() : undefined;
    if (!known || known.length === 0) throw error;
    takeUp(known);
  }

  return {
    mac: (kid, input) => {
      const key = keys.get(kid);
      return key && createHmac("sha512", key.secret).update(input).digest();
    },
    current: () => current,
    async rotate() {
      const kid = await db.transaction(async (tx) => {
        await tx.run(sql`lock table tracking_keys in share row exclusive mode`);
        const last = await tx.first<{ kid: number }>(sql`select max(kid) as kid from tracking_keys`);
        const next = (last?.kid ?? 0) + 1;
        if (next > 255) throw new Error("A token names its key in one byte, and all 255 are used.");
        await tx.run(sql`insert into tracking_keys (kid, secret_box) values (${next}, ${newBox(next)})`);
        return next;
      });
      await refresh();
      return kid;
    },
    refresh,
    start() {
      const timer = setInterval(
        () =>
          void refresh().catch((error: unknown) =>
            log.warn({ reason: String(error) }, "tracking keys could not be read again"),
          ),
        refreshMilliseconds,
      );
      return async () => clearInterval(timer);
    },
  };
}
