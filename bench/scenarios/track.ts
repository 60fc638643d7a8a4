import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { z } from "zod";
import { mintTokens } from "#core/tracking/tokens.ts";
import {
  createLog,
  createSecrets,
  type Database,
  loadInstanceKey,
  readConfig,
  sql,
} from "#server/platform/index.ts";
import { loadTrackingKeys } from "#server/tracking/index.ts";
import { type LoadJob, type LoadResult, loadResultSchema } from "../load/load-job.ts";
import { type LineProcess, startLineProcess } from "../support/line-process.ts";
import { prepareLetter } from "../support/prepare-letter.ts";
import { costOf } from "../support/process-cost.ts";
import type { Figure, Report } from "../support/report.ts";
import { type RoleProcesses, startRole } from "../support/role-processes.ts";
import { enqueueAll } from "../support/send-run.ts";
import { waitUntil } from "../support/wait-until.ts";
import { openWorkplace, type Workplace } from "../support/workplace.ts";

const connections = 64;

/**
 * Asks for beacons and links of deliveries, each once: as fast as it goes, then at half that pace. The product's tracker, PostgreSQL
 * and the load client are processes of their own; every answered hit is looked for in the database.
 */
export async function measureTracking(args: readonly string[]): Promise<Report> {
  const { values } = parseArgs({
    args: [...args],
    options: { requests: { type: "string", default: "200000" } },
  });
  // A tenth warms up, half is asked for as fast as it goes, the rest at half that pace.
  const requests = Number(values.requests);
  const parts = { warm: Math.floor(requests / 10), fast: Math.floor(requests * 0.6) };
  const load = loadavg()[0] ?? 0;
  const folder = mkdtempSync(join(tmpdir(), "postroad-bench-paths-"));
  const client = startLineProcess(programOf("load-client-main"));
  const bare = startLineProcess(programOf("bare-server-main"));
  const workplace = await openWorkplace();
  try {
    const file = join(folder, "paths");
    const prepared = { contacts: Math.ceil(requests / 2), port: 9, connections: 1, signed: "none" } as const;
    const { versionId } = await prepareLetter(workplace, prepared);
    await enqueueAll(workplace.db, versionId, prepared.contacts);
    writeFileSync(file, (await makePaths(workplace, requests)).join("\n"));
    const ask = (port: number, from: number, to: number, perSecond: number | null) =>
      askClient(client, { port, connections, perSecond, file, from, to });
    const { port: barePort } = z.object({ port: z.int() }).parse(await bare.read());
    await ask(barePort, 0, parts.warm, null);
    const limit = await ask(barePort, parts.warm, parts.fast, null);

    const tracker = await startRole("tracker", { ...workplace.environment, POSTROAD_PORT: "0" }, 1);
    try {
      const port = Number(new URL(tracker.addresses[0] ?? "").port);
      const costs = watchCosts(tracker, workplace);
      const warm = await ask(port, 0, parts.warm, null);
      const begun = costs();
      const fast = await ask(port, parts.warm, parts.fast, null);
      const answering = costs().tracker - begun.tracker;
      const pace = fast.answered / fast.seconds / 2;
      const steady = await ask(port, parts.fast, requests, pace);
      const bareSteady = await ask(barePort, parts.fast, requests, pace);
      const hits = await untilRecorded(workplace.db, requests);
      const { tracker: own, server } = costs();
      const refused = warm.refused + fast.refused + steady.refused;
      return {
        title: "Beacons and redirects, kept before they are answered",
        work:
          `${requests.toLocaleString("en")} hits of as many different beacons and links, half each, over ${connections} ` +
          `connections; each is on the disk (fsync) before its answer; load average at the start ${load.toFixed(1)}`,
        figures: [
          ...figuresOf({ limit, fast, steady, bareSteady }),
          {
            name: "processor time a hit: tracker, while answering",
            value: answering / fast.answered,
            unit: "µs",
          },
          {
            name: "processor time a hit: tracker, until it is in the database",
            value: own / requests,
            unit: "µs",
            note: "answered, judged and recorded",
          },
          { name: "processor time a hit: PostgreSQL", value: server / requests, unit: "µs" },
          {
            name: "processor time a hit: load client",
            value: fast.cpuMicroseconds / fast.answered,
            unit: "µs",
          },
        ],
        proofs: [
          { fact: "every request got the pixel or its redirect", holds: refused === 0 },
          {
            fact: `each of the ${requests.toLocaleString("en")} answered hits is in the database exactly once`,
            holds: hits.total === requests && hits.distinct === requests,
          },
        ],
      };
    } finally {
      await tracker.stop();
    }
  } finally {
    await client.stop();
    await bare.stop();
    await workplace.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

const programOf = (name: string) => fileURLToPath(new URL(`../load/${name}.ts`, import.meta.url));

async function askClient(client: LineProcess, job: LoadJob): Promise<LoadResult> {
  return loadResultSchema.parse(await client.ask(JSON.stringify(job)));
}

/** Processor time so far, in microseconds. */
function watchCosts({ pids }: RoleProcesses, { postgresPid }: Workplace) {
  const look = () => ({
    tracker: pids.reduce((sum, pid) => sum + costOf(pid).cpuMicroseconds, 0),
    server: costOf(postgresPid).cpuMicroseconds,
  });
  const start = look();
  return () => {
    const now = look();
    return { tracker: now.tracker - start.tracker, server: now.server - start.server };
  };
}

/** The beacon and one of the twenty links of each delivery, signed by the keys of the workplace. */
async function makePaths({ db, environment }: Workplace, requests: number): Promise<string[]> {
  const secrets = createSecrets(loadInstanceKey(readConfig(environment).keyFile));
  const keys = await loadTrackingKeys({ db, secrets, log: createLog("error") });
  const deliveries = await db.rows<{ id: string }>(sql`
    select chunk.id * 1024 + place - 1 as id
    from delivery_chunks chunk, generate_series(1, cardinality(contact_ids)) as place
    order by 1 limit ${Math.ceil(requests / 2)}`);
  return deliveries
    .flatMap(({ id }, n) => {
      const { read } = mintTokens(id, keys.current(), keys.mac);
      return [`/o/${read}.gif`, `/c/${read}/${(n % 20) + 1}`];
    })
    .slice(0, requests);
}

type Hits = { readonly total: number; readonly distinct: number };

async function untilRecorded(db: Database, expected: number): Promise<Hits> {
  await waitUntil(
    "Every hit in the database",
    60 + expected / 500,
    async () =>
      (await db.first<{ count: number }>(sql`select count(*)::int as count from interactions`))?.count,
    (count) => (count ?? 0) >= expected,
  );
  const hits = await db.first<Hits>(sql`
    select count(*)::int as total, count(distinct (kind, delivery_id, coalesce(link_number, 0)))::int as distinct
    from interactions where kind in ('open', 'click')`);
  return hits ?? { total: 0, distinct: 0 };
}

type Runs = Readonly<Record<"limit" | "fast" | "steady" | "bareSteady", LoadResult>>;

function figuresOf({ limit, fast, steady, bareSteady }: Runs): Figure[] {
  const paceOf = ({ answered, seconds }: LoadResult) => answered / seconds;
  return [
    { name: "hits a second, as fast as it goes", value: paceOf(fast), unit: "/s" },
    {
      name: "limit: the same answers by bare node:http",
      value: paceOf(limit),
      unit: "/s",
      note: "nothing is kept",
    },
    { name: "hits a second / limit", value: (paceOf(fast) / paceOf(limit)) * 100, unit: "%" },
    { name: "as fast as it goes: median", value: fast.p50Milliseconds, unit: "ms" },
    { name: "as fast as it goes: 99th percentile", value: fast.p99Milliseconds, unit: "ms" },
    { name: "at half that pace: hits a second", value: paceOf(steady), unit: "/s" },
    { name: "at half that pace: median", value: steady.p50Milliseconds, unit: "ms" },
    {
      name: "at half that pace: 99th percentile",
      value: steady.p99Milliseconds,
      unit: "ms",
      note: "from when a request was to begin",
    },
    {
      name: "limit: the same pace by bare node:http, 99th percentile",
      value: bareSteady.p99Milliseconds,
      unit: "ms",
      note: "what this machine and the load client themselves take",
    },
  ];
}
