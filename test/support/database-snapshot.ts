import { createHash } from "node:crypto";
import { type Database, foreignSql, sql } from "#server/platform/index.ts";

/** The content of every table, as one hash each: two equal snapshots mean that nothing at all was changed. */
export async function databaseSnapshot(db: Database): Promise<Readonly<Record<string, string>>> {
  const tables = await db.rows<{ name: string }>(sql`
    select quote_ident(tablename) as name from pg_tables where schemaname = 'public' order by 1`);
  const hashes: Record<string, string> = {};
  for (const { name } of tables) {
    const rows = await db.rows<{ row: string }>(
      foreignSql(`select t::text as row from ${name} t order by 1`, []),
    );
    const hash = createHash("sha256");
    for (const { row } of rows) hash.update(row).update("\n");
    hashes[name] = `${rows.length} rows ${hash.digest("hex").slice(0, 16)}`;
  }
  return hashes;
}
