import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { signUrl } from "#core/tracking/signed-text.ts";
import { mintTokens } from "#core/tracking/tokens.ts";
import { sql } from "#server/platform/index.ts";
import { aMailing, someContacts } from "#test/mailings.ts";
import { createTestProduct, type TestProduct } from "#test/product.ts";

let world: TestProduct;
let origin: string;
let deliveryId: string;
let tokens: ReturnType<typeof mintTokens>;

beforeAll(async () => {
  world = await createTestProduct();
  const [ana = ""] = await someContacts(world.db, ["ana@example.com"]);
  const mailing = await aMailing(world.db, {
    contactIds: [ana],
    links: [{ number: 1, url: "https://shop.example.com/a?b=1" }],
  });
  deliveryId = mailing.deliveryIds[0] ?? "";
  const { keys } = world.product.tracking;
  tokens = mintTokens(deliveryId, keys.current(), keys.mac);
  origin = await world.product.app.listen({ port: 0, host: "127.0.0.1" });
});
afterAll(() => world.stop());

const fetchRaw = (path: string, init: RequestInit = {}) =>
  fetch(`${origin}${path}`, { redirect: "manual", ...init });

describe("before the router", () => {
  test("[T30] the usual form is answered there and any other spelling by the router, alike", async () => {
    const usual = await fetchRaw(`/c/${tokens.read}/1?utm=x`);
    const escaped = await fetchRaw(`/c/${tokens.read}/%31`);
    for (const answer of [usual, escaped]) {
      expect([answer.status, answer.headers.get("location")]).toEqual([
        302,
        "https://shop.example.com/a?b=1",
      ]);
      expect(answer.headers.get("cache-control")).toBe("no-store, private");
      expect(answer.headers.get("referrer-policy")).toBe("no-referrer");
    }
  });

  test("[T30] other methods and paths go to the router", async () => {
    expect((await fetchRaw(`/c/${tokens.read}/1`, { method: "POST" })).status).toBe(404);
    expect((await fetchRaw("/c/")).status).toBe(404);
    expect((await fetchRaw("/api/contacts")).headers.get("content-type")).toContain(
      "application/problem+json",
    );
  });

  test("[T30] a page is as guarded there as behind the router", async () => {
    const answer = await fetchRaw(`/c/${"A".repeat(34)}/1`);
    expect(answer.status).toBe(404);
    expect(answer.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(answer.headers.get("x-frame-options")).toBe("DENY");
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
  });
});

const evil = [
  "//evil.example",
  "\\\\evil.example",
  "/\\evil.example",
  "javascript:alert(1)",
  "JaVaScRiPt:alert(1)",
  "data:text/html,x",
  "vbscript:x",
  "file:///etc/passwd",
  "ftp://evil.example/",
  "https://ana@evil.example/",
  "https://shop.example.com:pass@evil.example/",
  "http://",
  "https:evil",
  " ",
  "blob:https://evil.example/1",
];

describe("open redirects", () => {
  test("[T32] no path or query leads anywhere but to the link's own address", async () => {
    for (const address of [...evil, "https://evil.example/", "https%3A%2F%2Fevil.example"]) {
      const written = encodeURIComponent(address);
      for (const path of [
        `/c/${tokens.read}/${written}`,
        `/c/${tokens.read}/1/${written}`,
        `/c/${tokens.read}/1/${encodeURIComponent(written)}`,
        `/c/${written}/1`,
        `/o/${written}.gif`,
        `/v/${written}`,
      ])
        expect([path, (await fetchRaw(path)).headers.get("location")]).toEqual([path, null]);
      for (const name of ["url", "return", "next", "redirect", "to"])
        expect((await fetchRaw(`/c/${tokens.read}/1?${name}=${written}`)).headers.get("location")).toBe(
          "https://shop.example.com/a?b=1",
        );
    }
    const misled = await fetchRaw(`/c/${tokens.read}/1`, { headers: { "x-forwarded-host": "evil.example" } });
    expect(misled.headers.get("location")).toBe("https://shop.example.com/a?b=1");
  });

  test("[T32] even what we signed leads only to the web, in one line, without a user name", async () => {
    const { keys } = world.product.tracking;
    const sign = (url: string) => signUrl(url, deliveryId, keys.current(), keys.mac);
    for (const address of evil.filter((each) => each !== "https:evil")) {
      const answer = await fetchRaw(`/c/${tokens.read}/1/${sign(address)}`);
      expect([address, answer.status, answer.headers.get("location")]).toEqual([address, 404, null]);
    }
    const split = await fetchRaw(`/c/${tokens.read}/1/${sign("https://a.example/\r\nset-cookie: x=1")}`);
    expect(split.headers.get("location")).toBe("https://a.example/set-cookie:%20x=1");
    expect(split.headers.get("set-cookie")).toBeNull();
  });

  test("[T31] a token of one purpose opens nothing of another", async () => {
    for (const token of [tokens.manage, tokens.forward, tokens.bounce]) {
      expect((await fetchRaw(`/c/${token}/1`)).status).toBe(404);
      expect((await fetchRaw(`/v/${token}`)).status).toBe(404);
    }
    for (const token of [tokens.read, tokens.forward, tokens.bounce])
      expect((await fetchRaw(`/u/${token}`, { method: "POST" })).status).toBe(404);
  });
});

describe("fetching", () => {
  test("[T33] a thousand GET and HEAD of scanners change no table but that of interactions", {
    timeout: 60_000,
  }, async () => {
    const agents = ["BarracudaCentral/1.0", "Mozilla/5.0", "curl/8.0", "", "Googlebot/2.1"];
    const paths = [
      `/u/${tokens.manage}`,
      `/p/${tokens.manage}`,
      `/f/${tokens.forward}`,
      `/c/${tokens.read}/1`,
      `/o/${tokens.read}.gif`,
    ];
    const before = await tableContents();
    for (let round = 0; round < 100; round++)
      await Promise.all(
        paths.flatMap((path) =>
          ["GET", "HEAD"].map((method) =>
            fetchRaw(path, { method, headers: { "user-agent": agents[round % agents.length] ?? "" } }),
          ),
        ),
      );
    while ((await world.product.tracking.flush()) > 0);
    expect(await tableContents()).toEqual(before);
  });
});

/** A fingerprint of the rows of every table, without those that count what was seen. */
async function tableContents(): Promise<Record<string, string>> {
  const tables = await world.db.rows<{ name: string }>(sql`
    select table_name as name from information_schema.tables
    where table_schema = 'public' and table_type = 'BASE TABLE'
      and table_name not like 'interaction%' and table_name <> 'news' order by 1`);
  const contents: Record<string, string> = {};
  for (const { name } of tables) {
    const found = await world.db.named<{ print: string }>(
      {
        name: `print-${name}`,
        text: `select md5(coalesce(string_agg(t::text, '|' order by t::text), '')) as print from "${name}" t`,
      },
      [],
    );
    contents[name] = found[0]?.print ?? "";
  }
  return contents;
}
