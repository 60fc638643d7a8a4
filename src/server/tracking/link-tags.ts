import { join } from "node:path";
import { z } from "zod";
import { type LinkTags, type ReadyTags, readyTags } from "#core/messages/link-tags.ts";
import { type Database, type Sql, sql } from "../platform/index.ts";
import { readJson, writeJson } from "./json-file.ts";

/** What a tracker knows of the utm parameters that links of each mailing are led on with. [W12] */
export type MailingTags = {
  /** Undefined: links of this mailing lead where they say. */
  readonly find: (mailingId: string) => ReadyTags | undefined;
  /** Hears of what was set, sent and renamed since, by any process. */
  readonly refresh: () => Promise<void>;
};

const Kept = z.array(
  z.object({
    mailingId: z.string(),
    parameters: z.array(z.object({ name: z.string(), text: z.string() })),
    domains: z.array(z.string()),
  }),
);
type Kept = z.infer<typeof Kept>;

/** Opens what is known of tags, from the copy on disk until the database was asked. */
export async function openMailingTags(db: Database, folder: string): Promise<MailingTags> {
  const file = join(folder, "tags.json");
  const byMailing = (kept: Kept) => new Map(kept.map(({ mailingId, ...ready }) => [mailingId, ready]));
  let tags: ReadonlyMap<string, ReadyTags> = byMailing((await readJson(file, Kept)) ?? []);
  let heard = "";

  return {
    find: (mailingId) => tags.get(mailingId),
    async refresh() {
      const state = (await readState(db)) ?? "none";
      if (state === heard) return;
      const kept = (await readTags(db)).flatMap(({ mailingId, linkTags, ...subject }) => {
        const ready = readyTags(linkTags, subject);
        if (!ready) return [];
        return [{ mailingId, parameters: [...ready.parameters], domains: [...ready.domains] }];
      });
      tags = byMailing(kept);
      await writeJson(file, kept satisfies Kept);
      heard = state;
    },
  };
}

const isTagged = (tags: Sql) => sql`concat(${tags}->>'source', ${tags}->>'medium', ${tags}->>'campaign',
  ${tags}->>'content', ${tags}->>'term') <> ''`;

/**
 * Says whether there is something new, in whatever order changes were committed; null while nobody uses tags, for the price of
 * two index probes.
 */
async function readState(db: Database): Promise<string | null | undefined> {
  const row = await db.first<{ state: string | null }>(sql`
    select case when exists (select from content_settings where ${isTagged(sql`link_tags`)})
                  or exists (select from message_versions where link_tags is not null)
      then concat_ws(' ', (select count(*) from mailings), (select id from content_settings where is_default),
                     (select sum(extract(epoch from updated_at)) from content_settings),
                     (select sum(extract(epoch from updated_at)) from journeys),
                     (select sum(extract(epoch from updated_at)) from messages)) end as state`);
  return row?.state;
}

type Row = {
  readonly mailingId: string;
  readonly linkTags: LinkTags;
  readonly journeyName: string;
  readonly messageName: string;
};

/** Of all mailings that have any: what the message says for itself, else what its content settings say. */
function readTags(db: Database): Promise<Row[]> {
  return db.rows<Row>(sql`
    select mailing.id as "mailingId", tags."linkTags", coalesce(journey.name, '') as "journeyName",
           message.name as "messageName"
    from mailings mailing
    join message_versions version on version.id = mailing.message_version_id
    join messages message on message.id = mailing.message_id
    join content_settings settings
      on settings.id = coalesce(mailing.content_settings_id, (select id from content_settings where is_default))
    left join journeys journey on journey.id = mailing.journey_id
    cross join lateral (select coalesce(version.link_tags, settings.link_tags) as "linkTags") tags
    where ${isTagged(sql`tags."linkTags"`)}`);
}
