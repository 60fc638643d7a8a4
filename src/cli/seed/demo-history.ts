import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import type { Product } from "../../server/compose.ts";
import { type ConsentEntry, recordConsent } from "../../server/consent/index.ts";
import { type Database, type Platform, sql } from "../../server/platform/index.ts";
import type { InteractionRow } from "../../server/tracking/index.ts";
import type { Client, DemoWorkspace } from "./demo-workspace.ts";
import { createRandom } from "./random.ts";

type World = {
  readonly client: Client;
  readonly platform: Platform;
  readonly product: Product;
  readonly setClock: (now: Date) => void;
};

const day = 24 * 60 * 60 * 1000;
const hour = 60 * 60 * 1000;

/**
 * Lives through six weeks: a newsletter to everyone, then the invitation that becomes a thank-you or a reminder.
 * Journeys, delivery and tracking do it themselves, on a clock that is moved; only what contacts do is made up.
 */
export async function makeHistory(world: World, demo: DemoWorkspace, today: Date): Promise<void> {
  const random = createRandom(7);
  const at = (daysAgo: number) => new Date(today.getTime() - daysAgo * day);

  world.setClock(at(42));
  const newsletter = await startJourney(world.client, "Early autumn newsletter", newsletterGraph(demo));
  await untilQuiet(world);
  await datePast(world.platform.db, at(42));
  await react(world, random, at(42), { opens: 0.44, clicks: 0.11, unsubscribes: 0.004 });

  world.setClock(at(10));
  await startJourney(world.client, "Autumn gathering", gatheringGraph(demo));
  await untilQuiet(world);
  await datePast(world.platform.db, at(10));
  await react(world, random, at(10), { opens: 0.58, clicks: 0.24, unsubscribes: 0.002 });
  await register(world, random, demo.eventId, at(9));
  await untilQuiet(world);
  await datePast(world.platform.db, at(9));
  world.setClock(at(3));
  await untilQuiet(world);
  await datePast(world.platform.db, at(3));
  await react(world, random, at(3), { opens: 0.39, clicks: 0.08, unsubscribes: 0.003 });
  world.setClock(today);
  await untilQuiet(world);
  await world.client.journeys.get({ params: { journeyId: newsletter } });
}

async function startJourney(client: Client, name: string, graph: object): Promise<string> {
  const journey = await client.journeys.create({
    body: JSON.parse(
      JSON.stringify({ name, graph, settings: { contentSettingsId: null, timeZone: "America/New_York" } }),
    ),
  });
  await client.journeys.goLive({ params: { journeyId: journey.id }, body: { revision: journey.revision } });
  return journey.id;
}

const tile = (id: string, x: number, y: number, rest: object) => ({
  id,
  label: "",
  position: { x, y },
  ...rest,
});
const edge = (from: string, to: string, exit = "next") => ({ from, exit, to });

function newsletterGraph({ segments, messages }: DemoWorkspace) {
  return {
    tiles: [
      tile("start", 0, 0, { kind: "segment-start", segmentId: segments.everyone, joinLater: false }),
      tile("send", 0, 160, { kind: "send", messageId: messages.newsletter }),
      tile("end", 0, 320, { kind: "end" }),
    ],
    edges: [edge("start", "send"), edge("send", "end")],
  };
}

function gatheringGraph({ segments, messages, eventId }: DemoWorkspace) {
  return {
    tiles: [
      tile("start", 0, 0, { kind: "segment-start", segmentId: segments.newYork, joinLater: false }),
      tile("invite", 0, 160, { kind: "send", messageId: messages.invite }),
      tile("registers", 0, 320, {
        kind: "trigger",
        happening: { kind: "registered", eventId },
        timeout: { amount: 7, unit: "days" },
      }),
      tile("thanks", -180, 480, { kind: "send", messageId: messages.thanks }),
      tile("reminder", 180, 480, { kind: "send", messageId: messages.reminder }),
      tile("end", 0, 640, { kind: "end" }),
    ],
    edges: [
      edge("start", "invite"),
      edge("invite", "registers"),
      edge("registers", "thanks", "yes"),
      edge("registers", "reminder", "timeout"),
      edge("thanks", "end"),
      edge("reminder", "end"),
    ],
  };
}

