import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { type Agent, createTestProduct, type TestProduct } from "#test/product.ts";
import { ensureDefaultSettings } from "./store.ts";

let world: TestProduct;
let owner: Agent;
beforeAll(async () => {
  world = await createTestProduct();
  owner = await world.as("owner");
});
afterAll(() => world.stop());

const Item = z.looseObject({ id: z.string(), name: z.string(), isDefault: z.boolean() });
const list = async () =>
  z.object({ items: z.array(Item) }).parse((await owner.request("GET", "/api/content-settings")).body).items;
const idIn = (body: unknown) => Item.parse(body).id;
const make = async (body: object) =>
  idIn((await owner.request("POST", "/api/content-settings", { name: "Brand", ...body })).body);

test("a new installation has one default, and starting again makes no second", async () => {
  await Promise.all(Array.from({ length: 10 }, () => ensureDefaultSettings(world.db)));
  expect((await list()).map(({ name, isDefault }) => ({ name, isDefault }))).toEqual([
    { name: "Default", isDefault: true },
  ]);
});

test("200: what is sent is kept, what is not sent stays", async () => {
  const id = await make({
    companyName: "Ana & Co",
    postalAddress: "1 Road\nMadrid",
    websiteUrl: "https://ana.example",
    socialLinks: { mastodon: "https://social.example/@ana" },
    fromAddress: "ana@ana.example",
    brandColor: "#aabbcc",
    texts: { slogan: "Hola {{ contact.first_name }}" },
  });
  await owner.request("PATCH", `/api/content-settings/${id}`, { fromName: "Ana", texts: { motto: "Olé" } });
  expect((await owner.request("GET", `/api/content-settings/${id}`)).body).toMatchObject({
    name: "Brand",
    postalAddress: "1 Road\nMadrid",
    fromName: "Ana",
    socialLinks: { mastodon: "https://social.example/@ana" },
    texts: { motto: "Olé" },
    isDefault: false,
  });
});

test("200: however many are made the default at once, exactly one is", async () => {
  const ids = await Promise.all(Array.from({ length: 6 }, (_, n) => make({ name: `Race ${n}` })));
  const answers = await Promise.all(
    ids.map((id) => owner.request("POST", `/api/content-settings/${id}/default`)),
  );
  expect(answers.map(({ status }) => status)).toEqual(ids.map(() => 200));
  const items = await list();
  expect(items.filter(({ isDefault }) => isDefault)).toHaveLength(1);
  expect(items[0]?.isDefault).toBe(true);
});

test("400: links that are no web addresses, and colors that are none", async () => {
  for (const wrong of [
    { websiteUrl: "javascript:alert(1)" },
    { logoUrl: "ana.png" },
    { socialLinks: { "Face book": "https://x.test" } },
    { brandColor: "red" },
    { fromAddress: "nobody" },
    { name: "" },
  ])
    expect((await owner.request("POST", "/api/content-settings", { name: "W", ...wrong })).status).toBe(400);
});

test("403: marketers read but do not write; 404: unknown", async () => {
  const marketer = await world.as("marketer");
  expect((await marketer.request("GET", "/api/content-settings")).status).toBe(200);
  expect((await marketer.request("POST", "/api/content-settings", { name: "Mine" })).status).toBe(403);
  for (const [method, path] of [
    ["GET", ""],
    ["PATCH", ""],
    ["DELETE", ""],
    ["POST", "/default"],
  ] as const)
    expect((await owner.request(method, `/api/content-settings/cst_99999${path}`, {})).status).toBe(404);
});

test("409: the default stays, and so does what journeys, drafts included, use; the rest goes", async () => {
  const [used, unused] = [await make({ name: "Used" }), await make({ name: "Unused" })];
  const byDefault = (await list()).find(({ isDefault }) => isDefault)?.id;
  await world.db.pool.query(
    "insert into journeys (name, graph, settings) values ('Welcome', '{}', jsonb_build_object('contentSettingsId', $1::text))",
    [used],
  );
  expect(await owner.request("DELETE", `/api/content-settings/${byDefault}`)).toMatchObject({
    status: 409,
    body: { code: "content.is-default" },
  });
  expect(await owner.request("DELETE", `/api/content-settings/${used}`)).toMatchObject({
    status: 409,
    body: { code: "content.in-use", facts: { usedBy: [{ kind: "journey", name: "Welcome" }] } },
  });
  expect((await owner.request("DELETE", `/api/content-settings/${unused}`)).status).toBe(200);
  expect((await owner.request("GET", `/api/content-settings/${unused}`)).status).toBe(404);
});
