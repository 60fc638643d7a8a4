import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { mintTokens } from "#core/tracking/tokens.ts";
import { compose, type Product, type Stop } from "#server/compose.ts";
import { openDatabase, type Platform, readConfig, sql } from "#server/platform/index.ts";
import { createTestPlatform, until } from "#test/mailing.ts";
import { aMailing, someContacts } from "#test/mailings.ts";
import { type SeverableDatabase, severable } from "#test/severable-database.ts";
import { fillDisk, mountSmallDisk } from "#test/small-disk.ts";

const browser =
  "Mozilla/5.0 (X11; Linux x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36";

let platform: Awaited<ReturnType<typeof createTestPlatform>>;
let door: SeverableDatabase;
let trackers: Platform;
let product: Product | undefined;
let stop: Stop = async () => {};
let mounted: string | undefined;
let hitsFolder: string;

beforeEach(async () => {
  platform = await createTestPlatform();
  door = await severable(platform.databaseUrl);
  const { dataDirectory } = platform.config;
  const config = readConfig({ POSTROAD_DATA: dataDirectory, POSTROAD_HIT_JOURNAL_MB: "1" });
  trackers = { ...platform, config, db: openDatabase(door.url, platform.log) };
  hitsFolder = join(dataDirectory, "hits");
  mkdirSync(hitsFolder, { recursive: true });
});
afterEach(async () => {
  await stop();
  stop = async () => {};
  await product?.app.close();
  product = undefined;
  await trackers.db.close();
  await door.close();
  if (mounted) execFileSync("umount", [mounted]);
  mounted = undefined;
  await platform.drop();
});

async function startTracker(): Promise<void> {
  product = await compose(trackers);
  stop = product.start(["tracker"]);
}

async function aSentMailing(people: number) {
  const emails = Array.from({ length: people }, (_, n) => `c${n}@example.com`);
  const contactIds = await someContacts(platform.db, emails);
  const links = [{ number: 1, url: "https://shop.example.com/" }];
  const { deliveryIds } = await aMailing(platform.db, { contactIds, links });
  await product?.tracking.refreshLinks();
  const keys = product?.tracking.keys;
  return deliveryIds.map((id) => mintTokens(id, keys?.current() ?? 0, keys?.mac ?? (() => undefined)));
}

const get = async (url: string) =>
  (await product?.app.inject({ method: "GET", url, headers: { "user-agent": browser } }))?.statusCode;
const unsubscribe = async (manage = "") => {
  const answer = await product?.app.inject({
    method: "POST",
    url: `/u/${manage}`,
    headers: { "content-type": "application/x-www-form-urlencoded" },
    payload: "List-Unsubscribe=One-Click",
  });
  return [answer?.statusCode, answer?.headers["retry-after"]];
};
const lostHits = async () =>
  Number(
    (await platform.db.first<{ hits: string }>(sql`select sum(hits) as hits from lost_hits`))?.hits ?? 0,
  );
const counted = async (kind: string) =>
  Number(
    (await platform.db.first<{ count: string }>(sql`select count(*) from interactions where kind = ${kind}`))
      ?.count,
  );

test("[T45] F-49: on a full disk links lead on, hits are counted as lost, and an unsubscribe is applied or honestly refused", async (context) => {
  if (!mountSmallDisk(hitsFolder, "2m")) return context.skip("only root may mount a small disk");
  mounted = hitsFolder;
  await startTracker();
  const [ana, ben, cleo] = await aSentMailing(3);
  expect(await get(`/o/${ana?.read}.gif`)).toBe(200);
  await until("one is counted", async () => (await counted("open")) === 1);

  const ballast = join(hitsFolder, "ballast");
  fillDisk(ballast);
  // The page that the journal has begun takes the first of them.
  for (let n = 0; n < 20; n++) {
    expect(await get(`/o/${ben?.read}.gif`)).toBe(200);
    expect(await get(`/c/${ben?.read}/1`)).toBe(302);
  }
  const known = async () => (await counted("open")) + (await counted("click")) + (await lostHits());
  await until("each is counted or known as lost", async () => (await known()) === 41);
  expect(await lostHits()).toBeGreaterThan(20);
  // Trying again and again leaves no heap of empty files.
  expect(readdirSync(hitsFolder).filter((name) => name.endsWith(".log")).length).toBeLessThan(4);
  expect(await unsubscribe(ben?.manage)).toEqual([200, undefined]);
  await door.sever();
  expect(await unsubscribe(cleo?.manage)).toEqual([503, "30"]);
  await door.restore();
  expect(await platform.db.rows(sql`select address_key from consents where not granted`)).toEqual([
    { address_key: "c1@example.com" },
  ]);

  rmSync(ballast);
  const before = await counted("open");
  await until("hits are kept again", async () => {
    await get(`/o/${cleo?.read}.gif`);
    return (await counted("open")) > before;
  });
});

test("[T45] a journal that has reached its size keeps what it has and counts what it had to let go", async () => {
  await startTracker();
  const people = await aSentMailing(200);
  await door.sever();
  let answered = 0;
  // About 300 bytes a hit: more than a mebibyte.
  for (let round = 0; round < 25; round++)
    for (const status of await Promise.all(people.map(({ read }) => get(`/o/${read}.gif`))))
      if (status === 200) answered++;
  expect(answered).toBe(5000);
  const ana = people[0];
  expect(await unsubscribe(ana?.manage)).toEqual([200, undefined]);
  await door.restore();
  await until(
    "nothing waits any more",
    async () => (await counted("open")) + (await lostHits()) === answered,
  );
  expect(await lostHits()).toBeGreaterThan(100);
  expect(await counted("open")).toBeGreaterThan(2000);
  expect(await counted("unsubscribe")).toBe(1);
});
