import { parseArgs } from "node:util";
import { systemActor } from "#core/access/actor.ts";
import { createClient } from "../../../sdk/src/index.ts";
import { issueApiKey } from "../../server/access/index.ts";
import { compose, type Product } from "../../server/compose.ts";
import {
  createJobs,
  createLog,
  createNews,
  createSecrets,
  type Database,
  loadInstanceKey,
  manualClock,
  openDatabase,
  type Platform,
  readConfig,
  sql,
} from "../../server/platform/index.ts";
import { provideDatabase } from "../../server/platform/provide-database.ts";
import { createScreen } from "../screen.ts";
import { makeHistory } from "./demo-history.ts";
import { makeWorkspace } from "./demo-workspace.ts";
import { discardMail } from "./discard-mail.ts";

/** `postroad seed`: fills an empty workspace with a demo that is the same each time, made by the product itself. */
export async function seed(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { contacts: { type: "string", default: "50000" } },
  });
  const contacts = Number(values.contacts);
  if (!Number.isInteger(contacts) || contacts < 100)
    throw new Error("--contacts takes a whole number from 100.");
  const config = readConfig(process.env);
  const screen = createScreen(process.stdout);
  const database = await screen.step(
    "Database",
    () => provideDatabase(config),
    () => "PostgreSQL",
  );
  const log = createLog("warn");
  const db = openDatabase(database.url, log);
  try {
    await refuseFull(db, config.dataDirectory);
    const today = new Date();
    today.setUTCHours(9, 0, 0, 0);
    const clock = manualClock(new Date(today.getTime() - 43 * 24 * 60 * 60 * 1000));
    const secrets = createSecrets(loadInstanceKey(config.keyFile));
    const platform: Platform = {
      db,
      config,
      clock,
      log,
      secrets,
      jobs: createJobs(db, log),
      news: createNews(db, log),
    };
    const product = await compose(platform);
    const sink = await discardMail();
    const stop = product.start(["scheduler", "sender"]);
    try {
      const client = await clientOf(platform, product);
      const demo = await screen.step(
        "Workspace",
        () => makeWorkspace(client, contacts, today),
        () => `${contacts.toLocaleString("en")} contacts, segments, messages, an event`,
      );
      await withRoute(db, sink.port, () =>
        screen.step(
          "History",
          () => makeHistory({ client, platform, product, setClock: clock.set }, demo, today),
          () => "two journeys over six weeks",
        ),
      );
    } finally {
      await stop();
      await product.app.close();
      await sink.stop();
      await db.run(sql`update api_keys set revoked_at = now() where name = ${keyName}`);
    }
  } finally {
    await db.close();
    await database.release();
  }
  screen.facts([["Next", "npm start"]]);
}

const keyName = "Demo data";

async function refuseFull(db: Database, dataDirectory: string): Promise<void> {
  const row = await db.first<{ found: boolean }>(sql`select exists (select 1 from contacts) as found`);
  if (row?.found)
    throw new Error(
      `The workspace in ${dataDirectory} has contacts already, and demo data would mix with them.\n` +
        "  Choose an empty directory: POSTROAD_DATA=demo npm run seed, then POSTROAD_DATA=demo npm start.",
    );
}

/** The API without a port: the client calls the product in this process. */
async function clientOf(platform: Platform, product: Product) {
  const { secret } = await issueApiKey(platform, systemActor("Demo data"), { name: keyName, role: "admin" });
  const inject: typeof fetch = async (url, init) => {
    const answer = await product.app.inject({
      method: (init?.method ?? "GET") as "GET",
      url: String(url),
      headers: { ...(init?.headers as Record<string, string> | undefined) },
      ...(init?.body ? { payload: String(init.body) } : {}),
    });
    if (answer.statusCode >= 400) console.log(init?.method, url, answer.body.slice(0, 300));
    return new Response(answer.rawPayload, {
      status: answer.statusCode,
      headers: { "content-type": String(answer.headers["content-type"]) },
    });
  };
  return createClient({ baseUrl: "", apiKey: secret, fetch: inject });
}

/** Sends by another road for a while, so that demo mail does not fill the test mailbox. */
async function withRoute<Value>(db: Database, port: number, work: () => Promise<Value>): Promise<Value> {
  const before = await db.first<{ id: string; port: number }>(
    sql`select id, port from routes where is_default`,
  );
  if (!before) throw new Error("There is no default route");
  await db.run(sql`update routes set port = ${port}, updated_at = clock_timestamp() where id = ${before.id}`);
  try {
    return await work();
  } finally {
    await db.run(
      sql`update routes set port = ${before.port}, updated_at = clock_timestamp() where id = ${before.id}`,
    );
  }
}
