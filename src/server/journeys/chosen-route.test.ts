import { afterEach, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { Journey } from "#contract/journeys.ts";
import { Route } from "#contract/senders.ts";
import { sql } from "#server/platform/index.ts";
import { aGraph } from "#test/journeys.ts";
import { type Agent, createTestProduct, type TestProduct } from "#test/product.ts";
import { addContacts, addLiveMessage, addSegment } from "#test/running-journey.ts";

let world: TestProduct;
let admin: Agent;
beforeEach(async () => {
  world = await createTestProduct();
  await world.db.run(sql`
    insert into content_settings (name, is_default, postal_address, company_name)
    values ('Default', true, '1 Main Street, Bonn', 'Example')
    on conflict (is_default) where is_default do update set postal_address = excluded.postal_address`);
  admin = await world.as("admin");
});
afterEach(() => world.stop());

async function aRoute(name: string): Promise<string> {
  const answer = await admin.request("POST", "/api/routes", {
    name,
    host: "relay.example.com",
    port: 587,
    tls: "starttls-required",
  });
  return Route.parse(answer.body).id;
}

async function aJourney(routeId: string | null): Promise<z.infer<typeof Journey>> {
  const segment = await addSegment(world.db, await addContacts(world.db, ["Bonn"]));
  const graph = aGraph(
    {
      start: { kind: "segment-start", segmentId: `seg_${segment}`, joinLater: false },
      invite: { kind: "send", messageId: `msg_${await addLiveMessage(world.db)}` },
      end: { kind: "end" },
    },
    ["start next invite", "invite next end"],
  );
  const settings = { routeId };
  const answer = await admin.request("POST", "/api/journeys", { name: "Spring", graph, settings });
  return Journey.parse(answer.body);
}

const goLive = ({ id, revision }: z.infer<typeof Journey>) =>
  admin.request("POST", `/api/journeys/${id}/go-live`, { revision });
const found = async ({ id }: z.infer<typeof Journey>) => {
  const { body } = await admin.request("GET", `/api/journeys/${id}/check`);
  const { findings } = z.object({ findings: z.array(z.object({ code: z.string() })) }).parse(body);
  return findings.map(({ code }) => code);
};
const routesOfMailings = () => world.db.rows(sql`select 'route_' || route_id as route from mailings`);

test("[J50] the mail of a journey names the chosen route, which cannot be removed from then on", async () => {
  const route = await aRoute("Own relay");
  const journey = await aJourney(route);
  expect(journey.settings.routeId).toBe(route);
  expect(await found(journey)).not.toContain("journey.route-missing");
  expect((await goLive(journey)).status).toBe(200);
  expect(await world.db.rows(sql`select route_id from mailings`)).toEqual([
    { route_id: route.slice(route.indexOf("_") + 1) },
  ]);
  expect(await admin.request("DELETE", `/api/routes/${route}`)).toMatchObject({
    status: 409,
    body: { code: "senders.route-in-use" },
  });
  const { body } = await admin.request("GET", "/api/audit");
  expect(body).toMatchObject({
    items: expect.arrayContaining([
      expect.objectContaining({
        action: "journey.went-live",
        details: expect.objectContaining({ routeId: route }),
      }),
    ]),
  });
});

test("[J50] without a choice the weights decide", async () => {
  const journey = await aJourney(null);
  expect((await goLive(journey)).status).toBe(200);
  expect(await routesOfMailings()).toEqual([{ route: null }]);
});

test("[J50] a route that was removed meanwhile is found before going live, and the test mailbox is warned of", async () => {
  const route = await aRoute("Old relay");
  const journey = await aJourney(route);
  expect((await admin.request("DELETE", `/api/routes/${route}`)).status).toBe(200);
  expect(await found(journey)).toContain("journey.route-missing");
  expect(await goLive(journey)).toMatchObject({ status: 422, body: { code: "journey.check-failed" } });
  const { body } = await admin.request("GET", "/api/routes");
  const mailbox = z
    .object({ items: z.array(Route) })
    .parse(body)
    .items.find(({ isMailbox }) => isMailbox);
  expect(await found(await aJourney(mailbox?.id ?? ""))).toContain("journey.route-is-mailbox");
});
