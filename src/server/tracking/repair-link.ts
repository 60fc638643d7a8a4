import type { z } from "zod";
import { refuse } from "#contract/errors.ts";
import type { LinkRepair, RepairedLink } from "#contract/tracking.ts";
import type { Actor } from "#core/access/actor.ts";
import { toId } from "#core/kernel/ids.ts";
import { audit } from "../access/index.ts";
import { type Platform, type Queries, sql } from "../platform/index.ts";
import { webAddress } from "./web-address.ts";

type RepairRow = {
  number: number;
  from: string | null;
  to: string | null;
  by: string;
  at: Date;
};

const present = ({ at, ...row }: RepairRow): LinkRepair => ({ ...row, at: at.toISOString() });

/**
 * [T34] Leads a link of a live version elsewhere, or with null back to where the message says. What was sent stays as it is;
 * trackers hear of it within seconds, and everything is kept that was ever changed.
 */
export async function repairLink(
  platform: Pick<Platform, "db" | "config">,
  actor: Actor,
  wanted: { readonly versionId: string; readonly number: number; readonly url: string | null },
): Promise<LinkRepair> {
  const { versionId, number } = wanted;
  const to = wanted.url === null ? null : (webAddress(wanted.url) ?? refuse("links.not-an-address"));
  if (to?.startsWith(`${platform.config.publicUrl}/c/`)) refuse("links.not-an-address");
  return platform.db.transaction(async (tx) => {
    const link = await lockLink(tx, versionId, number);
    if ((link.repairedUrl ?? link.sentUrl) === (to ?? link.sentUrl) && to !== null)
      refuse("links.leads-there");
    if (to === null && link.repairedUrl === null) refuse("links.leads-there");
    const row = await tx.first<RepairRow>(sql`
      insert into link_repairs (version_id, link_number, from_url, to_url, actor_label)
      values (${versionId}, ${number}, ${link.repairedUrl ?? link.sentUrl}, ${to}, ${actor.label})
      returning link_number as number, from_url as "from", to_url as "to", actor_label as "by", at`);
    await audit(tx, actor, {
      action: to === null ? "link.restored" : "link.repaired",
      subjectKind: "message-version",
      subjectId: toId("messageVersion", versionId),
      details: { link: number, from: link.repairedUrl ?? link.sentUrl, to },
    });
    return present(row ?? refuse("links.not-found"));
  });
}

/** The link as it was sent and as it leads now; one change of a version's links at a time. */
async function lockLink(
  tx: Queries,
  versionId: string,
  number: number,
): Promise<{ sentUrl: string | null; repairedUrl: string | null }> {
  await findLiveVersion(tx, versionId, sql`for no key update`);
  const link = await tx.first<{ sentUrl: string | null; repairedUrl: string | null }>(sql`
    select link.url as "sentUrl",
           (select to_url from link_repairs repair
            where repair.version_id = version.id and repair.link_number = link.number
            order by repair.id desc limit 1) as "repairedUrl"
    from message_versions version
    cross join lateral jsonb_to_recordset(version.links) link(number integer, url text)
    where version.id = ${versionId} and link.number = ${number}`);
  return link ?? refuse("links.not-found");
}

async function findLiveVersion(db: Queries, versionId: string, lock = sql``): Promise<void> {
  const version = await db.first(
    sql`select 1 as found from message_versions where id = ${versionId} and number is not null ${lock}`,
  );
  if (!version) refuse("message.no-such-version");
}

/** Who led links of a live version elsewhere, latest first. */
export async function listRepairs(db: Queries, versionId: string): Promise<LinkRepair[]> {
  await findLiveVersion(db, versionId);
  const rows = await db.rows<RepairRow>(sql`
    select link_number as number, from_url as "from", to_url as "to", actor_label as "by", at
    from link_repairs where version_id = ${versionId} order by id desc`);
  return rows.map(present);
}

/** The links of a delivery that lead elsewhere than the message says. */
export function listRepairedLinks(db: Queries, deliveryId: string): Promise<z.input<typeof RepairedLink>[]> {
  return db.rows(sql`
    select link.number, coalesce(link.label, '') as label, link.url as "sentUrl", latest.to_url as url
    from delivery_chunks chunk
    join mailings mailing on mailing.id = chunk.mailing_id
    join message_versions version on version.id = mailing.message_version_id
    cross join lateral jsonb_to_recordset(version.links) link(number integer, url text, label text)
    cross join lateral (
      select to_url from link_repairs repair
      where repair.version_id = version.id and repair.link_number = link.number order by repair.id desc limit 1) latest
    where chunk.id = ${deliveryId}::bigint / 1024 and latest.to_url is not null
    order by link.number`);
}
