import { refuse } from "#contract/errors.ts";
import { fromId, type IdKind } from "#core/kernel/ids.ts";
import { type Queries, type Sql, sql } from "../platform/index.ts";

/** What numbers are asked of: everything, or one thing by its kind and row number. */
export type Scope =
  | { readonly kind: "all" }
  | { readonly kind: "journey" | "message" | "version" | "template" | "mailing"; readonly id: string };

const kinds = {
  journey: "journey",
  message: "message",
  messageVersion: "version",
  template: "template",
  mailing: "mailing",
} as const satisfies Partial<Record<IdKind, string>>;
const idKinds = ["journey", "message", "messageVersion", "template", "mailing"] as const;

/** Reads a public id of any of these kinds; nothing means everything. */
export function readScope(id: string | undefined): Scope {
  if (id === undefined) return { kind: "all" };
  for (const idKind of idKinds) {
    const row = fromId(idKind, id);
    if (row !== undefined) return { kind: kinds[idKind], id: row };
  }
  return refuse("insights.not-found");
}

/** What a scope is called; refuses a thing that does not exist, so that no numbers are told from zeros. */
export async function getScopeName(db: Queries, scope: Scope): Promise<string> {
  if (scope.kind === "all") return "";
  const source = {
    journey: sql`select name from journeys where id = ${scope.id}`,
    message: sql`select name from messages where id = ${scope.id}`,
    version: sql`
      select message.name || ', version ' || version.number as name
      from message_versions version join messages message on message.id = version.message_id
      where version.id = ${scope.id}`,
    template: sql`select name from templates where id = ${scope.id}`,
    mailing: sql`
      select message.name || coalesce(' in ' || journey.name, '') as name
      from mailings mailing join messages message on message.id = mailing.message_id
      left join journeys journey on journey.id = mailing.journey_id where mailing.id = ${scope.id}`,
  }[scope.kind];
  return (await db.first<{ name: string }>(source))?.name ?? refuse("insights.not-found");
}

/** The condition on `mailing` and `message` by which a mailing belongs to a scope. */
export function inScope(scope: Scope): Sql {
  switch (scope.kind) {
    case "all":
      return sql`true`;
    case "journey":
      return sql`mailing.journey_id = ${scope.id}`;
    case "message":
      return sql`mailing.message_id = ${scope.id}`;
    case "version":
      return sql`mailing.message_version_id = ${scope.id}`;
    case "template":
      return sql`message.template_id = ${scope.id}`;
    case "mailing":
      return sql`mailing.id = ${scope.id}`;
  }
}

/** The mailings of a scope: tests never count, and forwarded copies are told apart. */
export function mailingsOf(scope: Scope): Sql {
  return sql`
    select mailing.id from mailings mailing join messages message on message.id = mailing.message_id
    where mailing.kind in ('journey', 'transactional') and ${inScope(scope)}`;
}

/** The mailings of copies that were forwarded from a scope. */
export function forwardMailingsOf(scope: Scope): Sql {
  if (scope.kind === "all") return sql`select id from mailings where kind = 'forward'`;
  return sql`select distinct mailing_id as id from forwards where source_mailing_id in (${mailingsOf(scope)})`;
}