/** Waits until no contact is due, no news waits and every delivery has its fate. */
async function untilQuiet({ platform: { db, clock } }: World): Promise<void> {
  for (let quiet = 0; quiet < 3; ) {
    const row = await db.first<{ busy: boolean }>(sql`
      select exists (select 1 from delivery_chunks where finished_at is null)
          or exists (select 1 from news)
          or exists (select 1 from journey_visits where finished_at is null and due_at <= ${clock.now()})
          or exists (select 1 from journeys j where j.state = 'live' and not exists
               (select 1 from journey_node_totals t where t.version_id = j.live_version_id)) as busy`);
    quiet = row?.busy ? 0 : quiet + 1;
    await pause(400);
  }
}

/** Gives what was sent just now the date it stands for. */
async function datePast(db: Database, at: Date): Promise<void> {
  await db.transaction(async (tx) => {
    // Only the owner of the table can make up a past: to everybody else the log is what it is.
    await tx.run(sql`alter table delivery_log disable trigger delivery_log_keeps_fates`);
    await tx.run(sql`
      update delivery_log set at = ${at}::timestamptz + (delivery_id % 3600) * interval '1 second'
      where at > now() - interval '1 hour' and at > ${at}::timestamptz + interval '2 hours'`);
    await tx.run(sql`alter table delivery_log enable trigger delivery_log_keeps_fates`);
  });
}

type Rates = { readonly opens: number; readonly clicks: number; readonly unsubscribes: number };

/** Contacts open, click and now and then unsubscribe within three days of what was sent on a day. */
async function react(
  { platform: { db, news }, product }: World,
  random: () => number,
  sentAt: Date,
  rates: Rates,
): Promise<void> {
  const delivered = await db.rows<{ deliveryId: string; addressKey: string }>(sql`
    select delivery_id as "deliveryId", lower(address) as "addressKey" from delivery_log
    where outcome = 'accepted' and at between ${sentAt} and ${new Date(sentAt.getTime() + 2 * hour)} order by delivery_id`);
  const rows: InteractionRow[] = [];
  const withdrawals: ConsentEntry[] = [];
  for (const { deliveryId, addressKey } of delivered) {
    const isMachine = random() < 0.12;
    if (random() >= rates.opens) continue;
    const openedAt = new Date(sentAt.getTime() + hour + Math.floor(random() ** 2 * 3 * day));
    const agent = isMachine ? ("machine" as const) : ("human" as const);
    rows.push({
      hitId: randomUUID(),
      kind: "open",
      at: openedAt,
      deliveryId,
      agent,
      evidence: isMachine ? "prefetch" : null,
    });
    if (isMachine || random() >= rates.clicks / rates.opens) continue;
    const clickedAt = new Date(openedAt.getTime() + Math.floor(random() * 10 * 60_000));
    rows.push({
      hitId: randomUUID(),
      kind: "click",
      at: clickedAt,
      deliveryId,
      linkNumber: 1 + Math.floor(random() * 3),
    });
    if (random() >= rates.unsubscribes / rates.clicks) continue;
    const at = new Date(clickedAt.getTime() + 60_000);
    rows.push({ hitId: randomUUID(), kind: "unsubscribe", at, deliveryId });
    withdrawals.push({ addressKey, topicId: null, kind: "withdrawn", source: "one-click", deliveryId, at });
  }
  await db.transaction((tx) => recordConsent(news, tx, withdrawals));
  await record(db, product, rows);
}

/** One in five of those who were invited registers. */
async function register(
  { platform: { db }, product }: World,
  random: () => number,
  eventId: string,
  at: Date,
): Promise<void> {
  const event = eventId.replace("evt_", "");
  const invited = await db.rows<{ contactId: string }>(sql`
    select v.contact_id as "contactId" from journey_visits v join journeys j on j.id = v.journey_id
    where j.name = 'Autumn gathering' and exists (
      select 1 from delivery_log l where l.contact_id = v.contact_id and l.visit_id = v.id and l.outcome = 'accepted')
    order by v.contact_id`);
  const registering = invited.filter(() => random() < 0.17).slice(0, 2000);
  const contactIds = registering.map(({ contactId }) => contactId);
  await db.run(sql`
    insert into registrations (event_id, contact_id, state, registered_at)
    select ${event}, contact_id, 'registered', ${at} from unnest(${contactIds}::bigint[]) contact_id`);
  await record(
    db,
    product,
    contactIds.map((contactId) => ({
      hitId: randomUUID(),
      kind: "registered",
      at: new Date(at.getTime() + Math.floor(random() * 6 * hour)),
      contactId,
      eventId: event,
    })),
  );
}

async function record(db: Database, product: Product, rows: readonly InteractionRow[]): Promise<void> {
  for (let start = 0; start < rows.length; start += 5000)
    await db.transaction((tx) => product.tracking.recordInteractions(tx, rows.slice(start, start + 5000)));
}
