import { afterEach, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { noLinkTags } from "#core/messages/link-tags.ts";
import { signUrl } from "#core/tracking/signed-text.ts";
import { mintTokens } from "#core/tracking/tokens.ts";
import { sql } from "#server/platform/index.ts";
import { aMailing, someContacts } from "#test/mailings.ts";
import { type Agent, createTestProduct, type TestProduct } from "#test/product.ts";

let world: TestProduct;
let owner: Agent;
let settingsId: string;
beforeEach(async () => {
  world = await createTestProduct();
  owner = await world.as("owner");
  const { body } = await owner.request("GET", "/api/content-settings");
  settingsId = z.object({ items: z.tuple([z.object({ id: z.string() })]) }).parse(body).items[0].id;
});
afterEach(() => world.stop());

const setTags = (linkTags: object) =>
  owner.request("PATCH", `/api/content-settings/${settingsId}`, { linkTags: { ...noLinkTags, ...linkTags } });

const links = [
  { number: 1, url: "https://shop.example.com/a?x=1#top" },
  { number: 2, url: "https://other.example.org/" },
  { number: 3, url: null },
  { number: 4, url: "http://postroad.test/e/harbour-night" },
];

/** A mailing with links, and where each of them leads. */
async function send(name: string) {
  const contactIds = await someContacts(world.db, [`${name}@example.com`]);
  const mailing = await aMailing(world.db, { contactIds, links, name });
  const [deliveryId = ""] = mailing.deliveryIds;
  const { keys, refreshLinks } = world.product.tracking;
  const { read } = mintTokens(deliveryId, keys.current(), keys.mac);
  const signed = signUrl("https://shop.example.com/ana", deliveryId, keys.current(), keys.mac);
  return {
    ...mailing,
    async leads() {
      await refreshLinks();
      const ask = async (path: string) =>
        (await world.product.app.inject({ url: `/c/${read}/${path}` })).headers.location;
      return {
        fixed: await ask("1"),
        other: await ask("2"),
        personal: await ask(`3/${signed}`),
        own: await ask("4"),
      };
    },
  };
}

test("[W12] links are led on with the tags of the content settings, also personalised ones, but not our own pages", async () => {
  const mailing = await send("Invite");
  const bare = await mailing.leads();
  expect(bare.fixed).toBe("https://shop.example.com/a?x=1#top");
  const set = await setTags({
    source: "news",
    campaign: "{{ message.name | downcase }}",
    domains: ["example.com"],
  });
  expect(set).toMatchObject({
    status: 200,
    body: { linkTags: { source: "news", domains: ["example.com"] } },
  });
  const tags = "utm_source=news&utm_campaign=invite";
  expect(await mailing.leads()).toEqual({
    ...bare,
    fixed: `https://shop.example.com/a?x=1&${tags}#top`,
    personal: `https://shop.example.com/ana?${tags}`,
  });
  expect(bare.own).toMatch(/^http:\/\/postroad\.test\/e\/harbour-night\?c=/);
  await setTags({});
  expect(await mailing.leads()).toEqual(bare);
});

test("[W12] a message's own tags take the place of all of them, none among them; a repaired link is tagged too", async () => {
  await setTags({ source: "news" });
  const [own, none] = [await send("Own"), await send("None")];
  const change = async (versionId: string, tags: object) => {
    await world.db.transaction(async (tx) => {
      await tx.run(sql`alter table message_versions disable trigger message_versions_never_change`);
      await tx.run(sql`
        update message_versions set link_tags = ${{ ...noLinkTags, ...tags }} where id = ${versionId}`);
      await tx.run(sql`alter table message_versions enable trigger message_versions_never_change`);
    });
  };
  await change(own.versionId, { medium: "email" });
  await change(none.versionId, {});
  expect((await own.leads()).other).toBe("https://other.example.org/?utm_medium=email");
  expect((await none.leads()).other).toBe("https://other.example.org/");
  const url = "https://elsewhere.example.org/?a";
  await owner.request("PUT", `/api/message-versions/mlv_${own.versionId}/links/2`, { url });
  expect((await own.leads()).other).toBe(`${url}&utm_medium=email`);
});

test("[W10] texts that name a contact are refused at their field", async () => {
  expect(await setTags({ campaign: "{{ contact.email }}", domains: ["https://x"] })).toMatchObject({
    status: 400,
    body: {
      code: "content.link-tags-wrong",
      facts: { problems: [{ path: "linkTags.campaign" }, { path: "linkTags.domains" }] },
    },
  });
});

test("[W12] a message keeps its own tags through saving, going live and copying, and saving them again changes nothing", async () => {
  const Draft = z.looseObject({ id: z.string(), revision: z.number(), linkTags: z.unknown() });
  const made = Draft.parse((await owner.request("POST", "/api/messages", { name: "Tagged" })).body);
  expect(made.linkTags).toBeNull();
  const linkTags = { ...noLinkTags, domains: ["b.example", "a.example"], term: "t" };
  const body = { ...made, designation: "transactional", subject: "Hi", linkTags };
  const saved = Draft.parse((await owner.request("PUT", `/api/messages/${made.id}`, body)).body);
  expect(saved.linkTags).toEqual(linkTags);
  const again = Draft.parse((await owner.request("PUT", `/api/messages/${made.id}`, saved)).body);
  expect(again.revision).toBe(saved.revision);
  const copy = Draft.parse((await owner.request("POST", `/api/messages/${made.id}/copy`)).body);
  expect(copy.linkTags).toEqual(linkTags);
  const wrong = { ...again, linkTags: { ...linkTags, term: "{{ contact.city }}" } };
  const { revision } = Draft.parse((await owner.request("PUT", `/api/messages/${made.id}`, wrong)).body);
  const refused = await owner.request("POST", `/api/messages/${made.id}/go-live`, { revision });
  expect(JSON.stringify(refused.body)).toContain("link.tag-wrong");
});
