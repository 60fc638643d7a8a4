import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { mintTokens } from "#core/tracking/tokens.ts";
import { createLog, createSecrets, loadInstanceKey, sql } from "#server/platform/index.ts";
import { loadTrackingKeys } from "#server/tracking/index.ts";
import { createTestDatabase, type TestDatabase } from "#test/database.ts";
import { until } from "#test/mailing.ts";
import { aMailing, someContacts } from "#test/mailings.ts";
import { type RunningProduct, startProduct } from "#test/running-product.ts";
import { type SeverableDatabase, severable } from "#test/severable-database.ts";

const browser =
  "Mozilla/5.0 (X11; Linux x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36";

let database: TestDatabase;
let door: SeverableDatabase;
let data: string;
let product: RunningProduct | undefined;
beforeEach(async () => {
  database = await createTestDatabase();
  door = await severable(database.url);
  data = mkdtempSync(join(tmpdir(), "postroad-alone-"));
});
afterEach(async () => {
  await product?.stop();
  product = undefined;
  await door.close();
  await database.drop();
  rmSync(data, { recursive: true, force: true });
});

async function startRoles(roles: string): Promise<RunningProduct> {
  const env = { DATABASE_URL: door.url, POSTROAD_MAILBOX_SMTP_PORT: "3025" };
  product = await startProduct(data, env, ["--role", roles]);
  return product;
}

async function aSentMailing() {
  const contactIds = await someContacts(database.db, ["ana@example.com", "ben@example.com"]);
  const links = [{ number: 1, url: "https://shop.example.com/" }];
  const { deliveryIds } = await aMailing(database.db, { contactIds, links });
  const secrets = createSecrets(loadInstanceKey(join(data, "instance.key")));
  const keys = await loadTrackingKeys({ db: database.db, secrets, log: createLog("silent") });
  return deliveryIds.map((id) => mintTokens(id, keys.current(), keys.mac));
}

const ask = (path: string, init: RequestInit = {}) =>
  fetch(`${product?.address}${path}`, { redirect: "manual", headers: { "user-agent": browser }, ...init });
const knowsLinks = () => readdirSync(join(data, "tracking")).some((name) => /^links-\d+\.json$/.test(name));
const kinds = async () =>
  (await database.db.rows<{ kind: string }>(sql`select kind from interactions order by kind`)).map(
    ({ kind }) => kind,
  );
const takers = () => database.db.rows(sql`select from opt_out_takers`);

test("[T44] F-49: a tracker that starts while the database is away answers from its disk, and all of it counts later, kill -9 or not", async () => {
  await startRoles("tracker");
  const [ana, ben] = await aSentMailing();
  await until("it knows the links", async () => knowsLinks() && (await takers()).length === 1);
  await product?.kill();

  await door.sever();
  await startRoles("tracker");
  expect(product?.output()).toContain("the database is away");
  expect((await ask(`/c/${ana?.read}/1`)).headers.get("location")).toBe("https://shop.example.com/");
  expect((await ask(`/o/${ana?.read}.gif`)).status).toBe(200);
  const oneClick = { method: "POST", body: new URLSearchParams({ "List-Unsubscribe": "One-Click" }) };
  expect((await ask(`/u/${ana?.manage}`, oneClick)).status).toBe(200);
  await product?.kill();
  await startRoles("tracker");
  expect((await ask(`/u/${ben?.manage}`, oneClick)).status).toBe(200);
  expect(await kinds()).toEqual([]);
  const [returned = { now: new Date(0) }] = await database.db.rows<{ now: Date }>(sql`select now()`);

  await door.restore();
  const knownAtFirstWord = async () => {
    const row = await database.db.first<{ opted_out: number }>(sql`
      select (select count(*)::int from consents where not granted) as opted_out
      from opt_out_takers where heard_at > ${returned.now} limit 1`);
    return row?.opted_out;
  };
  await until("it says that nothing waits", async () => (await knownAtFirstWord()) !== undefined);
  expect(await knownAtFirstWord()).toBe(2);
  await until("all of it counts", async () => (await kinds()).length === 4);
  expect(await kinds()).toEqual(["click", "open", "unsubscribe", "unsubscribe"]);
  const optedOut = await database.db.rows(sql`select address_key from consents where not granted order by 1`);
  expect(optedOut).toEqual([{ address_key: "ana@example.com" }, { address_key: "ben@example.com" }]);
  // The two that were killed are forgotten: what they had is here.
  await until("only the living is waited for", async () => (await takers()).length === 1);
});

test("[T44] kept keys are sealed and their owner's alone; with another instance key nothing starts without the database", async () => {
  await startRoles("tracker");
  await aSentMailing();
  const file = join(data, "tracking", "keys.sealed");
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const row = await database.db.first<{ box: Buffer }>(sql`select secret_box as box from tracking_keys`);
  expect(readFileSync(file).includes((row?.box ?? Buffer.alloc(0)).toString("base64"))).toBe(false);
  await product?.stop();
  await door.sever();
  rmSync(join(data, "instance.key"));
  await expect(startRoles("tracker")).rejects.toThrow("No connection to the database");
});

test("[T44] the whole product comes up while its database is away, and is whole once that is back", async () => {
  product = await startProduct(data, { DATABASE_URL: door.url });
  await aSentMailing();
  await product.stop();
  await door.sever();
  product = await startProduct(data, { DATABASE_URL: door.url });
  const state = async () => (await ask("/api/setup/state")).status;
  expect(await state()).toBe(503);
  await door.restore();
  await until("it is whole", async () => (await state()) === 200);
  const hasSchedule = async () =>
    (await database.db.rows(sql`select from pg_stat_activity where query like '%from jobs%'`)).length;
  await until("its other roles work too", async () => (await hasSchedule()) > 0);
}, 120_000);
