import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { ReadyTags } from "#core/messages/link-tags.ts";
import { type Platform, sql } from "../platform/index.ts";
import { readJson, writeJson } from "./json-file.ts";
import { openLinkRepairs } from "./link-repairs.ts";
import { openMailingTags } from "./link-tags.ts";
import { webAddress } from "./web-address.ts";

/** A link's address, fit for a Location header; "unknown": no such link; "unavailable": nobody can say right now. */
export type LinkFound = { readonly url: string } | "unknown" | "unavailable";

/**
 * Where the links of each delivery lead, kept in memory and on disk, so that a redirect needs no database. A delivery's
 * chunk says its mailing (chunks of a mailing are neighbours, so runs of them are few), the mailing its live version.
 */
export type LinkDirectory = {
  /** What memory alone says of a numbered link; undefined if it has to be looked up. */
  readonly known: (deliveryId: string, linkNumber: number) => LinkFound | undefined;
  readonly find: (deliveryId: string, linkNumber: number) => Promise<LinkFound>;
  /** Where a link leads since it was repaired, as far as this process has heard. [T34] */
  readonly repaired: (deliveryId: string, linkNumber: number) => LinkFound | undefined;
  /** What links of this delivery are led on with, if anything. [W12] */
  readonly tagsOf: (deliveryId: string) => ReadyTags | undefined;
  /** Takes up the chunks that were made, the links that were repaired and the tags that were set since. */
  readonly refresh: () => Promise<void>;
  readonly start: () => () => Promise<void>;
};

const Mailing = z.object({ id: z.string(), versionId: z.string() });
const Run = z.object({ first: z.number(), last: z.number(), mailing: z.number() });
type Run = z.infer<typeof Run>;
const Saved = z.object({ format: z.literal(1), mailings: z.array(Mailing), runs: z.array(Run) });
const SavedTable = z.array(z.object({ number: z.int(), url: z.string().nullable() }));
/** What is found by link number; numbers that may not be followed are not in it. */
type LinkTable = ReadonlyMap<number, LinkFound>;

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
  const repairs = await openLinkRepairs(db, folder);
  const tags = await openMailingTags(db, folder);
  let refreshing: Promise<unknown> | undefined;

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
    let links = await readJson(file, SavedTable);
    if (!links) {
      const row = await db.first<{ links: unknown }>(
        sql`select links from message_versions where id = ${versionId}`,
      );
      if (!row) return undefined;
      links = SavedTable.parse(row.links);
      await writeJson(file, links);
    }
    const table = tableOf(links);
    tables.set(versionId, table);
    return table;
  }

  function knownVersion(deliveryId: string): string | undefined {
    const run = findRun(chunkOf(deliveryId));
    return run && mailings[run.mailing]?.versionId;
  }

  async function findVersion(deliveryId: string): Promise<string | undefined> {
    const known = knownVersion(deliveryId);
    if (known) return known;
    const chunk = chunkOf(deliveryId);
    await takeUp(
      await db.rows<ChunkRow>(sql`
        select chunk.id, chunk.mailing_id, mailing.message_version_id
        from delivery_chunks chunk join mailings mailing on mailing.id = chunk.mailing_id where chunk.id = ${chunk}`),
    );
    return knownVersion(deliveryId);
  }

  async function refresh(): Promise<void> {
    refreshing ??= Promise.all([readNew(), repairs.refresh(), tags.refresh()]).finally(() => {
      refreshing = undefined;
    });
    await refreshing;
  }

  return {
    known(deliveryId, linkNumber) {
      const versionId = knownVersion(deliveryId);
      const table = versionId === undefined ? undefined : tables.get(versionId);
      if (versionId === undefined || !table) return undefined;
      return repairs.find(versionId, linkNumber) ?? table.get(linkNumber) ?? "unknown";
    },
    repaired(deliveryId, linkNumber) {
      const versionId = knownVersion(deliveryId);
      return versionId === undefined ? undefined : repairs.find(versionId, linkNumber);
    },
    tagsOf(deliveryId) {
      const run = findRun(chunkOf(deliveryId));
      const mailing = run && mailings[run.mailing];
      return mailing && tags.find(mailing.id);
    },
    async find(deliveryId, linkNumber) {
      try {
        const versionId = await withPatience(findVersion(deliveryId));
        if (versionId === undefined) return "unknown";
        const table = await withPatience(linksOf(versionId));
        return repairs.find(versionId, linkNumber) ?? table?.get(linkNumber) ?? "unknown";
      } catch (error) {
        log.warn({ reason: String(error) }, "a link could not be looked up");
        return "unavailable";
      }
    },
    refresh,
    start() {
      void refresh().catch(() => undefined);
      const timer = setInterval(() => void refresh().catch(() => undefined), refreshMilliseconds);
      return async () => {
        clearInterval(timer);
        await refreshing?.catch(() => undefined);
      };
    },
  };
}

/** Row numbers of chunks stay far below 2^53. */
function chunkOf(deliveryId: string): number {
  const id = Number(deliveryId);
  return Number.isSafeInteger(id) ? Math.floor(id / 1024) : Number(BigInt(deliveryId) / 1024n);
}

/** [T6] Addresses are made ready for their header once, and those that may not be followed are left out. */
function tableOf(links: z.infer<typeof SavedTable>): LinkTable {
  return new Map(
    links.flatMap(({ number, url }) => {
      const address = url === null ? undefined : webAddress(url);
      return address === undefined ? [] : [[number, { url: address }] as const];
    }),
  );
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
