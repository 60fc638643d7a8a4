import { loadavg } from "node:os";
import { parseArgs } from "node:util";
import type { Step } from "#core/journeys/plan.ts";
import { toId } from "#core/kernel/ids.ts";
import { enterContacts } from "#server/journeys/enter-contacts.ts";
import { createLoader, type LiveJourney } from "#server/journeys/live-journey.ts";
import { type EngineDeps, moveBatch } from "#server/journeys/move-batch.ts";
import { batchSize } from "#server/journeys/run-due-visits.ts";
import { verifyJourneys } from "#server/journeys/verify-journeys.ts";
import { type Database, manualClock, sql } from "#server/platform/index.ts";
import { conditionSql, segmentSql } from "#server/segments/index.ts";
import { prepareLetter } from "../support/prepare-letter.ts";
import { costOf } from "../support/process-cost.ts";
import type { Figure, Report } from "../support/report.ts";
import { openWorkplace, type Workplace } from "../support/workplace.ts";

/**
 * Moves everybody through a journey, tile after tile, by the engine's own transactions in its own batches. Nothing is sent: a send
 * tile hands over to the sender, and no sender runs. Days pass by a clock that is set.
 */
export async function measureJourney(args: readonly string[]): Promise<Report> {
  const { values } = parseArgs({
    args: [...args],
    options: { contacts: { type: "string", default: "1000000" } },
  });
  const contacts = Number(values.contacts);
  const load = loadavg()[0] ?? 0;
  const workplace = await openWorkplace();
  try {
    // Nobody sends: the port of the route is never asked.
    const letter = await prepareLetter(workplace, { contacts, port: 9, connections: 10, signed: "none" });
    await goLive(workplace, toId("message", letter.messageId));
    const { db } = workplace;
    const clock = manualClock(new Date());
    const engine: EngineDeps = { db, clock, audience: { conditionSql, segmentSql } };
    const [journey] = await createLoader()(db, ["live"]);
    if (!journey) throw new Error("There is no live journey");
    const passing = (tile: Step["kind"]) => timeTile(workplace, engine, journey, tile);
    const start = performance.now();
    const entering = await timed(workplace, () => enterContacts(engine, journey));
    const sending = await passing("send");
    clock.advance(86_400_000);
    const waiting = await passing("wait");
    await click(db, clock.now());
    clock.advance(86_400_000);
    const timingOut = await passing("trigger");
    const seconds = (performance.now() - start) / 1000;
    return {
      title: "A journey, tile by tile",
      work:
        `${contacts.toLocaleString("en")} contacts through start, send (handed to the sender, not sent), wait and trigger (one in ` +
        `ten had clicked, the others time out), ${batchSize.toLocaleString("en")} in a transaction; load average at the start ${load.toFixed(1)}`,
      figures: [
        ...figuresOf("start: all enter", entering),
        ...figuresOf("send: all are handed to the sender", sending),
        ...figuresOf("wait: all pass once it is due", waiting),
        ...figuresOf("trigger: all leave by yes or time-out", timingOut),
        { name: "all tiles, clicks recorded between", value: seconds, unit: "s" },
      ],
      proofs: await proofsOf(db, contacts, [entering, sending, waiting, timingOut]),
    };
  } finally {
    await workplace.stop();
  }
}

/** Everybody, a letter, a day's rest, a day to click, and the end. */
async function goLive({ client }: Workplace, messageId: string): Promise<void> {
  const segment = await client.segments.create({
    body: { name: "Everyone", definition: { timeZone: "UTC", condition: { kind: "all", of: [] } } },
  });
  const day = { amount: 1, unit: "days" } as const;
  const place = (id: string, y: number) => ({ id, label: "", position: { x: 0, y } });
  const journey = await client.journeys.create({
    body: {
      name: "Bench",
      graph: {
        tiles: [
          { ...place("start", 0), kind: "segment-start", segmentId: segment.id, joinLater: false },
          { ...place("send", 160), kind: "send", messageId },
          { ...place("wait", 320), kind: "wait", until: { kind: "duration", duration: day } },
          {
            ...place("answer", 480),
            kind: "trigger",
            happening: { kind: "clicked", of: { kind: "tile", tileId: "send" } },
            timeout: day,
          },
          { ...place("end", 640), kind: "end" },
        ],
        edges: [
          { from: "start", exit: "next", to: "send" },
          { from: "send", exit: "next", to: "wait" },
          { from: "wait", exit: "next", to: "answer" },
          { from: "answer", exit: "yes", to: "end" },
          { from: "answer", exit: "timeout", to: "end" },
        ],
      },
    },
  });
  await client.journeys.goLive({ params: { journeyId: journey.id }, body: { revision: journey.revision } });
}

