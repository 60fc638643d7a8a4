import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { roles as allRoles, type ProcessRole } from "../server/compose.ts";
import { answersAlone, startProcess } from "../server/main.ts";
import {
  type Clock,
  type Config,
  isDatabaseAway,
  readConfig,
  systemClock,
} from "../server/platform/index.ts";
import { findInstance, lockInstance } from "../server/platform/instance-lock.ts";
import { startMailbox } from "../server/platform/mailbox/index.ts";
import { migrate } from "../server/platform/migrations/migrate.ts";
import { findRunningDatabase } from "../server/platform/provide-database.ts";
import { buildWeb } from "./build-web.ts";
import { findPort } from "./free-port.ts";
import { keepPostgres } from "./keep-postgres.ts";
import { createScreen, type Screen } from "./screen.ts";
import { stopOnSignal } from "./stop-on-signal.ts";

type Undo = { readonly name: string; readonly undo: () => Promise<void> | void };

/** `postroad start`: everything in this process, or with --role a part of it beside a running instance. */
export async function start(args: readonly string[], clock: Clock = systemClock): Promise<void> {
  const { values } = parseArgs({ args: [...args], options: { role: { type: "string", default: "all" } } });
  const roles = readRoles(values.role);
  const config = readConfig(process.env);
  const screen = createScreen(process.stdout);
  const started: Undo[] = [];
  const stopAll = async () => {
    for (const { undo } of started.splice(0).reverse()) await undo();
  };
  const signal = stopOnSignal(screen, stopAll);
  try {
    screen.say("");
    if (values.role === "all") await startAll(config, clock, screen, started);
    else await startPart(config, roles, clock, screen, started);
  } catch (error) {
    await stopAll();
    throw error;
  }
  signal.ready();
}

function readRoles(text: string): readonly ProcessRole[] {
  if (text === "all") return allRoles;
  return text.split(",").map((word) => {
    const role = allRoles.find((each) => each === word);
    if (!role) throw new Error(`There is no role "${word}". Known: all, ${allRoles.join(", ")}.`);
    return role;
  });
}

/** The whole product: database, mailbox, web app and every loop. One such instance per data directory. */
async function startAll(wanted: Config, clock: Clock, screen: Screen, started: Undo[]): Promise<void> {
  mkdirSync(wanted.dataDirectory, { recursive: true });
  const taken = lockInstance(wanted.dataDirectory);
  if ("heldBy" in taken) {
    const { pid, address } = taken.heldBy;
    const where = address ? `(process ${pid}, ${address})` : `(process ${pid}, still starting)`;
    throw new Error(
      `postroad is already running on data ${wanted.dataDirectory} ${where}.\n` +
        "  Open that address, stop it with Ctrl-C, or choose another directory with POSTROAD_DATA.",
    );
  }
  started.push({ name: "lock", undo: taken.lock.release });
  const chosen = await choosePorts(wanted, screen);
  const databaseUrl = await startDatabase(chosen, screen, started);
  const databaseAway = await bringUpToDate(databaseUrl, allRoles, screen);
  const web = await screen.step("Web app", buildWeb, ({ isNew }) => (isNew ? "built" : "up to date"));
  const mailbox = await screen.step(
    "Test mailbox",
    () =>
      startMailbox({
        directory: join(chosen.dataDirectory, "mailbox"),
        smtpPort: chosen.mailboxSmtpPort,
        webPort: chosen.mailboxWebPort,
        clock,
      }),
    ({ smtpPort }) => `SMTP on port ${smtpPort}`,
  );
  started.push({ name: "mailbox", undo: mailbox.stop });
  const config = { ...chosen, mailboxSmtpPort: mailbox.smtpPort, mailboxWebPort: mailbox.webPort };
  const options = { config, databaseUrl, roles: allRoles, webDirectory: web.directory, clock, databaseAway };
  const running = await screen.step(
    "Server",
    () => startProcess(options),
    () => allRoles.join(", "),
  );
  started.push({ name: "server", undo: running.stop });
  taken.lock.announce({ address: config.publicUrl, mailboxSmtpPort: mailbox.smtpPort });
  screen.facts([
    ["Open", config.publicUrl],
    ...(running.ownerLink
      ? [["Owner account", `${running.ownerLink}  (once, within 24 hours)`] as const]
      : []),
    ["Test mailbox", `http://localhost:${mailbox.webPort}`],
    ["Data", config.dataDirectory],
    ["Stop", "Ctrl-C"],
  ]);
}

