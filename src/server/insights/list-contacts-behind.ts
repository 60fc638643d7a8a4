import { z } from "zod";
import type { ContactBehind, drillMetrics } from "#contract/insights.ts";
import { toId } from "#core/kernel/ids.ts";
import { readCursor, toPage } from "../platform/http/cursor.ts";
import { type Queries, type Sql, sql } from "../platform/index.ts";
import { mailingsOf, type Scope } from "./scope.ts";

export type DrillMetric = (typeof drillMetrics)[number];

export type Drill = {
  readonly scope: Scope;
  readonly metric: DrillMetric;
  readonly link: number | undefined;
  readonly reason: string | undefined;
  readonly cursor: string | undefined;
  readonly limit: number;
};

type Page = { items: ContactBehind[]; nextCursor: string | null };
type Row = {
  contactId: string | null;
  email: string | null;
  firstName: string | null;
  lastName: string | null;
  deliveryId: string | null;
  at: Date | null;
  detail: string | null;
  a: string;
  b: string;
  c: string;
};

const outcomes: Partial<Record<DrillMetric, string>> = {
  accepted: "accepted",
  refused: "refused",
  skipped: "skipped",
  "given-up": "given-up",
  "in-doubt": "in-doubt",
};

const interactionKinds: Partial<
  Record<DrillMetric, { readonly kind: string; readonly agent: "human" | "machine" }>
> = {
  opens: { kind: "open", agent: "human" },
  "machine-opens": { kind: "open", agent: "machine" },
  clicks: { kind: "click", agent: "human" },
  "machine-clicks": { kind: "click", agent: "machine" },
  forwards: { kind: "forward", agent: "human" },
  unsubscribes: { kind: "unsubscribe", agent: "human" },
};

/** Lists the deliveries that a number counts, with their contacts: as many rows as the number says. */
export async function listContactsBehind(db: Queries, drill: Drill): Promise<Page> {
  const { metric } = drill;
  const interaction = interactionKinds[metric];
  const outcome = outcomes[metric];
  const rows = interaction
    ? await fromInteractions(db, drill, interaction)
    : outcome
      ? await fromLog(db, drill, outcome)
      : metric === "bounced-later"
        ? await fromBounces(db, drill)
        : await fromChunks(db, drill);
  return toPage(rows, drill.limit, (row) => [row.a, row.b, row.c], present);
}

function present(row: Row): ContactBehind {
  return {
    rowId: `${row.a}/${row.b}/${row.c}`,
    contactId: row.contactId === null ? null : toId("contact", row.contactId),
    email: row.email ?? "",
    firstName: row.firstName,
    lastName: row.lastName,
    deliveryId: row.deliveryId === null ? null : toId("delivery", row.deliveryId),
    at: row.at?.toISOString() ?? null,
    detail: row.detail,
  };
}

const person = sql`
  person.id as "contactId", person.email, person.first_name as "firstName", person.last_name as "lastName"`;

const number = z.string().regex(/^[0-9]{1,19}$/);
const threeNumbers = z.tuple([number, number, number]);
const timeAndNumbers = z.tuple([z.string().max(40), number, number]);

async function fromInteractions(
  db: Queries,
  drill: Drill,
  { kind, agent }: { readonly kind: string; readonly agent: string },
): Promise<Row[]> {
  const after = readCursor(drill.cursor, timeAndNumbers);
  // Forwards count each copy; everything else counts a delivery once.
  const once =
    drill.link !== undefined
      ? sql`and is_first and link_number = ${drill.link}`
      : kind === "forward"
        ? sql``
        : sql`and is_first_of_kind`;
  const before = after ? sql`and (at, id) < (${after[0]}::timestamptz, ${after[1]}::bigint)` : sql``;
  const atMost = drill.limit + 1;
  // The last ones of each mailing come from the end of its index; all of them together would be sorted every time.
  return db.rows<Row>(sql`
    select ${person}, done.delivery_id as "deliveryId", done.at, done.evidence as detail,
           done.at::text as a, done.id::text as b, '0' as c
    from (
      select latest.* from (${mailingsOf(drill.scope)}) own
      cross join lateral (
        select id, contact_id, delivery_id, at, evidence from interactions
        where mailing_id = own.id and kind = ${kind} and agent = ${agent} ${once} ${before}
        order by at desc, id desc limit ${atMost}
      ) latest
      order by latest.at desc, latest.id desc limit ${atMost}
    ) done
    left join contacts person on person.id = done.contact_id
    order by done.at desc, done.id desc`);
}

async function fromLog(db: Queries, drill: Drill, outcome: string): Promise<Row[]> {
  const after = readCursor(drill.cursor, threeNumbers);
  const reason =
    drill.reason === undefined
      ? sql``
      : sql`and coalesce(nullif(log.reason, ''), 'unknown') = ${drill.reason}`;
  return db.rows<Row>(sql`
    select person.id as "contactId", coalesce(person.email, log.address) as email, person.first_name as "firstName",
           person.last_name as "lastName", log.delivery_id as "deliveryId", log.at,
           coalesce(log.reason || coalesce(': ' || log.reply, ''), log.reply) as detail,
           log.mailing_id::text as a, log.contact_id::text as b, log.visit_id::text as c
    from delivery_log log left join contacts person on person.id = log.contact_id
    where log.mailing_id in (${mailingsOf(drill.scope)}) and log.outcome = ${outcome} ${reason} ${afterKey(after)}
    order by log.mailing_id, log.contact_id, log.visit_id limit ${drill.limit + 1}`);
}

function afterKey(after: z.infer<typeof threeNumbers> | undefined): Sql {
  return after
    ? sql`and (log.mailing_id, log.contact_id, log.visit_id) > (${after[0]}::bigint, ${after[1]}::bigint, ${after[2]}::bigint)`
    : sql``;
}

async function fromBounces(db: Queries, drill: Drill): Promise<Row[]> {
  const after = readCursor(drill.cursor, threeNumbers);
  return db.rows<Row>(sql`
    select distinct on (bounce.delivery_id) ${person}, bounce.delivery_id as "deliveryId", bounce.at,
           bounce.category || ': ' || bounce.diagnostic as detail,
           bounce.delivery_id::text as a, '0' as b, '0' as c
    from bounces bounce left join contacts person on person.id = bounce.contact_id
    where bounce.mailing_id in (${mailingsOf(drill.scope)}) and bounce.delivery_id > ${after?.[0] ?? "0"}::bigint
      ${drill.reason === undefined ? sql`` : sql`and bounce.category = ${drill.reason}`}
    order by bounce.delivery_id limit ${drill.limit + 1}`);
}

/** Everybody it was queued for: read from as many chunks as a page needs, and no more. */
async function fromChunks(db: Queries, drill: Drill): Promise<Row[]> {
  const after = readCursor(drill.cursor, threeNumbers);
  const last = after?.[0] ?? "0";
  return db.rows<Row>(sql`
    with chunks as (
      select id, contact_ids from delivery_chunks
      where mailing_id in (${mailingsOf(drill.scope)}) and id >= ${last}::bigint / 1024
      order by id limit ${drill.limit + 2}
    ), places as (
      select chunks.id * 1024 + place - 1 as delivery_id, contact_id
      from chunks, unnest(chunks.contact_ids) with ordinality given(contact_id, place)
    )
    select ${person}, places.delivery_id as "deliveryId", null as at, null as detail,
           places.delivery_id::text as a, '0' as b, '0' as c
    from (select * from places where delivery_id > ${last}::bigint order by delivery_id limit ${drill.limit + 1}) places
    left join contacts person on person.id = places.contact_id
    order by places.delivery_id`);
}
