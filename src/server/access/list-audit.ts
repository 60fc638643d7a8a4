import { fromId, toId } from "#core/kernel/ids.ts";
import { joinSql, type Queries, type Sql, sql } from "../platform/index.ts";

export type AuditRow = {
  readonly id: string;
  readonly at: Date;
  readonly actorKind: "user" | "api-key" | "contact" | "system";
  readonly actorId: string | null;
  readonly actorLabel: string;
  readonly action: string;
  readonly subjectKind: string | null;
  readonly subjectId: string | null;
  readonly details: Record<string, unknown>;
  readonly ip: string | null;
};

export type AuditFilter = {
  readonly action?: string | undefined;
  readonly actorKind?: string | undefined;
  readonly actorId?: string | undefined;
  readonly subjectKind?: string | undefined;
  readonly subjectId?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
};

const idKinds = { user: "user", "api-key": "apiKey", contact: "contact" } as const;

/** Shows who acted by public id. */
export function actorIdOf(row: Pick<AuditRow, "actorKind" | "actorId">): string | null {
  if (row.actorId === null || row.actorKind === "system") return null;
  return toId(idKinds[row.actorKind], row.actorId);
}

function actorCondition(publicId: string): Sql {
  for (const [kind, idKind] of Object.entries(idKinds)) {
    const row = fromId(idKind, publicId);
    if (row !== undefined) return sql`actor_kind = ${kind} and actor_id = ${row}`;
  }
  return sql`false`;
}

/** Newest first; `before` is the row number to go on from. An action ending in `*` matches by its beginning. */
export async function listAudit(
  db: Queries,
  filter: AuditFilter,
  page: { before: string | undefined; limit: number },
): Promise<AuditRow[]> {
  const conditions: Sql[] = [];
  if (page.before !== undefined) conditions.push(sql`id < ${page.before}`);
  if (filter.action?.endsWith("*")) conditions.push(sql`starts_with(action, ${filter.action.slice(0, -1)})`);
  else if (filter.action !== undefined) conditions.push(sql`action = ${filter.action}`);
  if (filter.actorKind !== undefined) conditions.push(sql`actor_kind = ${filter.actorKind}`);
  if (filter.actorId !== undefined) conditions.push(actorCondition(filter.actorId));
  if (filter.subjectKind !== undefined) conditions.push(sql`subject_kind = ${filter.subjectKind}`);
  if (filter.subjectId !== undefined) conditions.push(sql`subject_id = ${filter.subjectId}`);
  if (filter.from !== undefined) conditions.push(sql`at >= ${filter.from}::timestamptz`);
  if (filter.to !== undefined) conditions.push(sql`at < ${filter.to}::timestamptz`);
  return db.rows(sql`
    select id, at, actor_kind as "actorKind", actor_id as "actorId", actor_label as "actorLabel", action,
      subject_kind as "subjectKind", subject_id as "subjectId", details, ip
    from audit_log where ${joinSql(conditions, " and ", sql`true`)} order by id desc limit ${page.limit + 1}`);
}
