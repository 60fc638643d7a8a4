import { type Queries, sql } from "../platform/index.ts";

/** Which of these addresses are registration pages of events that exist. */
export async function knownEventSlugs(db: Queries, slugs: readonly string[]): Promise<readonly string[]> {
  const rows = await db.rows<{ slug: string }>(
    sql`select slug from events where slug = any(${slugs}::text[])`,
  );
  return rows.map(({ slug }) => slug);
}
