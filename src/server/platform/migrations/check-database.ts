import type pg from "pg";
import { type DatabaseFacts, judgeDatabase } from "./judge-database.ts";

/** Asks the database what it is. Throws a plain sentence if Postroad cannot work on it. */
export async function checkDatabase(client: pg.Client): Promise<void> {
  const { rows } = await client.query<DatabaseFacts>(`
    select current_setting('server_version_num')::int as "versionNumber",
      current_setting('server_version') as version,
      current_database() as name,
      current_setting('server_encoding') as encoding,
      current_user as "user",
      coalesce(has_schema_privilege(current_schema(), 'create'), false) as "mayCreate",
      exists (
        select from pg_collation
        where collname in ('pg_c_utf8', 'und-x-icu') and collnamespace = 'pg_catalog'::regnamespace
          and collencoding in (-1, pg_char_to_encoding('UTF8'))
      ) as "canFoldCase"`);
  const problem = rows[0] && judgeDatabase(rows[0]);
  if (problem !== undefined) throw new Error(problem);
}
