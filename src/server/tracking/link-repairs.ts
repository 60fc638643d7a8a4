import { join } from "node:path";
import { z } from "zod";
import { type Database, sql } from "../platform/index.ts";
import { readJson, writeJson } from "./json-file.ts";
import type { LinkFound } from "./link-directory.ts";
import { webAddress } from "./web-address.ts";

/** What a tracker knows of links that were led elsewhere after they were sent. [T34] */
export type LinkRepairs = {
  readonly find: (versionId: string, linkNumber: number) => LinkFound | undefined;
  /** Hears of repairs made since, by any process. */
  readonly refresh: () => Promise<void>;
};

const Kept = z.array(z.object({ versionId: z.string(), number: z.int(), url: z.string() }));
type Kept = z.infer<typeof Kept>;

/** Opens what is known of repairs, from the copy on disk until the database was asked. */
export async function openLinkRepairs(db: Database, folder: string): Promise<LinkRepairs> {
  const file = join(folder, "repairs.json");
  let places = placesOf((await readJson(file, Kept)) ?? []);
  let heard = -1;

  return {
    find: (versionId, linkNumber) => places.get(`${versionId}/${linkNumber}`),
    async refresh() {
      // The table only grows, so its size says whether there is news, in whatever order changes were committed.
      const size = await db.first<{ size: number }>(sql`select count(*)::integer as size from link_repairs`);
      if (!size || size.size === heard) return;
      const rows = await db.rows<Kept[number]>(sql`
        select version_id::text as "versionId", link_number as number, to_url as url
        from (select distinct on (version_id, link_number) * from link_repairs
              order by version_id, link_number, id desc) latest
        where to_url is not null`);
      const kept = Kept.parse(rows);
      places = placesOf(kept);
      await writeJson(file, kept);
      heard = size.size;
    },
  };
}

function placesOf(kept: Kept): ReadonlyMap<string, LinkFound> {
  return new Map(
    kept.flatMap(({ versionId, number, url }) => {
      const address = webAddress(url);
      return address === undefined ? [] : [[`${versionId}/${number}`, { url: address }] as const];
    }),
  );
}
