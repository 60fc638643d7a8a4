import { type ParsedMail, simpleParser } from "mailparser";
import { afterEach, beforeEach, expect, test } from "vitest";
import { compose, type Product } from "#server/compose.ts";
import { manualClock, sql } from "#server/platform/index.ts";
import { verifyTracking } from "#server/tracking/index.ts";
import { type HostileSink, startHostileSink } from "#test/hostile-sink.ts";
import { aMailingToAll, aRoute, createTestPlatform, until } from "#test/mailing.ts";

const publicUrl = "https://mail.example.com";
const browser =
  "Mozilla/5.0 (X11; Linux x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36";
const source = {
  designation: "commercial" as const,
  html: `<html lang="en"><body><p>Hello {{ contact.first_name | default: "friend" }}</p>
<a href="https://shop.example.com/offer">Offer</a> <a href="https://shop.example.com/for/{{ contact.first_name }}">Yours</a>
<a href="{{ links.subscription_center }}">Preferences</a> <a href="{{ links.forward }}">Forward</a>
<a href="{{ links.view_in_browser }}">View</a> <p>{{ settings.postal_address }}</p></body></html>`,
  text: null,
};

let platform: Awaited<ReturnType<typeof createTestPlatform>>;
let clock: ReturnType<typeof manualClock>;
let product: Product;
let sink: HostileSink;
let stop: () => Promise<void>;

beforeEach(async () => {
  // Far enough ahead that acceptance, which the database dates, is never a moment ago.
  clock = manualClock(new Date(Date.now() + 3_600_000));
  platform = await createTestPlatform({ clock });
  sink = await startHostileSink();
  product = await compose(platform);
  await platform.db.run(sql`update routes set is_default = false`);
  await aRoute(platform.db, { port: sink.port });
  stop = product.start(["sender", "tracker"]);
});
afterEach(async () => {
  await stop();
  await product.app.close();
  await sink.close();
  await platform.drop();
});

async function mailTo(address: string): Promise<ParsedMail> {
  await until(`mail to ${address}`, async () => sink.received.some(({ to }) => to.includes(address)));
  return simpleParser(sink.received.find(({ to }) => to.includes(address))?.data ?? "");
}

/** The path of the first link or image of a message whose path begins so. */
function pathIn(mail: ParsedMail, start: string): string {
  const found = [...String(mail.html).matchAll(/(?:href|src)="([^"]+)"/g)].map(([, url]) =>
    (url ?? "").replaceAll("&amp;", "&"),
  );
  const url = found.find((one) => one.startsWith(`${publicUrl}${start}`));
  if (!url) throw new Error(`No ${start} in ${found.join(" ")}`);
  return url.slice(publicUrl.length);
}
const clicksIn = (mail: ParsedMail) =>
  [...String(mail.html).matchAll(/href="([^"]+)"/g)]
    .map(([, url]) => url ?? "")
    .filter((url) => url.startsWith(`${publicUrl}/c/`))
    .map((url) => url.slice(publicUrl.length));
const get = (url: string) => product.app.inject({ method: "GET", url, headers: { "user-agent": browser } });
const post = (url: string, fields: Record<string, string>) =>
  product.app.inject({
    method: "POST",
    url,
    headers: { "content-type": "application/x-www-form-urlencoded" },
    payload: new URLSearchParams(fields).toString(),
  });
const counts = async () =>
  Object.fromEntries(
    (
      await platform.db.rows<{ key: string; count: number }>(sql`
        select kind || ' ' || agent || ' ' || contact_id as key, count(*)::integer as count from interactions group by 1`)
    ).map(({ key, count }) => [key, count]),
  );

async function anaGetsMail(): Promise<{ id: string; mail: ParsedMail }> {
  const row = await platform.db.first<{ id: string }>(sql`
    insert into contacts (email, email_key, first_name) values ('ana@example.org', 'ana@example.org', 'Ana') returning id`);
  await aMailingToAll(platform.db, { kind: "transactional", source });
  return { id: row?.id ?? "", mail: await mailTo("ana@example.org") };
}

test("[T1] [PG11] every link of a received mail works, and what the recipient does is counted to the recipient", async () => {
  const { id, mail } = await anaGetsMail();
  expect((await get(pathIn(mail, "/o/"))).headers["content-type"]).toBe("image/gif");
  const [offer = "", yours = ""] = clicksIn(mail);
  expect((await get(offer)).headers.location).toBe("https://shop.example.com/offer");
  expect((await get(yours)).headers.location).toBe("https://shop.example.com/for/Ana");
  const view = await get(pathIn(mail, "/v/"));
  expect(view.headers["content-security-policy"]).toContain("sandbox");
  expect(view.body).toBe(String(mail.html));
  expect((await get(pathIn(mail, "/p/"))).body).toContain("a•••@e•••.org");
  clock.advance(10_000);
  await until("all is counted", async () => Object.keys(await counts()).length === 3);
  expect(await counts()).toEqual({
    [`open human ${id}`]: 1,
    [`click human ${id}`]: 2,
    [`view human ${id}`]: 1,
  });
  expect(await verifyTracking(platform.db)).toEqual([]);
});

test("[PG4] the List-Unsubscribe address of a received mail unsubscribes by one POST", async () => {
  const { mail } = await anaGetsMail();
  const header =
    mail.headerLines.find(({ key }) => key === "list-unsubscribe")?.line.replace(/\r?\n\s+/g, " ") ?? "";
  const url = /<https:\/\/mail\.example\.com([^>]+)>/.exec(header)?.[1] ?? "";
  expect(url).toMatch(/^\/u\//);
  expect((await post(url, { "List-Unsubscribe": "One-Click" })).statusCode).toBe(200);
  expect(await platform.db.rows(sql`select address_key, granted from consents`)).toEqual([
    { address_key: "ana@example.org", granted: false },
  ]);
});

test("[PG8] [PG9] a friend's copy holds nothing of the forwarder, counts as its own, and cannot unsubscribe the forwarder", async () => {
  const { id, mail } = await anaGetsMail();
  const forward = pathIn(mail, "/f/");
  const form = (await get(forward)).body;
  clock.advance(5000);
  const made = /name="made" value="([^"]+)"/.exec(form)?.[1] ?? "";
  expect(
    (await post(forward, { made, website: "", email_1: "ben@friends.example", name_1: "Ben" })).statusCode,
  ).toBe(200);
  const copy = await mailTo("ben@friends.example");
  const raw = sink.received.find(({ to }) => to.includes("ben@friends.example"))?.data.toString("utf8") ?? "";
  expect(raw).not.toMatch(/Ana|ana@example\.org/);
  expect(String(copy.html)).toContain("Hello Ben");
  expect(pathIn(copy, "/o/")).not.toBe(pathIn(mail, "/o/"));
  await get(pathIn(copy, "/o/"));
  await get(clicksIn(copy)[0] ?? "");
  clock.advance(10_000);
  await until("all is counted", async () => Object.keys(await counts()).length === 3);
  expect(await counts()).toEqual({ [`forward human ${id}`]: 1, "open human 0": 1, "click human 0": 1 });
  await post(pathIn(copy, "/p/"), {});
  expect(await platform.db.rows(sql`select address_key, category from suppressions`)).toEqual([
    { address_key: "ben@friends.example", category: "forward-opt-out" },
  ]);
  expect(await platform.db.rows(sql`select * from consents`)).toEqual([]);
});
