import { loadavg } from "node:os";
import { parseArgs } from "node:util";
import { enqueueFromSql, ensureMailing, verifyDelivery } from "#server/delivery/index.ts";
import { type Database, sql } from "#server/platform/index.ts";
import { type CountingSink, type SinkCounts, startCountingSink } from "../sink/counting-sink.ts";
import { prepareLetter, type Signature } from "../support/prepare-letter.ts";
import type { Figure, Report } from "../support/report.ts";
import { type Sampler, startSampler, stretchOf } from "../support/sampler.ts";
import { startSenders } from "../support/sender-processes.ts";
import { waitUntil } from "../support/wait-until.ts";
import { openWorkplace, type Workplace } from "../support/workplace.ts";
import { measureRawSmtp, measureRendering, measureRsa } from "../support/yardsticks.ts";

/**
 * Sends one letter to many contacts with the full ledger: PostgreSQL, senders and the SMTP sink are processes of their own on this
 * machine, and every delivery is looked for at the sink and in the ledger afterwards.
 */
export async function measureSend(args: readonly string[]): Promise<Report> {
  const options = readOptions(args);
  const load = loadavg()[0] ?? 0;
  const sink = await startCountingSink();
  const workplace = await openWorkplace();
  try {
    const yardsticks = await measureYardsticks(sink, options);
    const { versionId } = await prepareLetter(workplace, { ...options, port: sink.port });
    const enqueued = await enqueueAll(workplace.db, versionId);
    const run = await sendAll(workplace, sink, enqueued.mailingId, options);
    const ledger = {
      ...(await readLedger(workplace.db, enqueued.mailingId)),
      idSum: await sumIds(workplace.db, enqueued.mailingId),
    };
    const problems = await verifyDelivery(workplace.db);
    return {
      title: "Sending with the full ledger",
      work:
        `a personalised letter of ${(run.seen.bytes / Math.max(1, run.seen.messages) / 1024).toFixed(1)} KB to ` +
        `${options.contacts.toLocaleString("en")} contacts who agreed to its topic, ${signatures[options.signed]}, ` +
        `${options.processes} sender process${options.processes === 1 ? "" : "es"}, ${options.connections} connections each; ` +
        `load average at the start ${load.toFixed(1)}`,
      figures: [
        { name: "enqueue all", value: enqueued.seconds, unit: "s" },
        ...figuresOf(run, options.contacts),
        ...yardsticks,
        ...ratiosOf(run, yardsticks, options),
      ],
      proofs: proofsOf(run.seen, ledger, problems, options.contacts),
    };
  } finally {
    await workplace.stop();
    await sink.stop();
  }
}

type Options = {
  readonly contacts: number;
  readonly processes: number;
  readonly connections: number;
  readonly signed: Signature;
};

const signatures: Readonly<Record<Signature, string>> = {
  none: "without DKIM",
  rsa: "signed by DKIM (RSA-2048)",
  ed25519: "signed by DKIM (Ed25519)",
};

function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      contacts: { type: "string", default: "1000000" },
      processes: { type: "string", default: "1" },
      connections: { type: "string", default: "10" },
      signed: { type: "string", default: "none" },
    },
  });
  const { signed } = values;
  if (signed !== "none" && signed !== "rsa" && signed !== "ed25519")
    throw new Error("--signed is none, rsa or ed25519.");
  return {
    contacts: Number(values.contacts),
    processes: Number(values.processes),
    connections: Number(values.connections),
    signed,
  };
}

const limitName = "limit: messages a second by a raw client";
const rsaName = "limit: RSA-2048 signatures a second";

/** What the same machine does without a ledger: taken before the run, while nothing else of the bench works. */
async function measureYardsticks(sink: CountingSink, { connections, signed }: Options): Promise<Figure[]> {
  const rendering = await measureRendering();
  const raw = await measureRawSmtp(sink, connections);
  const figures: Figure[] = [
    {
      name: limitName,
      value: raw.perSecond,
      unit: "/s",
      note: "one process, a message that is ready, the product's connections, the same sink",
    },
    {
      name: "in isolation: rendering and wire gate",
      value: rendering.cpuPerPiece,
      unit: "µs",
      note: "a message",
    },
    { name: "in isolation: SMTP", value: raw.cpuPerPiece, unit: "µs", note: "a message, client alone" },
  ];
  if (signed !== "rsa") return figures;
  const rsa = await measureRsa();
  return [
    ...figures,
    { name: rsaName, value: rsa.perSecond, unit: "/s", note: "all cores" },
    { name: "in isolation: RSA-2048 signature", value: rsa.cpuPerPiece, unit: "µs", note: "without hashing" },
  ];
}

/** The steady middle as a share of each limit. */
function ratiosOf({ sampler }: Run, yardsticks: readonly Figure[], { contacts }: Options): Figure[] {
  const middle = stretchOf(sampler.samples, contacts, steady);
  if (!middle) return [];
  return yardsticks
    .filter(({ name }) => name === limitName || name === rsaName)
    .map(({ name, value }) => ({
      name: `steady middle / ${name.replace("limit: ", "")}`,
      value: (middle.perSecond / value) * 100,
      unit: "%",
    }));
}

