import { refuse } from "#contract/errors.ts";
import { type LinkTags, noLinkTags } from "#core/messages/link-tags.ts";
import { type Queries, sql } from "../platform/index.ts";

/** What a journey gives its messages, as the person who writes it knows it. */
export type ContentContext = {
  readonly companyName: string;
  readonly postalAddress: string;
  readonly websiteUrl: string;
  readonly socialLinks: Readonly<Record<string, string>>;
  readonly fromName: string;
  readonly fromAddress: string;
  readonly replyTo: string;
  readonly brandColor: string;
  readonly logoUrl: string;
  readonly centerIntro: string;
  readonly forwardIntro: string;
  readonly texts: Readonly<Record<string, string>>;
  readonly linkTags: LinkTags;
};

export type ContentSettings = ContentContext & {
  readonly id: string;
  readonly name: string;
  readonly isDefault: boolean;
  readonly updatedAt: Date;
};

/** What may be sent to change them: anything left out or undefined stays. */
export type ContentChange = { readonly name?: string | undefined } & {
  readonly [field in keyof ContentContext]?: ContentContext[field] | undefined;
};

const columns = sql`id, name, is_default as "isDefault", company_name as "companyName", postal_address as "postalAddress",
  website_url as "websiteUrl", social_links as "socialLinks", from_name as "fromName", from_address as "fromAddress",
  reply_to as "replyTo", brand_color as "brandColor", logo_url as "logoUrl", center_intro as "centerIntro",
  forward_intro as "forwardIntro", texts, link_tags as "linkTags", updated_at as "updatedAt"`;

export const emptyContext: ContentContext = {
  companyName: "",
  postalAddress: "",
  websiteUrl: "",
  socialLinks: {},
  fromName: "",
  fromAddress: "",
  replyTo: "",
  brandColor: "",
  logoUrl: "",
  centerIntro: "",
  forwardIntro: "",
  texts: {},
  linkTags: noLinkTags,
};

/** Makes the default settings of a new installation. Does nothing where there are some, also from several processes at once. */
export async function ensureDefaultSettings(db: Queries): Promise<void> {
  await db.run(sql`
    insert into content_settings (name, is_default) select 'Default', true
    where not exists (select 1 from content_settings where is_default)
    on conflict (is_default) where is_default do nothing`);
}

/** All of them, the default first, then by name. */
export async function listContentSettings(db: Queries): Promise<ContentSettings[]> {
  return db.rows(sql`select ${columns} from content_settings order by is_default desc, lower(name), id`);
}

/** The settings with this row number, or the default where it is null. */
export async function getContentSettings(db: Queries, id: string | null): Promise<ContentSettings> {
  const found = await db.first<ContentSettings>(
    sql`select ${columns} from content_settings where ${id === null ? sql`is_default` : sql`id = ${id}`}`,
  );
  return found ?? refuse("content.not-found");
}

/** Locks all settings, which are few, so that exactly one stays the default whatever runs at the same time. */
export async function lockContentSettings(tx: Queries, id: string): Promise<ContentSettings> {
  const all = await tx.rows<ContentSettings>(
    sql`select ${columns} from content_settings order by id for update`,
  );
  return all.find((each) => each.id === id) ?? refuse("content.not-found");
}

export async function insertContentSettings(
  tx: Queries,
  settings: ContentContext & { name: string },
): Promise<ContentSettings> {
  const row = await tx.first<ContentSettings>(sql`
    insert into content_settings (name, company_name, postal_address, website_url, social_links, from_name, from_address,
      reply_to, brand_color, logo_url, center_intro, forward_intro, texts, link_tags)
    values (${settings.name}, ${settings.companyName}, ${settings.postalAddress}, ${settings.websiteUrl},
      ${settings.socialLinks}, ${settings.fromName}, ${settings.fromAddress}, ${settings.replyTo}, ${settings.brandColor},
      ${settings.logoUrl}, ${settings.centerIntro}, ${settings.forwardIntro}, ${settings.texts}, ${settings.linkTags})
    returning ${columns}`);
  if (!row) throw new Error("Inserted content settings were not returned");
  return row;
}

/** Writes all fields anew. */
export async function updateContentSettings(
  tx: Queries,
  id: string,
  settings: ContentContext & { name: string },
): Promise<ContentSettings> {
  const row = await tx.first<ContentSettings>(sql`
    update content_settings set name = ${settings.name}, company_name = ${settings.companyName},
      postal_address = ${settings.postalAddress}, website_url = ${settings.websiteUrl},
      social_links = ${settings.socialLinks}, from_name = ${settings.fromName}, from_address = ${settings.fromAddress},
      reply_to = ${settings.replyTo}, brand_color = ${settings.brandColor}, logo_url = ${settings.logoUrl},
      center_intro = ${settings.centerIntro}, forward_intro = ${settings.forwardIntro}, texts = ${settings.texts},
      link_tags = ${settings.linkTags}, updated_at = now()
    where id = ${id} returning ${columns}`);
  return row ?? refuse("content.not-found");
}

/** Moves the mark of the default. The unique index allows one at a time, so the old one is cleared first. */
export async function moveDefault(tx: Queries, id: string): Promise<void> {
  await tx.run(sql`update content_settings set is_default = false where is_default`);
  await tx.run(sql`update content_settings set is_default = true where id = ${id}`);
}

export async function deleteContentSettings(tx: Queries, id: string): Promise<void> {
  await tx.run(sql`delete from content_settings where id = ${id}`);
}
