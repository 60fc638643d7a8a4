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
  readonly method?: "GET" | "HEAD";
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
  for (const { after = 0, to = 0, link, agent = chrome, method = "GET", headers = {} } of steps) {
    clock.advance(after * 1000);
    const { read } = mintTokens(mailing.deliveryIds[to] ?? "", keys.current(), keys.mac);
    await world.product.app.inject({
      method,
      url: link === undefined ? `/o/${read}.gif` : `/c/${read}/${link}`,
      headers: { "user-agent": agent, ...headers },
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
