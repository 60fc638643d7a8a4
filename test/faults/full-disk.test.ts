import { execFileSync } from "node:child_process";
import { readdirSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { sql } from "#server/platform/index.ts";
import { until } from "#test/mailing.ts";
import { fillDisk, mountSmallDisk } from "#test/small-disk.ts";
import { createFaultWorld, type FaultWorld } from "./fault-world.ts";

let world: FaultWorld | undefined;
let mounted: string | undefined;
afterEach(async () => {
  // Its files are closed before the disk goes.
  await world?.stopAll();
  if (mounted) execFileSync("umount", [mounted]);
  mounted = undefined;
  await world?.close();
});

const troublesOf = ({ platform }: FaultWorld) =>
  platform.db.rows<{ phase: string; message: string }>(sql`select phase, message from route_troubles`);

/** Waits until the route rests because nothing can be noted; then nothing was sent and nobody charged. */
async function expectRest(resting: FaultWorld): Promise<void> {
  const { db } = resting.platform;
  await until("the trouble is visible", async () => (await troublesOf(resting)).length === 1);
  expect(await troublesOf(resting)).toEqual([
    { phase: "journal", message: expect.stringMatching(/cannot be noted on the disk: .+/) },
  ]);
  expect(await db.rows(sql`select from delivery_retries`)).toEqual([]);
}

test("[D60] F-29: on a full disk a sender begins nothing, says why, and goes on as soon as there is room", async (context) => {
  world = await createFaultWorld({ recipients: 300 });
  const { platform, log } = world;
  const directory = join(platform.config.dataDirectory, "journal");
  if (!mountSmallDisk(directory, "5m")) return context.skip("only root may mount a small disk");
  mounted = directory;
  const ballast = join(directory, "ballast");
  fillDisk(ballast);
  expect(statfsSync(directory).bavail).toBe(0);
  world.startHere();
  await expectRest(world);
  expect(log.accepted()).toBe(0);
  expect(await platform.db.rows(sql`select from delivery_snapshots`)).toEqual([]);

  rmSync(ballast);
  expect(await world.expectSound({ ambiguous: 0 })).toEqual({ queued: 300, accepted: 300 });
  expect(await troublesOf(world)).toEqual([]);
});

test("[D60] F-29: a disk that fills up in the middle of a mailing stops it before any further dot, with nothing in doubt", async (context) => {
  world = await createFaultWorld({ recipients: 1500 });
  const { platform, log } = world;
  const directory = join(platform.config.dataDirectory, "journal");
  if (!mountSmallDisk(directory, "5m")) return context.skip("only root may mount a small disk");
  mounted = directory;
  world.startHere();
  await until("it sends", async () => log.accepted() > 50);
  // The journal has its size already: only a hole in it can want room.
  const [journal] = readdirSync(directory);
  execFileSync("fallocate", [
    "--punch-hole",
    "--offset",
    "0",
    "--length",
    "4MiB",
    join(directory, journal ?? ""),
  ]);
  fillDisk(join(directory, "ballast"));
  await expectRest(world);
  expect(log.accepted()).toBeLessThan(1500);
  rmSync(join(directory, "ballast"));
  expect(await world.expectSound({ ambiguous: 0 })).toEqual({ queued: 1500, accepted: 1500 });
  expect(await platform.db.rows(sql`select from delivery_log where attempts <> 1`)).toEqual([]);
});

test("[D60] F-29: a journal that cannot be made at all stops no process, and mail leaves once it can", async () => {
  world = await createFaultWorld({ recipients: 50 });
  const directory = join(world.platform.config.dataDirectory, "journal");
  writeFileSync(directory, "in the way");
  world.startHere();
  await expectRest(world);
  expect(world.log.accepted()).toBe(0);
  rmSync(directory);
  expect(await world.expectSound({ ambiguous: 0 })).toEqual({ queued: 50, accepted: 50 });
});
