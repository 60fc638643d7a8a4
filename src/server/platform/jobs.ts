import type { Database, Transaction } from "./db/database.ts";
import { sql } from "./db/sql.ts";
import type { Log } from "./log.ts";
import { startLoop } from "./news.ts";

/** What a running job is given. `keepAlive` renews the lease of a long job and says whether it is still its own. */
export type JobRun = {
  readonly id: string;
  readonly payload: unknown;
  readonly attempts: number;
  readonly signal: AbortSignal;
  readonly keepAlive: () => Promise<boolean>;
};

export type JobHandler = (run: JobRun) => Promise<void>;

export type Jobs = {
  /** Declares how jobs of a kind are done. A job may run again after a crash, so it must be able to. */
  readonly define: (kind: string, handler: JobHandler) => void;
  /** Queues a job in the transaction that makes it necessary; due after a delay by the database clock. */
  readonly enqueue: (
    tx: Transaction,
    kind: string,
    payload: object,
    delaySeconds?: number,
  ) => Promise<string>;
  /** Runs one due job, if there is one. Returns whether there was. */
  readonly runOne: () => Promise<boolean>;
  /** Works through due jobs until stopped. */
  readonly start: (pollMilliseconds?: number) => () => Promise<void>;
};

const leaseSeconds = 60;
const backOffSeconds = [5, 30, 120, 600, 3600];

/** Creates the job queue: due rows claimed with `for update skip locked`, leased by the database clock. */
export function createJobs(db: Database, log: Log): Jobs {
  const handlers = new Map<string, JobHandler>();
  const stopping = new AbortController();

  async function claim() {
    return db.first<{ id: string; kind: string; payload: unknown; attempts: number }>(sql`
      update jobs set attempts = attempts + 1, lease_until = now() + make_interval(secs => ${leaseSeconds})
      where id = (
        select id from jobs
        where run_at <= now() and (lease_until is null or lease_until < now()) and kind = any(${[...handlers.keys()]}::text[])
        order by run_at limit 1 for update skip locked
      ) returning id, kind, payload, attempts`);
  }

  async function runOne(): Promise<boolean> {
    const job = await claim();
    if (!job) return false;
    const handler = handlers.get(job.kind);
    if (!handler) throw new Error(`No handler for ${job.kind}`);
    const keepAlive = async () =>
      (await db.run(sql`
        update jobs set lease_until = now() + make_interval(secs => ${leaseSeconds})
        where id = ${job.id} and attempts = ${job.attempts}`)) === 1;
    const heartbeat = setInterval(() => void keepAlive().catch(() => undefined), (leaseSeconds * 1000) / 4);
    try {
      await handler({
        id: job.id,
        payload: job.payload,
        attempts: job.attempts,
        signal: stopping.signal,
        keepAlive,
      });
      await db.run(sql`delete from jobs where id = ${job.id} and attempts = ${job.attempts}`);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      log.error({ job: job.id, kind: job.kind, reason }, "a job failed and will be tried again");
      const wait = backOffSeconds[Math.min(job.attempts, backOffSeconds.length) - 1] ?? 3600;
      await db.run(sql`
        update jobs set lease_until = null, last_error = ${reason}, run_at = now() + make_interval(secs => ${wait})
        where id = ${job.id} and attempts = ${job.attempts}`);
    } finally {
      clearInterval(heartbeat);
    }
    return true;
  }

  return {
    define: (kind, handler) => void handlers.set(kind, handler),
    async enqueue(tx, kind, payload, delaySeconds = 0) {
      const row = await tx.first<{ id: string }>(sql`
        insert into jobs (kind, payload, run_at) values (${kind}, ${payload}, now() + make_interval(secs => ${delaySeconds})) returning id`);
      await tx.run(sql`select pg_notify('jobs', '')`);
      return row?.id ?? "";
    },
    runOne,
    start(pollMilliseconds = 2000) {
      const stopLoop = startLoop(db, "jobs", pollMilliseconds, runOne);
      return async () => {
        stopping.abort();
        await stopLoop();
      };
    },
  };
}
