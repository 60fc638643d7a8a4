import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { mintTokens } from "#core/tracking/tokens.ts";
import { manualClock, sql } from "#server/platform/index.ts";
import { aMailing, someContacts } from "#test/mailings.ts";
import { createTestProduct, type TestProduct } from "#test/product.ts";
import { verifyTracking } from "./index.ts";

const start = new Date("2026-03-02T09:00:00Z");
const clock = manualClock(start);
const chrome =
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36";

let world: TestProduct;
beforeAll(async () => {
  world = await createTestProduct({ clock });
});
afterAll(() => world.stop());

/** One step of a trace: how many seconds after the step before, who, what and how. */
type Step = {
  readonly after?: number;
  readonly to?: number;
  readonly link?: number;
  readonly agent?: string;
  readonly method?: "GET" | "HEAD" | "OPTIONS";
  readonly ip?: string;
  readonly headers?: Record<string, string>;
};

let traces = 0;

/** Plays a trace on a mailing of its own that was accepted at its beginning; gives what came of it. */
async function play(steps: readonly Step[], recipients = 1) {
  traces += 1;
  const contactIds = await someContacts(
    world.db,
    Array.from({ length: recipients }, (_, place) => `c${place}.${traces}@example.com`),
  );
  const mailing = await aMailing(world.db, {
    contactIds,
    acceptedAt: clock.now(),
    links: [1, 2, 3, 4, 5].map((number) => ({ number, url: `https://shop.example.com/${number}` })),
  });
  const { keys } = world.product.tracking;
  for (const step of steps) {
    const { after = 0, to = 0, link, agent = chrome, method = "GET", ip = "192.0.2.44", headers = {} } = step;
    clock.advance(after * 1000);
    const { read } = mintTokens(mailing.deliveryIds[to] ?? "", keys.current(), keys.mac);
    await world.product.app.inject({
      method,
      url: link === undefined ? `/o/${read}.gif` : `/c/${read}/${link}`,
      headers: { "user-agent": agent, ...headers },
      remoteAddress: ip,
    });
  }
  clock.advance(6000);
  while ((await world.product.tracking.flush()) > 0);
  const rows = await world.db.rows<{ what: string }>(sql`
    select concat_ws(' ', kind, agent) as what from interactions where mailing_id = ${mailing.mailingId} order by id`);
  const told = await world.db.rows<{ payload: { agent: string } }>(sql`
    select distinct on (payload->>'interactionId') payload from news
    where kind = 'contact.interacted' and payload->>'mailingId' = ${mailing.mailingId}
      and payload->>'agent' = 'human'`);
  expect(await verifyTracking(world.db)).toEqual([]);
  return { seen: rows.map(({ what }) => what), toldOfPeople: told.length };
}

const times = <Value>(count: number, value: Value): Value[] => Array.from({ length: count }, () => value);

describe("machines", () => {
  test("[T24] Apple's privacy proxy opens everything soon after delivery", async () => {
    expect(await play([{ after: 40, agent: "Mozilla/5.0" }])).toEqual({
      seen: ["open machine"],
      toldOfPeople: 0,
    });
  });

  test("[T26] a gateway in the clothes of a browser follows every link within seconds", async () => {
    const steps = [1, 2, 3, 4, 5].map((link) => ({ after: link === 1 ? 8 : 0.4, link }));
    expect(await play(steps)).toEqual({ seen: times(5, "click machine"), toldOfPeople: 0 });
  });

  test("[T27] a gateway fetches the pictures a second after the message was accepted", async () => {
    expect(await play([{ after: 1 }])).toEqual({ seen: ["open machine"], toldOfPeople: 0 });
  });

  test("[T21] a program asks by OPTIONS what it may do", async () => {
    const steps = [
      { after: 60, method: "OPTIONS" as const },
      { after: 1, link: 1, method: "OPTIONS" as const },
    ];
    expect(await play(steps)).toEqual({ seen: ["open machine", "click machine"], toldOfPeople: 0 });
  });

  test("[T53] one program follows a link each of sixty recipients within half a minute", async () => {
    const { seen, toldOfPeople } = await play(
      Array.from({ length: 60 }, (_, to) => ({ after: 0.5, to, link: 1, ip: "198.51.100.9" })),
      60,
    );
    expect({ seen: seen.slice(-11), toldOfPeople }).toEqual({
      seen: times(11, "click machine"),
      toldOfPeople: 0,
    });
  });

  test("[T54] a program follows the link that no person sees, and two others slowly", async () => {
    const steps = [
      { after: 60, link: 1 },
      { after: 4, link: 0 },
      { after: 400, link: 2 },
      { after: 500, link: 3, ip: "192.0.2.45" },
    ];
    expect(await play(steps)).toEqual({
      seen: ["click machine", "trap machine", "click machine", "click human"],
      toldOfPeople: 1,
    });
  });

  test("[T52] a scanner of a listed network follows one link minutes later as a common browser", async () => {
    const owner = await world.as("owner");
    const networks = ["203.0.113.0/24", "2001:db8:55::/48"];
    const set = await owner.request("PUT", "/api/tracking/rules", { networks, hiddenLink: false });
    expect(set.status).toBe(200);
    const steps = [
      { after: 600, link: 1, ip: "203.0.113.77" },
      { after: 600, ip: "2001:db8:55::1" },
      { after: 600, link: 1, ip: "::ffff:203.0.113.1" },
      { after: 600, link: 1, ip: "203.0.114.1" },
    ];
    expect(await play(steps)).toEqual({
      seen: ["click machine", "open machine", "click machine", "click human"],
      toldOfPeople: 1,
    });
  });

  test("[T26] a gateway comes back after hours and looks into the links again", async () => {
    const scan = (after: number) => [1, 2, 3].map((link) => ({ after: link === 1 ? after : 0.5, link }));
    expect(await play([...scan(3), ...scan(7200)])).toEqual({
      seen: times(6, "click machine"),
      toldOfPeople: 0,
    });
  });
});

describe("people", () => {
  test("[T23] the picture proxy of Gmail fetches when a person opens", async () => {
    const agent = "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)";
    expect(await play([{ after: 600, agent }])).toEqual({ seen: ["open human"], toldOfPeople: 1 });
  });

  test("[T27] one click three seconds after delivery", async () => {
    expect(await play([{ after: 3, link: 1 }])).toEqual({ seen: ["click human"], toldOfPeople: 1 });
  });

  test("[T26] two links within four seconds", async () => {
    const steps = [
      { after: 60, link: 1 },
      { after: 4, link: 2 },
    ];
    expect(await play(steps)).toEqual({ seen: times(2, "click human"), toldOfPeople: 2 });
  });

  test("[T20] thirty colleagues behind one address with one browser", async () => {
    const steps = Array.from({ length: 30 }, (_, to) => ({ after: 7, to, link: 1 + (to % 2) }));
    expect(await play(steps, 30)).toEqual({ seen: times(30, "click human"), toldOfPeople: 30 });
  });

  test("[T21] a browser that asks by HEAD before it goes there is a person at its GET", async () => {
    const steps = [
      { after: 60, link: 1, method: "HEAD" as const },
      { after: 0.2, link: 1 },
    ];
    expect(await play(steps)).toEqual({ seen: ["click machine", "click human"], toldOfPeople: 1 });
  });
});
