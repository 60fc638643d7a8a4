import { afterAll, beforeAll, expect, test } from "vitest";
import { toId } from "#core/kernel/ids.ts";
import { signUrl } from "#core/tracking/signed-text.ts";
import { mintTokens } from "#core/tracking/tokens.ts";
import { sql } from "#server/platform/index.ts";
import { aMailing, type MailingFixture, someContacts } from "#test/mailings.ts";
import { type Agent, createTestProduct, type TestProduct } from "#test/product.ts";
import { openLinkDirectory } from "./link-directory.ts";

let world: TestProduct;
let marketer: Agent;
beforeAll(async () => {
  world = await createTestProduct();
  marketer = await world.as("marketer");
});
afterAll(() => world.stop());

let contacts = 0;
async function sent(): Promise<MailingFixture & { versionUrl: string; deliveryId: string }> {
  const [ana = ""] = await someContacts(world.db, [`c${++contacts}@example.com`]);
  const mailing = await aMailing(world.db, {
    contactIds: [ana],
    links: [
      { number: 1, url: "https://shop.example.com/wrong", label: "Shop" },
      { number: 2, url: "https://shop.example.com/b" },
      { number: 3, url: null },
    ],
  });
  await world.product.tracking.refreshLinks();
  return {
    ...mailing,
    versionUrl: `/api/message-versions/${toId("messageVersion", mailing.versionId)}`,
    deliveryId: mailing.deliveryIds[0] ?? "",
  };
}

const keys = () => world.product.tracking.keys;
const read = (deliveryId: string) => mintTokens(deliveryId, keys().current(), keys().mac).read;
async function leadsTo(path: string): Promise<unknown> {
  await world.product.tracking.refreshLinks();
  return (await world.product.app.inject({ method: "GET", url: path })).headers.location;
}

test("[T34] clicks lead to the new address, an undo leads them back, and every change is kept", async () => {
  const { versionUrl, deliveryId } = await sent();
  const link = `/c/${read(deliveryId)}/1`;
  const repair = (url: string | null) => marketer.request("PUT", `${versionUrl}/links/1`, { url });
  expect((await repair("https://shop.example.com/right")).status).toBe(200);
  expect(await leadsTo(link)).toBe("https://shop.example.com/right");
  expect(await leadsTo(`/c/${read(deliveryId)}/2`)).toBe("https://shop.example.com/b");
  await repair("https://shop.example.com/better?a=1#top");
  expect(await leadsTo(link)).toBe("https://shop.example.com/better?a=1#top");
  await repair(null);
  expect(await leadsTo(link)).toBe("https://shop.example.com/wrong");
  const history = await marketer.request("GET", `${versionUrl}/link-repairs`);
  const by = expect.any(String);
  const at = expect.any(String);
  expect(history.body).toEqual({
    items: [
      { number: 1, from: "https://shop.example.com/better?a=1#top", to: null, by, at },
      {
        number: 1,
        from: "https://shop.example.com/right",
        to: "https://shop.example.com/better?a=1#top",
        by,
        at,
      },
      { number: 1, from: "https://shop.example.com/wrong", to: "https://shop.example.com/right", by, at },
    ],
  });
  await expect(world.db.run(sql`delete from link_repairs`)).rejects.toThrow(/only grows/);
});

test("[T34] a personalised address is repaired as a whole, but only for who was sent it", async () => {
  const { versionUrl, deliveryId } = await sent();
  const personal = signUrl("https://shop.example.com/ana", deliveryId, keys().current(), keys().mac);
  const link = `/c/${read(deliveryId)}/3/${personal}`;
  expect(await leadsTo(link)).toBe("https://shop.example.com/ana");
  await marketer.request("PUT", `${versionUrl}/links/3`, { url: "https://shop.example.com/everyone" });
  expect(await leadsTo(link)).toBe("https://shop.example.com/everyone");
  expect(await leadsTo(`/c/${read(deliveryId)}/3/${personal.slice(0, -1)}`)).toBeUndefined();
});

test("[T34] what was sent is shown as it was, with the links that lead elsewhere now", async () => {
  const { versionUrl, versionId, deliveryId } = await sent();
  await marketer.request("PUT", `${versionUrl}/links/1`, { url: "https://shop.example.com/right" });
  const ofDelivery = `/api/deliveries/${toId("delivery", deliveryId)}/repaired-links`;
  expect((await marketer.request("GET", ofDelivery)).body).toEqual({
    items: [
      {
        number: 1,
        label: "Shop",
        sentUrl: "https://shop.example.com/wrong",
        url: "https://shop.example.com/right",
      },
    ],
  });
  const kept = await world.db.first<{ url: string }>(
    sql`select links->0->>'url' as url from message_versions where id = ${versionId}`,
  );
  expect(kept?.url).toBe("https://shop.example.com/wrong");
});

test("[T34] another tracker hears of it, and one that starts while nobody can be asked reads it from disk", async () => {
  const { versionUrl, deliveryId } = await sent();
  await marketer.request("PUT", `${versionUrl}/links/1`, { url: "https://shop.example.com/right" });
  const { db, log, config } = world.platform;
  const folder = `${config.dataDirectory}/other-tracker`;
  const other = await openLinkDirectory({ db, log }, folder);
  await other.refresh();
  expect(other.known(deliveryId, 1)).toEqual({ url: "https://shop.example.com/right" });
  const away = { ...db, first: () => Promise.reject(new Error("away")) };
  const later = await openLinkDirectory({ db: away, log }, folder);
  expect(await later.find(deliveryId, 1)).toEqual({ url: "https://shop.example.com/right" });
});

test("[T34] only web addresses that are no tracked links are taken, and only for links that there are", async () => {
  const { versionUrl } = await sent();
  const put = async (number: number, url: string | null, base = versionUrl) =>
    (await marketer.request("PUT", `${base}/links/${number}`, { url })).body;
  for (const url of [
    "javascript:alert(1)",
    "//evil.example",
    "shop.example.com",
    "https://ana@evil.example/",
    "mailto:ana@example.com",
    "data:text/html,x",
    "http://postroad.test/c/abc/1",
  ])
    expect([url, await put(1, url)]).toEqual([
      url,
      expect.objectContaining({ code: "links.not-an-address" }),
    ]);
  expect(await put(9, "https://a.example/")).toMatchObject({ code: "links.not-found" });
  expect(await put(1, "https://shop.example.com/wrong")).toMatchObject({ code: "links.leads-there" });
  expect(await put(1, null)).toMatchObject({ code: "links.leads-there" });
  expect(await put(1, "https://a.example/", "/api/message-versions/mlv_999999")).toMatchObject({
    code: "message.no-such-version",
  });
  expect(
    (await (await world.as("analyst")).request("PUT", `${versionUrl}/links/1`, { url: "https://a.example/" }))
      .status,
  ).toBe(403);
});
