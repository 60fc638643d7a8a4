import { randomUUID } from "node:crypto";
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { DatabaseIdentity, judgeIdentity, NodeMemory } from "#core/delivery/instance-identity.ts";
import { type Platform, type Queries, sql } from "../platform/index.ts";
import { tellOfHalt } from "./halts.ts";
import { findStopped, lockRestored, type Stopped } from "./sending-policy.ts";

const identityKey = "instance.identity";
const raiseSeconds = 60;

type Guarded = Pick<Platform, "db" | "config" | "clock" | "log">;

/**
 * [D32] Locks all sending when this database, as far as this node can tell, was restored or copied; otherwise notes that it is alive.
 * Called before anything is leased, and every few seconds: one look by primary key and into a small file.
 */
export async function guardIdentity({ db, config, clock, log }: Guarded): Promise<void> {
  const directory = String(statSync(config.dataDirectory).ino);
  const node = readNode(config.dataDirectory);
  const found = await findIdentity(db);
  const place = await placeOf(db);
  if (!found) {
    // An installation that never sent, or from before there was a guard.
    const id = randomUUID();
    await db.run(sql`
      insert into settings (key, value) values (${identityKey}, ${JSON.stringify({ id, epoch: 1, place: place ?? "" })}::jsonb)
      on conflict (key) do nothing`);
  }
  const identity = found ?? (await findIdentity(db));
  if (!identity) throw new Error("The identity of this installation was not written");
  const judged = judgeIdentity(identity, node, { place: identity.place === "" ? null : place, directory });
  if (judged.kind === "restored") {
    const stopped = await findStopped(db);
    if (stopped?.cause === "restored") return;
    await db.transaction(async (tx) => {
      await lockRestored(tx, { why: judged.why, at: clock.now().toISOString(), node: node?.id ?? null });
      await tellOfHalt(tx);
    });
    log.error(
      { reason: judged.why },
      "all sending is locked: is this the live installation? Confirm it in the app",
    );
    return;
  }
  const epoch = await raiseEpoch(db);
  const now = { id: identity.id, epoch: epoch ?? identity.epoch, directory };
  if (judged.kind === "adopt" || now.epoch !== node?.epoch) writeNode(config.dataDirectory, now);
}

/** [D32] A person says that this is the live one: it gets a new id, and nodes that knew the old one, or caused the doubt, follow. */
export async function confirmIdentity(tx: Queries, stopped: Stopped): Promise<void> {
  const former = await findIdentity(tx);
  if (!former) return;
  const formerly = [...former.formerly, former.id, ...(stopped.node ? [stopped.node] : [])].slice(-100);
  const next = { id: randomUUID(), formerly, epoch: former.epoch + 1, place: (await placeOf(tx)) ?? "" };
  await tx.run(sql`
    update settings set value = ${JSON.stringify(next)}::jsonb, updated_at = now() where key = ${identityKey}`);
}

async function findIdentity(db: Queries): Promise<DatabaseIdentity | undefined> {
  const row = await db.first<{ value: unknown }>(sql`select value from settings where key = ${identityKey}`);
  return row && DatabaseIdentity.parse(row.value);
}

/** Raises the epoch if nobody has for a while; undefined otherwise. */
async function raiseEpoch(db: Queries): Promise<number | undefined> {
  const row = await db.first<{ epoch: number }>(sql`
    update settings set value = jsonb_set(value, '{epoch}', to_jsonb((value ->> 'epoch')::int + 1)), updated_at = now()
    where key = ${identityKey} and updated_at < now() - make_interval(secs => ${raiseSeconds})
    returning (value ->> 'epoch')::int as epoch`);
  return row?.epoch;
}

/** Server, timeline and database. Where the server's own control data may not be read, null. */
async function placeOf(db: Queries): Promise<string | null> {
  const may = await db.first<{ may: boolean }>(sql`
    select has_function_privilege('pg_control_system()', 'execute') and has_function_privilege('pg_control_checkpoint()', 'execute') as may`);
  if (!may?.may) return null;
  const row = await db.first<{ place: string }>(sql`
    select concat_ws('/', system_identifier, timeline_id, oid) as place
    from pg_control_system(), pg_control_checkpoint(), pg_database where datname = current_database()`);
  return row?.place ?? null;
}

const fileIn = (dataDirectory: string) => join(dataDirectory, "identity.json");

function readNode(dataDirectory: string): NodeMemory | undefined {
  try {
    return NodeMemory.parse(JSON.parse(readFileSync(fileIn(dataDirectory), "utf8")));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

/** Whole or not at all, and on the disk: it must never be newer than the database. */
function writeNode(dataDirectory: string, memory: NodeMemory): void {
  mkdirSync(dataDirectory, { recursive: true });
  const staging = `${fileIn(dataDirectory)}.${process.pid}`;
  const file = openSync(staging, "w", 0o600);
  try {
    writeSync(file, JSON.stringify(memory));
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(staging, fileIn(dataDirectory));
}
