import { fork } from "node:child_process";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { mintTokens } from "#core/tracking/tokens.ts";
import { manualClock, sql } from "#server/platform/index.ts";
import { aMailing, someContacts } from "#test/mailings.ts";
import { createTestProduct, type TestProduct } from "#test/product.ts";
import { reviewAll } from "../../cli/reclassify.ts";
import { reviewStep, verifyTracking } from "./index.ts";
import { lockInteractions } from "./record-interactions.ts";

const start = new Date("2026-03-02T09:00:00Z");
const chrome =
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36";
const quiet = () => undefined;

let world: TestProduct;
let clock: ReturnType<typeof manualClock>;
beforeEach(async () => {
  clock = manualClock(start);
  world = await createTestProduct({ clock });
});
afterEach(() => world.stop());

type Step = { readonly after?: number; readonly to?: number; readonly link?: number; readonly ip?: string };

/** Sends a mailing to so many recipients and plays what happens to it; everything is judged as it comes. */
async function play(recipients: number, steps: readonly Step[], flushEvery = steps.length): Promise<string> {
  const name = `m${clock.now().getTime()}`;
  const contactIds = await someContacts(
    world.db,
    Array.from({ length: recipients }, (_, place) => `${name}.${place}@example.com`),
  );
  const mailing = await aMailing(world.db, {
    contactIds,
    acceptedAt: clock.now(),
    links: [1, 2, 3].map((number) => ({ number, url: `https://shop.example.com/${number}` })),
  });
  const { keys, flush } = world.product.tracking;
  const flushAll = async () => {
    while ((await flush()) > 0);
  };
  for (const [place, { after = 0, to = 0, link, ip = "192.0.2.1" }] of steps.entries()) {
    clock.advance(after * 1000);
    const { read } = mintTokens(mailing.deliveryIds[to] ?? "", keys.current(), keys.mac);
    await world.product.app.inject({
      url: link === undefined ? `/o/${read}.gif` : `/c/${read}/${link}`,
      headers: { "user-agent": chrome },
      remoteAddress: ip,
    });
    if ((place + 1) % flushEvery === 0) {
      clock.advance(6000);
      await flushAll();
    }
  }
  clock.advance(6000);
  await flushAll();
  return mailing.mailingId;
}

async function setNetworks(...networks: string[]): Promise<void> {
  const owner = await world.as("owner");
  const answer = await owner.request("PUT", "/api/tracking/rules", { networks, hiddenLink: false });
  expect(answer.status).toBe(200);
}

/** What is kept of hits and of their numbers, without what only says when they were judged. */
async function everything() {
  const hits = await world.db.rows(sql`
    select hit_id, kind, agent, regexp_replace(evidence, '^v[0-9]+ ', '') as why, is_first, is_first_of_kind
    from interactions order by hit_id`);
  const totals = await world.db.rows(sql`select * from interaction_totals order by 1, 2, 3, 4`);
  const hours = await world.db.rows(sql`select * from interaction_hours order by 1, 2, 3, 4`);
  return { hits, totals, hours };
}
const news = () => world.db.rows(sql`select id, payload from news order by id`);
const verdicts = async () =>
  (
    await world.db.rows<{ what: string }>(
      sql`select concat_ws(' ', kind, agent) as what from interactions order by at, id`,
    )
  ).map(({ what }) => what);

/** Two recipients of whom one is scanned from 203.0.113.0/24 before and after clicking; a beacon between. */
const mixed: readonly Step[] = [
  { after: 60, link: 1, ip: "203.0.113.8" },
  { after: 60, link: 1 },
  { after: 60, ip: "203.0.113.8" },
  { after: 4000 },
  { after: 60, to: 1, link: 2, ip: "203.0.113.8" },
  { after: 60, link: 2, ip: "203.0.113.8" },
];

