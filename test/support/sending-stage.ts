import { expect } from "vitest";
import { startSender, verifyDelivery } from "#server/delivery/index.ts";
import { type HostileSink, type SinkOptions, startHostileSink } from "./hostile-sink.ts";
import { createTestPlatform, testKeys } from "./mailing.ts";

type TestPlatform = Awaited<ReturnType<typeof createTestPlatform>>;

/** Senders and sinks around a database, anew for each test of a file. */
export type SendingStage = {
  /** For beforeEach: a platform of its own. */
  readonly begin: () => Promise<TestPlatform>;
  /** For afterEach: stops everything. Whatever a test did, the books add up then [D3]. */
  readonly end: () => Promise<void>;
  /** Starts a sender; the returned function stops it. */
  readonly send: () => () => Promise<void>;
  readonly sink: (options?: SinkOptions) => Promise<HostileSink>;
};

export function createSendingStage(): SendingStage {
  let platform: TestPlatform | undefined;
  const stops: (() => Promise<void>)[] = [];
  const sinks: HostileSink[] = [];
  return {
    async begin() {
      platform = await createTestPlatform();
      return platform;
    },
    async end() {
      await Promise.all(stops.splice(0).map((stop) => stop()));
      await Promise.all(sinks.splice(0).map((sink) => sink.close()));
      if (!platform) return;
      expect(await verifyDelivery(platform.db)).toEqual([]);
      await platform.drop();
      platform = undefined;
    },
    send() {
      if (!platform) throw new Error("The stage has not begun.");
      const stop = startSender(platform, { keys: testKeys, pollMilliseconds: 50, stopMilliseconds: 2000 });
      stops.push(stop);
      return stop;
    },
    async sink(options = {}) {
      const started = await startHostileSink(options);
      sinks.push(started);
      return started;
    },
  };
}
