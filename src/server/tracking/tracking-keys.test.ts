import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { signUrl } from "#core/tracking/signed-text.ts";
import { mintTokens } from "#core/tracking/tokens.ts";
import { sql } from "#server/platform/index.ts";
import { aMailing, someContacts } from "#test/mailings.ts";
import { type Agent, createTestProduct, type TestProduct } from "#test/product.ts";
import { loadTrackingKeys } from "./index.ts";

const browser =
  "Mozilla/5.0 (X11; Linux x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36";
const path = "/api/tracking/keys";

let world: TestProduct;
let owner: Agent;
beforeEach(async () => {
  world = await createTestProduct();
  owner = await world.as("owner");
});
afterEach(() => world.stop());

/** As if so many seconds had passed since all keys were made. */
const age = async (seconds: number) => {
  await world.db.run(
    sql`update tracking_keys set created_at = created_at - make_interval(secs => ${seconds})`,
  );
  await world.product.tracking.keys.refresh();
};
const states = async () => {
  const { body } = await owner.request("GET", path);
  return JSON.stringify(body).match(/"state":"(\w+)"/g);
};

describe("[T56] a new key", () => {
  test("waits, then signs; the one before verifies, and each step is in the audit log", async () => {
    await age(100);
    expect((await owner.request("POST", path)).status).toBe(200);
    expect(await states()).toEqual(['"state":"waiting"', '"state":"signs"']);
    expect(await owner.request("POST", path)).toMatchObject({
      status: 409,
      body: { code: "tracking.key-waiting" },
    });
    expect(world.product.tracking.keys.current()).toBe(1);
    await age(61);
    expect(world.product.tracking.keys.current()).toBe(2);
    expect((await owner.request("GET", path)).body).toMatchObject({
      items: [
        { kid: 2, state: "signs", madeBy: "owner@postroad.test", signedUntil: null },
        { kid: 1, state: "verifies", madeBy: "Postroad", signedUntil: expect.any(String) },
      ],
      isNewKeySuggested: false,
    });
    await age(366 * 86_400);
    expect((await owner.request("GET", path)).body).toMatchObject({ isNewKeySuggested: true });
    const log = await world.db.rows(sql`select details from audit_log where action = 'tracking-key.made'`);
    expect(log).toEqual([{ details: { kid: 2 } }]);
  });

  test("is for admins to make, and shows no secret to anybody", async () => {
    const [marketer, analyst] = [await world.as("marketer"), await world.as("analyst")];
    expect((await marketer.request("POST", path)).status).toBe(403);
    expect((await analyst.request("POST", `${path}/1/retire`)).status).toBe(403);
    const { body } = await analyst.request("GET", path);
    expect(JSON.stringify(body)).not.toMatch(/secret|box/);
  });

  test("is heard of by a running process within seconds, and no process signs with it before", async () => {
    const other = await loadTrackingKeys(world.platform);
    const stop = other.start();
    await age(100);
    await owner.request("POST", path);
    const mine = world.product.tracking.keys;
    expect([mine.current(), other.current()]).toEqual([1, 1]);
    await expect.poll(() => other.mac(2, Buffer.from("x")) !== undefined, { timeout: 15_000 }).toBe(true);
    expect(other.current()).toBe(1);
    await age(61);
    await expect.poll(() => other.current(), { timeout: 15_000 }).toBe(2);
    expect(mintTokens("1025", 2, other.mac)).toEqual(mintTokens("1025", 2, mine.mac));
    await stop();
  });

  test("is asked for at once by a tracker that is shown it and never heard of it", async () => {
    const other = await loadTrackingKeys(world.platform);
    await age(100);
    await owner.request("POST", path);
    const knows = () => other.trustedMac(2, Buffer.from("x")) !== undefined;
    expect(knows()).toBe(false);
    await expect.poll(knows).toBe(true);
  });
});

describe("[T59] a compromised key", () => {
  test("that signs, or signed a moment ago, cannot be retired", async () => {
    const refused = { status: 409, body: { code: "tracking.key-in-use" } };
    expect(await owner.request("POST", `${path}/1/retire`)).toMatchObject(refused);
    await age(100);
    await owner.request("POST", path);
    await age(70);
    expect(await owner.request("POST", `${path}/1/retire`)).toMatchObject(refused);
    expect(await owner.request("POST", `${path}/9/retire`)).toMatchObject({ status: 404 });
  });

  test("opens nothing any more but unsubscribing, which goes on", async () => {
    const contactIds = await someContacts(world.db, ["ana@example.com"]);
    const mailing = await aMailing(world.db, {
      contactIds,
      links: [
        { number: 1, url: "https://shop.example.com/" },
        { number: 2, url: null },
      ],
    });
    const [deliveryId = ""] = mailing.deliveryIds;
    const { keys } = world.product.tracking;
    const tokensBy = (kid: number) => {
      const { read, manage, forward } = mintTokens(deliveryId, kid, keys.mac);
      const signed = signUrl("https://shop.example.com/ana", deliveryId, kid, keys.mac);
      return { read, manage, forward, signed };
    };
    const ask = async (url: string, method: "GET" | "POST" = "GET") => {
      const headers = { "user-agent": browser, "content-type": "application/x-www-form-urlencoded" };
      const payload = method === "POST" ? { payload: "List-Unsubscribe=One-Click" } : {};
      const { statusCode, headers: answered } = await world.product.app.inject({
        url,
        method,
        headers,
        ...payload,
      });
      return [statusCode, answered.location].filter((each) => each !== undefined).join(" ");
    };
    const doors = async ({ read, manage, forward, signed }: ReturnType<typeof tokensBy>) => ({
      link: await ask(`/c/${read}/1`),
      personal: await ask(`/c/${read}/2/${signed}`),
      hidden: await ask(`/c/${read}/0`),
      forward: await ask(`/f/${forward}`),
      centre: await ask(`/p/${manage}`),
      unsubscribe: await ask(`/u/${manage}`),
    });
    const old = tokensBy(1);
    await age(100);
    await owner.request("POST", path);
    await age(200);
    const open = {
      link: "302 https://shop.example.com/",
      personal: "302 https://shop.example.com/ana",
      ...{ hidden: "200", forward: "200", centre: "200", unsubscribe: "200" },
    };
    expect(await doors(old)).toEqual(open);
    expect(await owner.request("POST", `${path}/1/retire`)).toMatchObject({
      status: 200,
      body: { items: [{ kid: 2 }, { kid: 1, state: "retired", retiredBy: "owner@postroad.test" }] },
    });
    expect(await doors(old)).toEqual({
      ...{ link: "404", personal: "404", hidden: "404", forward: "404" },
      centre: `303 /u/${old.manage}`,
      unsubscribe: "200",
    });
    expect(await doors(tokensBy(2))).toEqual(open);
    // One address signed by the old key is no better beside a token of the new one.
    expect(await ask(`/c/${tokensBy(2).read}/2/${old.signed}`)).toBe("404");

    expect(await ask(`/o/${old.read}.gif`)).toBe("200");
    const seen = async () =>
      (await world.db.rows(sql`select 1 from interactions where kind = 'unsubscribe'`)).length;
    expect(await ask(`/u/${old.manage}`, "POST")).toBe("200");
    expect(await seen()).toBe(1);
    expect((await owner.request("POST", `${path}/1/retire`)).status).toBe(409);
    const log = await world.db.rows(sql`select details from audit_log where action = 'tracking-key.retired'`);
    expect(log).toEqual([{ details: { kid: 1 } }]);
  });
});