/** A part of the product in a further process, on DATABASE_URL or beside the instance that runs on the same data. */
async function startPart(
  wanted: Config,
  roles: readonly ProcessRole[],
  clock: Clock,
  screen: Screen,
  started: Undo[],
): Promise<void> {
  const databaseUrl = findRunningDatabase(wanted);
  if (databaseUrl === undefined)
    throw new Error(
      `No postroad runs on data ${wanted.dataDirectory}, so there is no database to work on.\n` +
        "  Run `npm start` first, or set DATABASE_URL.",
    );
  const isReachable = roles.includes("web") || roles.includes("tracker");
  const { port } = isReachable ? await choosePort(wanted, screen) : wanted;
  // Links and test mail go where the whole instance is, whatever ports it found free.
  const beside = findInstance(wanted.dataDirectory);
  const config = beside?.address
    ? { ...wanted, port, publicUrl: beside.address, mailboxSmtpPort: beside.mailboxSmtpPort }
    : { ...wanted, port };
  const databaseAway = await bringUpToDate(databaseUrl, roles, screen);
  const web = roles.includes("web")
    ? await screen.step("Web app", buildWeb, ({ isNew }) => (isNew ? "built" : "up to date"))
    : undefined;
  const options = { config, databaseUrl, roles, webDirectory: web?.directory, clock, databaseAway };
  const running = await screen.step(
    "Server",
    () => startProcess(options),
    () => roles.join(", "),
  );
  started.push({ name: "server", undo: running.stop });
  screen.facts([...(running.address ? [["Listens on", running.address] as const] : []), ["Stop", "Ctrl-C"]]);
}

async function startDatabase(config: Config, screen: Screen, started: Undo[]): Promise<string> {
  if (config.databaseUrl !== undefined) {
    screen.say("Database from DATABASE_URL");
    return config.databaseUrl;
  }
  const postgres = await screen.step(
    "Database",
    () => keepPostgres(config, screen),
    ({ isAdopted }) => (isAdopted ? "PostgreSQL, still running from the last time" : "PostgreSQL"),
  );
  started.push({ name: "database", undo: postgres.stop });
  return postgres.url;
}

/** [T44] Gives why it could not be done if the database is away and these roles have something to do all the same. */
async function bringUpToDate(
  databaseUrl: string,
  roles: readonly ProcessRole[],
  screen: Screen,
): Promise<Error | undefined> {
  const attempt = async () => {
    try {
      return await migrate(databaseUrl);
    } catch (error) {
      const isAway = error instanceof Error && (isDatabaseAway(error) || isDatabaseAway(error.cause));
      if (isAway && roles.some(answersAlone)) return error;
      throw error;
    }
  };
  const done = await screen.step("Migrations", attempt, (applied) => {
    if (applied instanceof Error) return "the database is away; they run when it is back";
    return applied.length === 0 ? "up to date" : `${applied.length} applied`;
  });
  return done instanceof Error ? done : undefined;
}

/** The port of the app; when another program has it the next free one, and links point there unless told otherwise. */
async function choosePort(config: Config, screen: Screen): Promise<Config> {
  const port = await findPort(config.port);
  if (port === config.port) return config;
  if (config.port !== 0) screen.say(`Port ${config.port} is taken by another program, using ${port}.`);
  const isUsualUrl = config.publicUrl === `http://localhost:${config.port}`;
  return { ...config, port, publicUrl: isUsualUrl ? `http://localhost:${port}` : config.publicUrl };
}

/** A port of the mailbox that may be any stays 0: the system gives it one as it listens. */
async function choosePorts(wanted: Config, screen: Screen): Promise<Config> {
  const config = await choosePort(wanted, screen);
  const find = async (port: number, taken: readonly number[]) => (port === 0 ? 0 : findPort(port, taken));
  const mailboxSmtpPort = await find(config.mailboxSmtpPort, [config.port]);
  const mailboxWebPort = await find(config.mailboxWebPort, [config.port, mailboxSmtpPort]);
  return { ...config, mailboxSmtpPort, mailboxWebPort };
}