describe("[T55] judging again", () => {
  test("makes what was judged by old rules what it would be by those that hold now, numbers and all", async () => {
    await play(2, mixed);
    await play(2, mixed);
    const before = await everything();
    const told = await news();
    await setNetworks("203.0.113.0/24");
    expect(await reviewAll(world.db, undefined, quiet)).toBe(true);
    const after = await everything();
    expect(await verifyTracking(world.db)).toEqual([]);
    expect(await verdicts()).toEqual([
      ...["click machine", "click human", "open machine", "open human", "click machine", "click machine"],
      ...["click machine", "click human", "open machine", "open human", "click machine", "click machine"],
    ]);
    expect(after).not.toEqual(before);
    expect(await news()).toEqual(told);

    await setNetworks();
    await reviewAll(world.db, undefined, quiet);
    expect(await everything()).toEqual(before);
    expect(await news()).toEqual(told);
  });

  test("gives the same as if everything had been judged by the new rules at once", async () => {
    await setNetworks("203.0.113.0/24");
    await play(2, mixed);
    const judgedNow = await everything();
    await setNetworks();
    await reviewAll(world.db, undefined, quiet);
    await setNetworks("203.0.113.0/24");
    await reviewAll(world.db, undefined, quiet);
    expect(await everything()).toEqual(judgedNow);
  });

  test("changes nothing where the rules would say the same, not even a row", async () => {
    await play(2, mixed);
    const rows = () => world.db.rows(sql`select xmin, ctid, * from interactions order by id`);
    const before = await rows();
    await reviewAll(world.db, undefined, quiet);
    expect(await rows()).toEqual(before);
  });

  test("[T53] sees with hindsight a crowd of which only the end was seen as it came", async () => {
    const steps = Array.from({ length: 55 }, (_, to) => ({ after: 0.5, to, link: 1, ip: "198.51.100.9" }));
    const flushedSoon = Math.ceil(steps.length / 2);
    await play(55, steps, flushedSoon);
    expect(new Set(await verdicts())).toEqual(new Set(["click human", "click machine"]));
    await reviewAll(world.db, undefined, quiet);
    expect(new Set(await verdicts())).toEqual(new Set(["click machine"]));
    expect(await verifyTracking(world.db)).toEqual([]);
    expect(await world.db.rows(sql`select * from hit_crowds`)).toEqual([]);
  });

  test("since a day leaves alone what was before", async () => {
    await play(1, [{ after: 60, link: 1, ip: "203.0.113.8" }]);
    clock.advance(3 * 86_400_000);
    await play(1, [{ after: 60, link: 1, ip: "203.0.113.8" }]);
    await setNetworks("203.0.113.0/24");
    await reviewAll(world.db, "2026-03-04", quiet);
    expect(await verdicts()).toEqual(["click human", "click machine"]);
    expect(await verifyTracking(world.db)).toEqual([]);
  });

  test("begins anew when the rules change under way, and is one at a time", async () => {
    await play(2, mixed);
    const owner = await world.as("owner");
    expect((await owner.request("POST", "/api/tracking/review", {})).status).toBe(200);
    expect(await owner.request("POST", "/api/tracking/review", {})).toMatchObject({
      status: 409,
      body: { code: "tracking.review-running" },
    });
    await reviewStep(world.db);
    await setNetworks("203.0.113.0/24");
    await world.runJobs();
    expect((await verdicts())[0]).toBe("click machine");
    const { body } = await owner.request("GET", "/api/tracking/rules");
    expect(body).toMatchObject({
      rules: { networks: ["203.0.113.0/24"] },
      review: { state: "finished", progress: 1, judged: 6, changed: 4 },
    });
  });

  test("is cancelled by an admin, and by no analyst begun", async () => {
    await play(2, mixed);
    const admin = await world.as("admin");
    const analyst = await world.as("analyst");
    expect((await analyst.request("POST", "/api/tracking/review", {})).status).toBe(403);
    expect((await admin.request("DELETE", "/api/tracking/review")).status).toBe(409);
    await admin.request("POST", "/api/tracking/review", { since: "2026-03-01" });
    expect((await admin.request("DELETE", "/api/tracking/review")).status).toBe(200);
    await world.runJobs();
    expect((await admin.request("GET", "/api/tracking/rules")).body).toMatchObject({
      review: { state: "cancelled", judged: 0, since: "2026-03-01T00:00:00.000Z" },
    });
    const log = await world.db.rows<{ action: string }>(
      sql`select action from audit_log where action like 'hits.%' order by id`,
    );
    expect(log.map(({ action }) => action)).toEqual(["hits.review-started", "hits.review-cancelled"]);
  });

  test("goes on after its process was killed in the middle, and ends where it would have", async () => {
    for (let mailing = 0; mailing < 3; mailing++) await play(600, manyHits);
    await setNetworks("203.0.113.0/24");
    const owner = await world.as("owner");
    await owner.request("POST", "/api/tracking/review", {});
    const judged = async () =>
      (await world.db.first<{ judged: string }>(sql`select judged from hit_reviews`))?.judged ?? "0";
    while ((await judged()) === "0") await reviewStep(world.db);
    await world.db.transaction(async (tx) => {
      await lockInteractions(tx);
      const child = fork(new URL("../../../test/support/review-main.ts", import.meta.url), [
        world.databaseUrl,
      ]);
      const died = new Promise((resolve) => child.once("exit", resolve));
      const isInside = () =>
        tx.first(sql`select 1 as found from pg_locks where locktype = 'advisory' and not granted`);
      await expect.poll(isInside, { timeout: 20_000 }).toBeDefined();
      child.kill("SIGKILL");
      await died;
    });
    expect(await judged()).toBe("500");
    expect(await verifyTracking(world.db)).toEqual([]);
    await reviewAll(world.db, undefined, quiet);
    expect(await verifyTracking(world.db)).toEqual([]);
    const left = await world.db.first<{ people: number }>(
      sql`select count(*)::integer as people from interactions where ip = '203.0.113.8' and agent = 'human'`,
    );
    expect(left?.people).toBe(0);
    expect((await verdicts()).filter((what) => what.endsWith("human")).length).toBe(900);
  });
});

/** Every recipient opens from one of two addresses, half a second apart. */
const manyHits: readonly Step[] = Array.from({ length: 600 }, (_, to) => ({
  after: 2.5,
  to,
  ip: to % 2 === 0 ? "203.0.113.8" : "192.0.2.1",
}));
