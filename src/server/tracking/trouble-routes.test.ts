import { afterEach, beforeEach, expect, test } from "vitest";
import { createTestProduct, type TestProduct } from "#test/product.ts";
import { sql } from "../platform/index.ts";

let running: TestProduct;
beforeEach(async () => {
  running = await createTestProduct();
});
afterEach(() => running.stop());

test("[T45] what was lost, and who is silent, is listed until somebody has seen it; what comes anew is listed again", async () => {
  const { db } = running;
  await db.run(sql`insert into lost_hits (host, hits) values ('track1', 12)`);
  await db.run(sql`
    insert into opt_out_takers (name, node, heard_at, missed_at) values
      ('web1-4711-0a', 'a', now(), null),
      ('web2-4711-0b', 'b', now() - interval '20 seconds', now() - interval '5 seconds'),
      ('web3-4711-0c', 'c', now() - interval '1 hour', now() - interval '10 minutes')`);
  const analyst = await running.as("analyst");
  const listed = await analyst.request("GET", "/api/tracking/troubles");
  expect(listed.body).toMatchObject({
    lost: [{ host: "track1", hits: 12 }],
    silent: [
      { host: "web2", isWaitedFor: true },
      { host: "web3", isWaitedFor: false },
    ],
  });
  const { at } = listed.body as { at: string };
  // One more is lost after the list was shown.
  await db.run(
    sql`insert into lost_hits (host, hits, until_at) values ('track2', 1, now() + interval '1 second')`,
  );
  const marketer = await running.as("marketer");
  expect((await marketer.request("POST", "/api/tracking/troubles/seen", { at })).status).toBe(200);
  expect((await analyst.request("GET", "/api/tracking/troubles")).body).toMatchObject({
    lost: [{ host: "track2", hits: 1 }],
    silent: [{ host: "web2", isWaitedFor: true }],
  });
});
