import { afterEach, beforeEach, expect, test } from "vitest";
import { type HostileSink, startHostileSink } from "#test/hostile-sink.ts";
import { aMailingToAll, someContacts, totalsOf, until, untilSettled } from "#test/mailing.ts";
import { type Agent, createTestProduct, type TestProduct } from "#test/product.ts";
import { sql } from "../platform/index.ts";
import { largestMessage } from "../senders/index.ts";
import { loadTrackingKeys } from "../tracking/index.ts";
import { startSender } from "./index.ts";

let product: TestProduct;
let admin: Agent;
let stop: (() => Promise<void>) | undefined;
const sinks: HostileSink[] = [];

beforeEach(async () => {
  product = await createTestProduct();
  admin = await product.as("admin");
  stop = undefined;
});
afterEach(async () => {
  await stop?.();
  await Promise.all(sinks.splice(0).map((sink) => sink.close()));
  await product.stop();
});

/** A server that says how large a message may be, with a route to it. */
async function aServer(size: number | null, weight: number): Promise<{ sink: HostileSink; id: string }> {
  const offers = size === null ? ["PIPELINING"] : ["PIPELINING", `SIZE ${size}`];
  const sink = await startHostileSink({ offers });
  sinks.push(sink);
  const { body } = await admin.request("POST", "/api/routes", {
    name: `Takes ${size}`,
    host: "127.0.0.1",
    port: sink.port,
    tls: "none",
    weight,
  });
  return { sink, id: (body as { id: string }).id };
}

async function send(contacts: number): Promise<string> {
  await someContacts(product.db, contacts);
  const mailing = await aMailingToAll(product.db);
  stop = startSender(product.platform, {
    keys: await loadTrackingKeys(product.platform),
    pollMilliseconds: 50,
    stopMilliseconds: 2000,
  });
  return mailing;
}

const mails = ({ commands }: HostileSink) => commands.filter((line) => line.startsWith("MAIL"));

test("[D114] what is too large for one route goes by another that takes it, and that is no attempt", async () => {
  const small = await aServer(500, 1);
  const big = await aServer(1_000_000, 1);
  await admin.request("POST", `/api/routes/${small.id}/default`);
  const mailing = await send(20);
  await untilSettled(product.db, mailing);
  expect(await totalsOf(product.db, mailing)).toMatchObject({ accepted: 20 });
  expect(mails(small.sink)).toEqual([]);
  expect(big.sink.received).toHaveLength(20);
  expect(await product.db.rows(sql`select distinct attempts from delivery_log`)).toEqual([{ attempts: 1 }]);
  await until("both limits are known", async () => (await largestMessage(product.db)) === 1_000_000);
  expect((await admin.request("GET", "/api/sending/verify")).body).toEqual({ holds: true, problems: [] });
});

test("[D114] what no route takes is refused as too large before anything is said to the server", async () => {
  const { sink, id } = await aServer(500, 1);
  await admin.request("POST", `/api/routes/${id}/default`);
  const mailing = await send(3);
  await untilSettled(product.db, mailing);
  expect(mails(sink)).toEqual([]);
  expect(await product.db.rows(sql`select distinct outcome, reason, enhanced from delivery_log`)).toEqual([
    { outcome: "refused", reason: "too-large", enhanced: "5.3.4" },
  ]);
  expect(await product.db.rows(sql`select from suppressions`)).toEqual([]);
});

test("[D114] a limit is shown once the connection was tried, and forgotten with the server", async () => {
  const { id } = await aServer(35_000_000, 0);
  const other = await aServer(null, 0);
  await admin.request("POST", `/api/routes/${id}/default`);
  const limits = async () => {
    const { body } = await admin.request("GET", "/api/routes");
    const { items } = body as { items: { name: string; sizeLimit: number | null }[] };
    return Object.fromEntries(items.map(({ name, sizeLimit }) => [name, sizeLimit]));
  };
  expect(await limits()).toMatchObject({ "Takes 35000000": null });
  expect(await largestMessage(product.db)).toBeNull();
  for (const each of [id, other.id])
    expect((await admin.request("POST", `/api/routes/${each}/test`)).body).toMatchObject({ works: true });
  expect(await limits()).toMatchObject({ "Takes 35000000": 35_000_000, "Takes null": null });
  expect(await largestMessage(product.db)).toBe(35_000_000);
  await admin.request("PATCH", `/api/routes/${id}`, { host: "localhost" });
  expect(await limits()).toMatchObject({ "Takes 35000000": null });
});
