import { loadStatement, type Queries } from "#server/platform/index.ts";

/** A live number that is not what its rows say. Row ids and counts are decimal strings. */
export type Mismatch = {
  readonly versionId: string;
  readonly tileId: string;
  readonly exit: string;
  readonly total: string;
  readonly rows: string;
};

const statement = loadStatement(import.meta.url, "./queries/verify.sql");

/** [J3] Proves every live number against the rows; what differs is returned, nothing is changed. */
export async function verifyJourneys(queries: Queries): Promise<Mismatch[]> {
  const rows = await queries.named<{
    version_id: string;
    node_id: string;
    exit: string;
    total: string;
    rows: string;
  }>(statement, []);
  return rows.map(({ version_id, node_id, ...rest }) => ({
    versionId: version_id,
    tileId: node_id,
    ...rest,
  }));
}
