import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { sql } from "#server/platform/index.ts";
import { createTestProduct, type TestProduct } from "#test/product.ts";

let world: TestProduct;
beforeAll(async () => {
  world = await createTestProduct();
});
afterAll(() => world.stop());

const Draft = z.looseObject({ id: z.string(), revision: z.number() });
const path = "/api/tracking/rules";

test("[T50] [T51] each change is a row that stays, with who made it, and an audit entry", async () => {
  const admin = await world.as("admin");
  const set = (networks: string[], hiddenLink: boolean) =>
    admin.request("PUT", path, { networks, hiddenLink });
  expect((await set([" 192.0.2.0/24 ", "192.0.2.0/24", "2001:DB8::/32"], true)).body).toMatchObject({
    number: 2,
    networks: ["192.0.2.0/24", "2001:db8::/32"],
    hiddenLink: true,
    actorLabel: "admin@postroad.test",
  });
  await set([], false);
  const rows = await world.db.rows(
    sql`select number, classifier_version, networks, hidden_link from hit_rules order by number`,
  );
  expect(rows).toEqual([
    { number: 1, classifier_version: 2, networks: [], hidden_link: false },
    { number: 2, classifier_version: 2, networks: ["192.0.2.0/24", "2001:db8::/32"], hidden_link: true },
    { number: 3, classifier_version: 2, networks: [], hidden_link: false },
  ]);
  await expect(world.db.run(sql`update hit_rules set networks = '{}' where number = 2`)).rejects.toThrow();
  const log = await world.db.rows(
    sql`select details from audit_log where action = 'tracking-rules.changed' order by id`,
  );
  expect(log).toMatchObject([{ details: { rules: 2, hiddenLink: true } }, { details: { rules: 3 } }]);
});

test("[T52] what is no network is refused by its name, and a marketer may look only", async () => {
  const admin = await world.as("admin");
  const marketer = await world.as("marketer");
  const body = { networks: ["192.0.2.0/24", "192.0.2.1/24"], hiddenLink: false };
  expect(await admin.request("PUT", path, body)).toMatchObject({
    status: 400,
    body: {
      code: "tracking.not-a-network",
      facts: { problems: [{ path: "networks", message: expect.stringContaining("192.0.2.1/24") }] },
    },
  });
  expect((await marketer.request("PUT", path, body)).status).toBe(403);
  expect((await marketer.request("GET", path)).status).toBe(200);
});

test("[T54] a message that goes live while the switch is on carries the hidden link, whatever is switched later", async () => {
  const owner = await world.as("owner");
  const settings = z
    .object({ items: z.tuple([z.object({ id: z.string() })]) })
    .parse((await owner.request("GET", "/api/content-settings")).body);
  await owner.request("PATCH", `/api/content-settings/${settings.items[0].id}`, {
    companyName: "Harbour",
    postalAddress: "1 Pier Road",
    fromName: "Harbour",
    fromAddress: "news@harbour.example",
  });
  const goLive = async (name: string) => {
    const made = Draft.parse((await owner.request("POST", "/api/messages", { name })).body);
    const saved = await owner.request("PUT", `/api/messages/${made.id}`, {
      ...made,
      designation: "transactional",
      subject: "Hello",
      html: '<html lang="en"><head><title>Hello</title></head><body><p>Hello</p><p>Harbour, 1 Pier Road</p></body></html>',
      text: "Hello. Harbour, 1 Pier Road",
    });
    const { revision } = Draft.parse(saved.body);
    expect((await owner.request("POST", `/api/messages/${made.id}/go-live`, { revision })).status).toBe(200);
  };
  await owner.request("PUT", path, { networks: [], hiddenLink: true });
  await goLive("With");
  await owner.request("PUT", path, { networks: [], hiddenLink: false });
  await goLive("Without");
  const carried = await world.db.rows<{ carries: boolean }>(
    sql`select (compiled->>'hiddenLink')::boolean as carries from message_versions order by id`,
  );
  expect(carried.map(({ carries }) => carries)).toEqual([true, false]);
});
