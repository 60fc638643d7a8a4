import type { PageTheme } from "#core/pages/theme.ts";
import { type Queries, type Sql, sql } from "../platform/index.ts";

/** What pages take from the content settings. */
export type PageSettings = {
  readonly theme: PageTheme;
  readonly centerIntro: string;
  readonly forwardIntro: string;
};

/** The recipient of one delivery, as a page that was opened by its link knows them. Ids are row numbers. */
export type Recipient = PageSettings & {
  readonly deliveryId: string;
  readonly mailingId: string;
  readonly mailingKind: "journey" | "forward" | "test" | "transactional";
  readonly messageId: string;
  readonly messageVersionId: string;
  readonly topicId: string | null;
  readonly topicName: string | null;
  readonly subject: string;
  readonly contentSettingsId: string | null;
  /** Null: mail of its mailing leaves by whichever route the weights say. */
  readonly routeId: string | null;
  /** Null: no contact, or erased. */
  readonly contactId: string | null;
  /** What the message was sent to; null once it is forgotten. */
  readonly address: string | null;
  /** The contact's address now. */
  readonly contactEmail: string | null;
};

type SettingsRow = {
  companyName: string;
  postalAddress: string;
  websiteUrl: string;
  logoUrl: string;
  brandColor: string;
  centerIntro: string;
  forwardIntro: string;
};

const settingsColumns = sql`
  coalesce(settings.company_name, '') as "companyName", coalesce(settings.postal_address, '') as "postalAddress",
  coalesce(settings.website_url, '') as "websiteUrl", coalesce(settings.logo_url, '') as "logoUrl",
  coalesce(settings.brand_color, '') as "brandColor", coalesce(settings.center_intro, '') as "centerIntro",
  coalesce(settings.forward_intro, '') as "forwardIntro"`;

/** The named content settings, else the default ones. */
const settingsJoin = (id: Sql) => sql`
  left join content_settings settings
    on settings.id = coalesce(${id}, (select id from content_settings where is_default))`;

function toSettings(row: SettingsRow): PageSettings {
  const { companyName, postalAddress, websiteUrl, logoUrl, brandColor, centerIntro, forwardIntro } = row;
  return {
    theme: { companyName, postalAddress, websiteUrl, logoUrl, brandColor },
    centerIntro,
    forwardIntro,
  };
}

/** Who a delivery went to; undefined if there is no such delivery. */
export async function findRecipient(db: Queries, deliveryId: string): Promise<Recipient | undefined> {
  const row = await db.first<SettingsRow & Omit<Recipient, keyof PageSettings>>(sql`
    select ${deliveryId}::bigint as "deliveryId", mailing.id as "mailingId", mailing.kind as "mailingKind",
           mailing.message_id as "messageId", mailing.message_version_id as "messageVersionId",
           mailing.topic_id as "topicId", topic.name as "topicName", mailing.content_settings_id as "contentSettingsId",
           mailing.route_id as "routeId", coalesce(version.source ->> 'subject', '') as subject,
           person.id as "contactId", person.email as "contactEmail",
           coalesce(nullif(log.address, ''), chunk.recipients -> place.number ->> 'address', person.email) as address,
           ${settingsColumns}
    from delivery_chunks chunk
    cross join lateral (select (${deliveryId}::bigint % 1024)::integer as number) place
    join mailings mailing on mailing.id = chunk.mailing_id
    join message_versions version on version.id = mailing.message_version_id
    left join topics topic on topic.id = mailing.topic_id
    left join contacts person on person.id = chunk.contact_ids[place.number + 1]
    left join delivery_log log
      on log.mailing_id = chunk.mailing_id and log.contact_id = chunk.contact_ids[place.number + 1]
     and log.visit_id = chunk.visit_ids[place.number + 1]
    ${settingsJoin(sql`mailing.content_settings_id`)}
    where chunk.id = ${deliveryId}::bigint / 1024 and place.number < chunk.size`);
  return row && { ...row, ...toSettings(row) };
}

/** The settings of pages that no delivery leads to. */
export async function findPageSettings(
  db: Queries,
  contentSettingsId: string | null = null,
): Promise<PageSettings> {
  const row = await db.first<SettingsRow>(
    sql`select ${settingsColumns} from (select 1) one ${settingsJoin(sql`${contentSettingsId}::bigint`)}`,
  );
  if (!row) throw new Error("A select without a table gives one row.");
  return toSettings(row);
}

/** Where an address stands with each topic that the centre shows, and with all commercial mail. */
export type Preferences = {
  readonly topics: readonly {
    readonly id: string;
    readonly name: string;
    readonly description: string;
    readonly isGranted: boolean;
  }[];
  readonly isOptedOut: boolean;
};

/** Public topics, and the one that the message was about even if it is not public. */
export async function readPreferences(
  db: Queries,
  addressKey: string,
  ownTopicId: string | null,
): Promise<Preferences> {
  const topics = await db.rows<Preferences["topics"][number]>(sql`
    select topic.id, topic.name, topic.description, coalesce(consent.granted, false) as "isGranted"
    from topics topic
    left join consents consent on consent.topic_id = topic.id and consent.address_key = ${addressKey}
    where topic.archived_at is null and (topic.is_public or topic.id = ${ownTopicId}::bigint)
    order by topic.position, topic.id`);
  const all = await db.first<{ granted: boolean }>(
    sql`select granted from consents where address_key = ${addressKey} and topic_id = 0`,
  );
  return { topics, isOptedOut: all?.granted === false };
}

/** Whether an address has already refused a topic (null: all commercial mail). */
export async function hasWithdrawn(
  db: Queries,
  addressKey: string,
  topicId: string | null,
): Promise<boolean> {
  const row = await db.first<{ granted: boolean }>(sql`
    select granted from consents where address_key = ${addressKey} and topic_id = ${topicId ?? "0"}`);
  return row?.granted === false;
}
