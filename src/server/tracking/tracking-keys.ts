import { createHmac, createSecretKey, type KeyObject, randomBytes } from "node:crypto";
import { refuse } from "#contract/errors.ts";
import type { Actor } from "#core/access/actor.ts";
import { keyStates, signingKey } from "#core/tracking/key-states.ts";
import type { Mac } from "#core/tracking/tokens.ts";
import { audit } from "../access/index.ts";
import { isDatabaseAway, type Platform, type Queries, sql } from "../platform/index.ts";
import { type KeptKey, keepKeysIn } from "./kept-keys.ts";

/** The secrets behind every link in every message ever sent. Old keys verify for ever; the newest settled one signs. */
export type TrackingKeys = {
  /** HMAC-SHA-512 with the named key; undefined for a key that this process does not know. */
  readonly mac: Mac;
  /** [T59] The same for all but unsubscribing: a retired key is as good as unknown. */
  readonly trustedMac: Mac;
  /** The key to sign with now. */
  readonly current: () => number;
  /** [T56] Makes a new key, which signs from a minute later on, when every process has heard of it. Returns its id. */
  readonly rotate: (actor: Actor) => Promise<number>;
  /** [T59] Trusts a key no longer for anything but unsubscribing. */
  readonly retire: (actor: Actor, kid: number) => Promise<void>;
  readonly list: () => Promise<ListedKeys>;
  /** Reads the keys again. */
  readonly refresh: () => Promise<void>;
  /** Keeps up with other processes until stopped. */
  readonly start: () => () => Promise<void>;
};

export type ListedKeys = {
  readonly keys: readonly (KeptKey & { readonly madeBy: string; readonly retiredBy: string | null })[];
  /** By the database's clock, in milliseconds since 1970. */
  readonly now: number;
};

type Key = { readonly secret: KeyObject; readonly isTrusted: boolean };

const refreshMilliseconds = 5000;
/** A key that nobody knows is asked for at once, but not more often than this. */
const curiosityMilliseconds = 1000;
const mostKeys = 255;
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
  let askedAt = 0;
  let users = 0;
  let timer: NodeJS.Timeout | undefined;
  const kept = keptIn === undefined ? undefined : keepKeysIn(keptIn, secrets);

  const newBox = (kid: number) => secrets.seal(randomBytes(64), sealPurpose(kid));

  async function refresh(): Promise<void> {
    const { keys: listed, now } = await listKeys(db);
    const known = listed.map(({ kid, box, createdAt, retiredAt }) => ({ kid, box, createdAt, retiredAt }));
    takeUp(known, now);
    // A full disk is no reason to stop: they are there.
    await kept
      ?.keep(known)
      .catch((error: unknown) =>
        log.warn(
          { reason: String(error) },
          "tracking keys could not be kept for a start without the database",
        ),
      );
  }

  function takeUp(known: readonly KeptKey[], now: number): void {
    const secretOf = ({ kid, box }: KeptKey) =>
      keys.get(kid)?.secret ?? createSecretKey(secrets.open(box, sealPurpose(kid)));
    keys = new Map(
      known.map((key) => [key.kid, { secret: secretOf(key), isTrusted: key.retiredAt === null }]),
    );
    current = signingKey(known, now) ?? current;
  }

  const refreshSoon = () =>
    void refresh().catch((error: unknown) =>
      log.warn({ reason: String(error) }, "tracking keys could not be read again"),
    );

  function find(kid: number): Key | undefined {
    const key = keys.get(kid);
    if (!key && kid > 0 && kid <= keys.size + 1 && Date.now() - askedAt > curiosityMilliseconds) {
      askedAt = Date.now();
      refreshSoon();
    }
    return key;
  }

  const macOf = (key: Key | undefined, input: Uint8Array) =>
    key && createHmac("sha512", key.secret).update(input).digest();

  try {
    await db.run(sql`
      insert into tracking_keys (kid, secret_box) select 1, ${newBox(1)}
      where not exists (select from tracking_keys) on conflict do nothing`);
    await refresh();
  } catch (error) {
    const known = isDatabaseAway(error) ? await kept?.read() : undefined;
    if (!known || known.length === 0) throw error;
    takeUp(known, Date.now());
  }

  return {
    mac: (kid, input) => macOf(find(kid), input),
    trustedMac: (kid, input) => {
      const key = find(kid);
      return key?.isTrusted ? macOf(key, input) : undefined;
    },
    current: () => current,
    list: () => listKeys(db),
    async rotate(actor) {
      const kid = await db.transaction(async (tx) => {
        await tx.run(sql`lock table tracking_keys in share row exclusive mode`);
        const { keys: known, now } = await listKeys(tx);
        if ([...keyStates(known, now).values()].some(({ state }) => state === "waiting"))
          refuse("tracking.key-waiting");
        const next = Math.max(0, ...known.map((key) => key.kid)) + 1;
        // A token names its key in one byte.
        if (next > mostKeys) refuse("tracking.keys-used-up");
        await tx.run(sql`
          insert into tracking_keys (kid, secret_box, actor_label, created_at)
          values (${next}, ${newBox(next)}, ${actor.label}, clock_timestamp())`);
        await audit(tx, actor, { action: "tracking-key.made", details: { kid: next } });
        return next;
      });
      await refresh();
      return kid;
    },
    async retire(actor, kid) {
      await db.transaction(async (tx) => {
        await tx.run(sql`lock table tracking_keys in share row exclusive mode`);
        const { keys: known, now } = await listKeys(tx);
        const state = keyStates(known, now).get(kid) ?? refuse("tracking.no-such-key");
        if (!state.canRetire) refuse("tracking.key-in-use", { state: state.state });
        await tx.run(
          sql`update tracking_keys set retired_at = now(), retired_by = ${actor.label} where kid = ${kid}`,
        );
        await audit(tx, actor, { action: "tracking-key.retired", details: { kid } });
      });
      await refresh();
    },
    refresh,
    start() {
      if (users++ === 0) timer = setInterval(refreshSoon, refreshMilliseconds);
      return async () => {
        if (--users === 0) clearInterval(timer);
      };
    },
  };
}

async function listKeys(db: Queries): Promise<ListedKeys> {
  type Row = {
    kid: number;
    box: Buffer;
    createdAt: Date;
    retiredAt: Date | null;
    madeBy: string;
    retiredBy: string | null;
    now: Date;
  };
  const rows = await db.rows<Row>(sql`
    select kid, secret_box as box, created_at as "createdAt", retired_at as "retiredAt", actor_label as "madeBy", retired_by as "retiredBy",
           clock_timestamp() as now
    from tracking_keys order by kid`);
  return {
    keys: rows.map(({ kid, box, createdAt, retiredAt, madeBy, retiredBy }) => ({
      ...{ kid, box, madeBy, retiredBy },
      createdAt: createdAt.getTime(),
      retiredAt: retiredAt?.getTime() ?? null,
    })),
    now: rows[0]?.now.getTime() ?? 0,
  };
}
