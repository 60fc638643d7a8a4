import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import { startSender } from "#server/delivery/index.ts";
import { type Platform, sql } from "#server/platform/index.ts";
import { passwordPurpose } from "#server/senders/find-roads.ts";
import type { Timeouts } from "#server/senders/index.ts";
import { type HostileSink, type SinkOptions, startHostileSink } from "#test/hostile-sink.ts";
import {
  aMailingToAll,
  aRoute,
  createTestPlatform,
  letDoubtsPass,
  someContacts,
  testKeys,
  totalsOf,
  until,
} from "#test/mailing.ts";
import { testCertificate } from "#test/test-certificate.ts";
import { openWitnessLog, type WitnessLog } from "#test/witness-log.ts";
import { contradictions } from "./invariants.ts";

type TestPlatform = Awaited<ReturnType<typeof createTestPlatform>>;

export type FaultWorld = {
  readonly platform: TestPlatform;
  readonly mailing: string;
  readonly recipients: number;
  readonly sink: HostileSink;
  readonly log: WitnessLog;
  /** A sender in this process, perhaps with another way to the database. The returned function stops it. */
  readonly startHere: (more?: Partial<Platform>) => () => Promise<void>;
  /** A sender as a process of its own, perhaps with another way to the database, or run by a shell that does this to it: `exec "$@"`. */
  readonly startProcess: (databaseUrl?: string, shell?: string) => ChildProcess;
  /** Phase 2: from now on the sink behaves, and nothing waits for a later time. */
  readonly heal: () => Promise<void>;
  /** Heals, waits until nothing is queued, and checks every invariant. Gives the totals by outcome. */
  readonly expectSound: (given: { readonly ambiguous: number }) => Promise<Record<string, number>>;
  /** Stops the senders of this process. */
  readonly stopAll: () => Promise<void>;
  readonly close: () => Promise<void>;
};

export type FaultWorldOptions = {
  readonly recipients: number;
  /** How the sink misbehaves until it is healed. */
  readonly faults?: Pick<SinkOptions, "react" | "cut">;
  readonly maxConnections?: number;
  readonly messagesPerSecond?: number;
  /** For tests that break the database server itself; default a database of the shared one. */
  readonly platform?: TestPlatform;
  /** The route wants STARTTLS and a password, and the sink has both. */
  readonly isSecure?: boolean;
  /** Scaled down, where a fault is a wait. */
  readonly timeouts?: Timeouts;
};

/** A database, a hostile sink with its own log, and a mailing that is enqueued: the stage on which faults are played. */
export async function createFaultWorld(options: FaultWorldOptions): Promise<FaultWorld> {
  const platform = options.platform ?? (await createTestPlatform());
  const { db } = platform;
  await letDoubtsPass(db);
  const log = openWitnessLog();
  const processes = new Set<ChildProcess>();
  const stops = new Set<() => Promise<void>>();
  let isHealed = false;
  const { faults, recipients } = options;
  const sink = await startHostileSink({
    react: (moment) => (isHealed ? undefined : faults?.react?.(moment)),
    cut: (connection) => (isHealed ? undefined : faults?.cut?.(connection)),
    witness: log.note,
    take: () => undefined,
    ...(options.isSecure
      ? { tls: testCertificate, offers: ["PIPELINING", "8BITMIME", "STARTTLS", "AUTH PLAIN"] }
      : {}),
  });
  const routeId = await aRoute(db, {
    port: sink.port,
    maxConnections: options.maxConnections ?? 4,
    ...(options.messagesPerSecond ? { messagesPerSecond: options.messagesPerSecond } : {}),
  });
  if (options.isSecure) {
    const box = platform.secrets.seal("password", passwordPurpose(routeId));
    await db.run(sql`
      update routes set tls = 'starttls-required', username = 'user', password_box = ${box},
        trusted_certificate = ${testCertificate.cert}`);
  }
  await someContacts(db, recipients);
  const mailing = await aMailingToAll(db, { kind: "transactional" });

  async function heal(): Promise<void> {
    isHealed = true;
    // A route that was changed is tried at once, whatever it did before.
    await db.run(sql`update routes set updated_at = clock_timestamp()`);
  }

  async function stopAll(): Promise<void> {
    await Promise.all([...stops].map((stop) => stop()));
    stops.clear();
  }

  return {
    platform,
    mailing,
    recipients,
    sink,
    log,
    startHere(more = {}) {
      const stop = startSender(
        { ...platform, ...more },
        {
          keys: testKeys,
          pollMilliseconds: 30,
          stopMilliseconds: 2000,
          ...(options.timeouts ? { timeouts: options.timeouts } : {}),
        },
      );
      stops.add(stop);
      return async () => {
        stops.delete(stop);
        await stop();
      };
    },
    startProcess(databaseUrl = platform.databaseUrl, shell = 'exec "$@"') {
      const child = spawn(
        "sh",
        [
          ...["-c", shell, "sh", process.execPath, "--disable-warning=ExperimentalWarning"],
          fileURLToPath(new URL("./sender-process.ts", import.meta.url)),
          databaseUrl,
          platform.config.dataDirectory,
        ],
        { stdio: ["ignore", "ignore", "inherit"] },
      );
      processes.add(child);
      child.once("exit", () => processes.delete(child));
      return child;
    },
    heal,
    async expectSound({ ambiguous }) {
      await heal();
      await until(
        "all is quiet",
        async () => {
          await db.run(sql`update delivery_retries set next_at = now() where lease_owner is null`);
          await db.run(sql`update delivery_chunks set available_at = now() where finished_at is null`);
          const row = await db.first<{ open: boolean }>(sql`
            select exists (select from delivery_chunks where finished_at is null)
                or exists (select from delivery_retries) as open`);
          return row?.open === false;
        },
        240_000,
      );
      expect(await contradictions(db, log.read(), ambiguous)).toEqual([]);
      const totals = await totalsOf(db, mailing);
      const { queued, ...fates } = totals;
      expect(queued).toBe(recipients);
      expect(Object.values(fates).reduce((sum, each) => sum + each, 0)).toBe(recipients);
      return totals;
    },
    stopAll,
    async close() {
      for (const child of processes) child.kill("SIGKILL");
      await stopAll();
      await sink.close();
      await platform.drop();
      log.remove();
    },
  };
}

/** Sends a signal and waits until the process is gone. */
export async function end(child: ChildProcess, signal: "SIGKILL" | "SIGTERM"): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill(signal);
  await gone;
}
