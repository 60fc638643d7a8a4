import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import pg from "pg";
import type { Log } from "../log.ts";
import { watchOutage } from "../outage.ts";
import { isDatabaseAway } from "./database-away.ts";
import type { Sql } from "./sql.ts";

/**
 * The one way to talk to PostgreSQL. A query is SQL with its values apart; rows are typed by the caller, who owns
 * the statement. 64-bit integers arrive as decimal strings, times as Date, jsonb parsed.
 */
export type Queries = {
  /** All rows. */
  readonly rows: <Row extends object>(query: Sql) => Promise<Row[]>;
  /** The first row, or undefined. */
  readonly first: <Row extends object>(query: Sql) => Promise<Row | undefined>;
  /** Runs a statement and says how many rows it touched. */
  readonly run: (query: Sql) => Promise<number>;
  /** A statement from a file, prepared once per connection under its name, with positional values. */
  readonly named: <Row extends object>(
    statement: NamedStatement,
    values: readonly unknown[],
  ) => Promise<Row[]>;
  /** The same with each row as a list of its columns in order: for many rows of many columns, at half the work. */
  readonly namedLists: <Row extends readonly unknown[]>(
    statement: NamedStatement,
    values: readonly unknown[],
  ) => Promise<Row[]>;
};

/** Queries inside one transaction, and the client for COPY. */
export type Transaction = Queries & { readonly client: pg.PoolClient };

export type Database = Queries & {
  readonly pool: pg.Pool;
  /** Runs `work` in a transaction; any throw rolls back. Retries whole on deadlock and serialisation failure, so effects outside must wait until after. */
  readonly transaction: <Value>(
    work: (tx: Transaction) => Promise<Value>,
    /** Trusted SQL that is run with its begin, such as `set local …`: no way to and fro of its own. */
    prelude?: string,
  ) => Promise<Value>;
  /** How often a connection was lost or refused so far: two equal answers mean that the database was there in between. */
  readonly connectionsLost: () => number;
  /** Calls back on each NOTIFY of the channel; a hint only, since notifications are lost while reconnecting. */
  readonly listen: (channel: string, hear: (payload: string) => void) => Promise<() => Promise<void>>;
  readonly close: () => Promise<void>;
};

export type NamedStatement = { readonly name: string; readonly text: string };

/** Loads a statement from a file beside the caller: loadStatement(import.meta.url, "./queries/enter.sql"). */
export function loadStatement(from: string, file: string): NamedStatement {
  const path = fileURLToPath(new URL(file, from));
  const name = path
    .split("/")
    .slice(-3)
    .join(".")
    .replace(/[^a-z0-9.-]/gi, "_")
    .slice(-63);
  return { name, text: readFileSync(path, "utf8") };
}

type Client = { readonly query: (query: pg.QueryConfig) => Promise<pg.QueryResult> };

function queriesOn(client: Client): Queries {
  const ask = (query: Sql) => client.query({ text: query.text, values: [...query.values] });
  return {
    rows: async (query) => (await ask(query)).rows,
    first: async (query) => (await ask(query)).rows[0],
    run: async (query) => (await ask(query)).rowCount ?? 0,
    named: async (statement, values) => (await client.query({ ...statement, values: [...values] })).rows,
    async namedLists(statement, values) {
      const query: pg.QueryArrayConfig = { ...statement, values: [...values], rowMode: "array" };
      return (await client.query(query)).rows;
    },
  };
}

/** True for errors after which the very same transaction may be tried again (SQLSTATE class 40). */
function isRetryable(error: unknown): boolean {
  return error instanceof pg.DatabaseError && (error.code === "40001" || error.code === "40P01");
}

/** Opens a pool. A lost connection never crashes the process (node-postgres emits 'error' on idle clients). */
export function openDatabase(url: string, log: Log, maxConnections = 20): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: maxConnections,
    connectionTimeoutMillis: 10_000,
    // A process that is frozen inside a transaction would hold its row locks, and everybody else, for as long as it is.
    idle_in_transaction_session_timeout: 30_000,
    allowExitOnIdle: false,
  });
  let lost = 0;
  const noteRefused = (error: unknown): never => {
    if (isDatabaseAway(error)) lost++;
    throw error;
  };
  // node-postgres says 'error' of every connection that ends without being asked to, idle or not.
  pool.on("connect", (client) => client.on("error", () => void lost++));
  pool.on("error", (error) => log.warn({ reason: error.message }, "an idle database connection was lost"));

  async function attempt<Value>(work: (tx: Transaction) => Promise<Value>, prelude: string): Promise<Value> {
    const client = await pool.connect().catch(noteRefused);
    let broken: Error | undefined;
    const noteBroken = (error: Error) => {
      broken = error;
    };
    client.on("error", noteBroken);
    try {
      await client.query(prelude === "" ? "begin" : `begin; ${prelude}`);
      const value = await work({ ...queriesOn(client), client });
      await client.query("commit");
      return value;
    } catch (error) {
      await client.query("rollback").catch(noteBroken);
      throw error;
    } finally {
      client.off("error", noteBroken);
      client.release(broken);
    }
  }

  return {
    ...queriesOn({ query: (query) => pool.query(query).catch(noteRefused) }),
    pool,
    connectionsLost: () => lost,
    async transaction(work, prelude = "") {
      for (let tries = 1; ; tries++) {
        try {
          return await attempt(work, prelude);
        } catch (error) {
          if (tries >= 5 || !isRetryable(error)) throw error;
        }
      }
    },
    listen: (channel, hear) => listen(url, log, channel, hear),
    close: () => pool.end(),
  };
}

async function listen(
  url: string,
  log: Log,
  channel: string,
  hear: (payload: string) => void,
): Promise<() => Promise<void>> {
  let closed = false;
  let client: pg.Client | undefined;
  let again: NodeJS.Timeout | undefined;
  const outage = watchOutage(
    log,
    { failing: "notifications cannot be heard", over: "notifications are heard again" },
    { channel },
  );
  const connect = async (): Promise<void> => {
    const next = new pg.Client({ connectionString: url });
    next.on("error", () => undefined);
    next.on("end", () => {
      if (closed) return;
      again = setTimeout(() => void connect().catch(() => undefined), 1000);
    });
    next.on("notification", (message) => hear(message.payload ?? ""));
    try {
      await next.connect();
      await next.query(`listen ${pg.escapeIdentifier(channel)}`);
      client = next;
      outage.over();
    } catch (error) {
      outage.met(error);
      await next.end().catch(() => undefined);
    }
  };
  await connect();
  return async () => {
    closed = true;
    clearTimeout(again);
    await client?.end().catch(() => undefined);
  };
}
