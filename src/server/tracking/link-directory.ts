import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { type Platform, sql } from "../platform/index.ts";

/**
 * Where the links of each delivery lead, kept in memory and on disk, so that a redirect needs no database. A delivery's
 * chunk says its mailing (chunks of a mailing are neighbours, so runs of them are few), the mailing its live version.
 */
export type LinkDirectory = {
  /** The address of a numbered link, "unknown" if the message has no such link, "unavailable" while nobody can say. */
  readonly find: (
    deliveryId: string,
    linkNumber: number,
  ) => Promise<{ readonly url: string } | "unknown" | "unavailable">;
  /** Takes up the chunks that were made since. */
  readonly refresh: () => Promise<void>;
  readonly start: () => () => Promise<void>;
};

const Mailing = z.object({ id: z.string(), versionId: z.string() });
const Run = z.object({ first: z.number(), last: z.number(), mailing: z.number() });
type Run = z.infer<typeof Run>;
const Saved = z.object({ format: z.literal(1), mailings: z.array(Mailing), runs: z.array(Run) });
const LinkTable = z.array(z.object({ number: z.int(), url: z.string().nullable() }));
type LinkTable = z.infer<typeof LinkTable>;

const refreshMilliseconds = 1000;
/** Chunk ids are given out before they are committed, so the last ones are read again each time. */
const overlap = 2000;
const page = 50_000;
const patienceMilliseconds = 2000;

/** Opens the directory kept below `folder`, with what the last process knew. */
export async function openLinkDirectory(
  platform: Pick<Platform, "db" | "log">,
  folder: string,
): Promise<LinkDirectory> {
  const { db, log } = platform;
  await mkdir(folder, { recursive: true });
  const savedFile = join(folder, "chunks.json");
  const saved = await readJson(savedFile, Saved);
  const mailings = saved?.mailings ?? [];
  const places = new Map(mailings.map(({ id }, place) => [id, place]));
  const runs: Run[] = saved?.runs ?? [];
  const tables = new Map<string, LinkTable>();
  let refreshing: Promise<void> | undefined;

  function findRun(chunk: number): Run | undefined {
    const place = firstRunAfter(runs, chunk) - 1;
    const run = runs[place];
    return run && chunk <= run.last ? run : undefined;
  }

  /** Adds a chunk. A gap between neighbours of one mailing is not closed, because it may be another mailing's. */
  function add(chunk: number, mailingId: string, versionId: string): boolean {
    if (findRun(chunk)) return false;
    let mailing = places.get(mailingId);
    if (mailing === undefined) {
      mailing = mailings.push({ id: mailingId, versionId }) - 1;
      places.set(mailingId, mailing);
    }
    const place = firstRunAfter(runs, chunk);
    const before = runs[place - 1];
    if (before?.mailing === mailing && before.last === chunk - 1) before.last = chunk;
    else runs.splice(place, 0, { first: chunk, last: chunk, mailing });
    return true;
  }

  type ChunkRow = { id: string; mailing_id: string; message_version_id: string };
  async function takeUp(rows: readonly ChunkRow[]): Promise<void> {
    let added = false;
    for (const row of rows) added = add(Number(row.id), row.mailing_id, row.message_version_id) || added;
    for (const versionId of new Set(rows.map((row) => row.message_version_id))) await linksOf(versionId);
    if (added) await writeJson(savedFile, { format: 1, mailings, runs } satisfies z.infer<typeof Saved>);
  }

  async function readNew(): Promise<void> {
    let from = Math.max((runs.at(-1)?.last ?? 0) - overlap, 0);
    for (;;) {
      const rows = await db.rows<ChunkRow>(sql`
        select chunk.id, chunk.mailing_id, mailing.message_version_id
        from delivery_chunks chunk join mailings mailing on mailing.id = chunk.mailing_id
        where chunk.id > ${from} order by chunk.id limit ${page}`);
      await takeUp(rows);
      if (rows.length < page) return;
      from = Number(rows.at(-1)?.id ?? from);
    }
  }

  /** The links of a live version never change, so the first copy found is the right one. */
  async function linksOf(versionId: string): Promise<LinkTable | undefined> {
    const known = tables.get(versionId);
    if (known) return known;
    const file = join(folder, `links-${versionId}.json`);
    let table = await readJson(file, LinkTable);
    if (!table) {
      const row = await db.first<{ links: unknown }>(
        sql`select links from message_versions where id = ${versionId}`,
      );
      if (!row) return undefined;
      table = LinkTable.parse(row.links);
      await writeJson(file, table);
    }
    tables.set(versionId, table);
    return table;
  }

  async function findTable(chunk: number): Promise<LinkTable | undefined> {
    const run = findRun(chunk);
    const versionId = run && mailings[run.mailing]?.versionId;
    if (versionId) return linksOf(versionId);
    await takeUp(
      await db.rows<ChunkRow>(sql`
        select chunk.id, chunk.mailing_id, mailing.message_version_id
        from delivery_chunks chunk join mailings mailing on mailing.id = chunk.mailing_id where chunk.id = ${chunk}`),
    );
    const found = findRun(chunk);
    return found && linksOf(mailings[found.mailing]?.versionId ?? "0");
  }

  async function refresh(): Promise<void> {
    refreshing ??= readNew().finally(() => {
      refreshing = undefined;
    });
    await refreshing;
  }

  return {
    async find(deliveryId, linkNumber) {
      try {
        const table = await withPatience(findTable(Number(BigInt(deliveryId) / 1024n)));
        const url = table?.find(({ number }) => number === linkNumber)?.url;
        return url ? { url } : "unknown";
      } catch (error) {
        log.warn({ reason: String(error) }, "a link could not be looked up");
        return "unavailable";
      }
    },
    refresh,
    start() {
      const timer = setInterval(() => void refresh().catch(() => undefined), refreshMilliseconds);
      return async () => {
        clearInterval(timer);
        await refreshing?.catch(() => undefined);
      };
    },
  };
}

/** Where the first run that begins behind this chunk is, by halving. */
function firstRunAfter(runs: readonly Run[], chunk: number): number {
  let low = 0;
  let high = runs.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((runs[middle]?.first ?? 0) <= chunk) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A database that does not answer must not keep a person waiting behind a click. */
async function withPatience<Value>(work: Promise<Value>): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("The database took too long.")), patienceMilliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

async function readJson<Value>(file: string, schema: z.ZodType<Value>): Promise<Value | undefined> {
  const text = await readFile(file, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    return undefined; // a copy only: a damaged one is made again
  }
}

async function writeJson(file: string, value: unknown): Promise<void> {
  const draft = `${file}.${process.pid}.new`;
  await writeFile(draft, JSON.stringify(value));
  await rename(draft, file);
}