type Passage = { readonly count: number; readonly seconds: number; readonly cpuPerContact: number };

/** How long it took, and what it cost this process and PostgreSQL. */
async function timed({ postgresPid }: Workplace, work: () => Promise<number>): Promise<Passage> {
  const before = {
    at: performance.now(),
    own: process.cpuUsage(),
    server: costOf(postgresPid).cpuMicroseconds,
  };
  const count = await work();
  const seconds = (performance.now() - before.at) / 1000;
  const { user, system } = process.cpuUsage(before.own);
  const cpu = user + system + costOf(postgresPid).cpuMicroseconds - before.server;
  return { count, seconds, cpuPerContact: cpu / Math.max(1, count) };
}

function timeTile(
  workplace: Workplace,
  engine: EngineDeps,
  journey: LiveJourney,
  kind: Step["kind"],
): Promise<Passage> {
  const step = journey.plan.steps.find((each) => each.kind === kind);
  if (!step) throw new Error(`The journey has no tile "${kind}"`);
  return timed(workplace, async () => {
    let count = 0;
    for (;;) {
      const looked = await moveBatch(engine, journey, step, batchSize);
      count += looked;
      if (looked < batchSize) return count;
    }
  });
}

/** One in ten clicks in the mailing, as tracking records it. */
async function click(db: Database, at: Date): Promise<void> {
  await db.run(sql`
    insert into interactions (hit_id, kind, contact_id, mailing_id, message_id, link_number, at)
    select gen_random_uuid(), 'click', contacts.id, mailing.id, version.message_id, 1, ${at}
    from contacts, mailings mailing join message_versions version on version.id = mailing.message_version_id
    where contacts.id % 10 = 0`);
  await db.run(sql`vacuum (analyze) interactions`);
}

function figuresOf(name: string, { seconds, cpuPerContact }: Passage): Figure[] {
  return [
    { name, value: seconds, unit: "s" },
    { name: `${name.split(":")[0]}: processor time a contact`, value: cpuPerContact, unit: "µs" },
  ];
}

async function proofsOf(
  db: Database,
  contacts: number,
  passages: readonly Passage[],
): Promise<Report["proofs"]> {
  const all = contacts.toLocaleString("en");
  const handed = await db.first<{ total: number; people: number }>(sql`
    select count(*)::int as total, count(distinct contact)::int as people from delivery_chunks, unnest(contact_ids) as contact`);
  const ended = await db.first<{ count: number }>(
    sql`select count(*)::int as count from journey_visits where finish_reason = 'end'`,
  );
  const clicked = await db.first<{ count: number }>(
    sql`select coalesce(sum(total), 0)::int as count from journey_node_totals where node_id = 'answer' and exit = 'yes'`,
  );
  const mismatches = await verifyJourneys(db);
  return [
    { fact: `each tile passed all ${all}`, holds: passages.every(({ count }) => count === contacts) },
    {
      fact: `the sender was handed each of the ${all} once`,
      holds: handed?.total === contacts && handed.people === contacts,
    },
    {
      fact: "everybody reached the end, those who clicked by yes",
      holds: ended?.count === contacts && clicked?.count === Math.floor(contacts / 10),
    },
    { fact: "every number of the journey follows from its rows", holds: mismatches.length === 0 },
  ];
}