/** Hands everybody to the sender, as a send tile does. */
async function enqueueAll(
  db: Database,
  messageVersionId: string,
): Promise<{ mailingId: string; seconds: number }> {
  const start = performance.now();
  const mailingId = await db.transaction(async (tx) => {
    const id = await ensureMailing(tx, { kind: "journey", messageVersionId });
    await enqueueFromSql(tx, {
      mailingId: id,
      from: sql`select id as contact_id, id as visit_id from contacts`,
    });
    return id;
  });
  return { mailingId, seconds: (performance.now() - start) / 1000 };
}

const steady = [0.1, 0.9] as const;

type Run = {
  readonly sampler: Sampler;
  readonly seen: SinkCounts;
  /** From the start of the sender processes to the last fate in the ledger. */
  readonly seconds: number;
};

async function sendAll(
  { db, environment, postgresPid }: Workplace,
  sink: CountingSink,
  mailingId: string,
  { contacts, processes }: Options,
): Promise<Run> {
  const startedAt = performance.now();
  const senders = await startSenders(environment, processes);
  const parts = { senders: senders.pids, PostgreSQL: [postgresPid], sink: [sink.pid] };
  const sampler = startSampler(parts, "senders", async () => (await sink.counts()).messages);
  try {
    await waitUntil(
      "A fate for every delivery",
      60 + contacts / 200,
      () => readLedger(db, mailingId),
      ({ fates }) => fates >= contacts,
    );
    return { sampler, seconds: (performance.now() - startedAt) / 1000, seen: await sink.counts() };
  } finally {
    await sampler.stop();
    await senders.stop();
  }
}

type Ledger = { readonly fates: number; readonly accepted: number; readonly idSum: bigint };

async function readLedger(db: Database, mailingId: string): Promise<Omit<Ledger, "idSum">> {
  const row = await db.first<{ fates: string; accepted: string }>(sql`
    select coalesce(sum(total) filter (where outcome <> 'queued'), 0) as fates,
           coalesce(sum(total) filter (where outcome = 'accepted'), 0) as accepted
    from mailing_totals where mailing_id = ${mailingId}`);
  return { fates: Number(row?.fates ?? 0), accepted: Number(row?.accepted ?? 0) };
}

/** The sum of the ids of all accepted deliveries. */
async function sumIds(db: Database, mailingId: string): Promise<bigint> {
  const row = await db.first<{ sum: string }>(sql`
    select coalesce(sum(delivery_id), 0) as sum from delivery_log where mailing_id = ${mailingId} and outcome = 'accepted'`);
  return BigInt(row?.sum ?? 0);
}

function figuresOf({ sampler, seconds }: Run, contacts: number): Figure[] {
  const middle = stretchOf(sampler.samples, contacts, steady);
  const peak = (of: "all" | "largest") => Math.max(...sampler.samples.map(({ memory }) => memory[of]));
  const overall: Figure[] = [
    {
      name: "messages a second, overall",
      value: contacts / seconds,
      unit: "/s",
      note: `${seconds.toFixed(1)} s from the start of the senders to the last fate in the ledger`,
    },
    { name: "peak memory of all sender processes", value: peak("all"), unit: "MB" },
    { name: "peak memory of the largest sender process", value: peak("largest"), unit: "MB" },
  ];
  if (!middle) return overall;
  const costs = Object.entries(middle.cpuPerPiece);
  return [
    {
      name: "messages a second, steady middle",
      value: middle.perSecond,
      unit: "/s",
      note: "10 % to 90 % of the messages",
    },
    ...costs.map(([name, value]) => ({ name: `processor time a message: ${name}`, value, unit: "µs" })),
    {
      name: "processor time a message: all",
      value: costs.reduce((sum, [, value]) => sum + value, 0),
      unit: "µs",
    },
    { name: "steady memory of all sender processes", value: middle.memory.all, unit: "MB" },
    ...overall,
  ];
}

function proofsOf(
  seen: SinkCounts,
  ledger: Ledger,
  problems: readonly string[],
  contacts: number,
): Report["proofs"] {
  const all = contacts.toLocaleString("en");
  return [
    {
      fact: `the sink took ${all} messages, each delivery id exactly once`,
      holds: seen.messages === contacts && seen.distinct === contacts && seen.repeated + seen.unnamed === 0,
    },
    {
      fact: `the ledger says that all ${all} were accepted, and its ids add up to those that the sink saw`,
      holds: ledger.accepted === contacts && ledger.idSum === seen.sum,
    },
    {
      fact: `every figure of the ledger follows from its rows${problems[0] ? `: ${problems[0]}` : ""}`,
      holds: problems.length === 0,
    },
  ];
}
