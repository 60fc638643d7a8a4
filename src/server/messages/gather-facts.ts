import type { MessageFacts } from "#core/check/facts.ts";
import { analyseMessage, compileMessage, type MessageAnalysis } from "#core/messages/compile-message.ts";
import { contactColumns } from "#core/messages/contact-schema.ts";
import { fieldTexts } from "#core/messages/field-texts.ts";
import type { MessageSource } from "#core/messages/message-source.ts";
import { createRenderer } from "#core/messages/render-message.ts";
import { joinSql, type Platform, type Queries, sql } from "../platform/index.ts";
import { largestMessage } from "../senders/index.ts";
import {
  type Attribute,
  type ContactValues,
  fieldText,
  findSenderDomain,
  findSettings,
  listAttributes,
  listContactValues,
  permittedDomains,
  type SettingsFacts,
} from "./gather-context.ts";
import type { MessageNeeds } from "./needs.ts";

/** Gathers everything that the rules of the check look at. */
export async function gatherFacts(
  platform: Platform,
  needs: MessageNeeds,
  source: MessageSource,
  contentSettingsId: string | undefined,
): Promise<MessageFacts> {
  const { db } = platform;
  const attributes = await listAttributes(db);
  const settings = await findSettings(db, contentSettingsId);
  const analysis = analyseMessage(source, { attributes });
  const bare = pathsWithoutDefault(source, analysis, attributes);
  return {
    source,
    analysis,
    contentSettings: settings
      ? {
          name: settings.name,
          postalAddress: settings.values.postal_address ?? "",
          fromName: settings.fromName,
          fromAddress: settings.fromAddress,
          replyTo: settings.replyTo,
        }
      : null,
    permittedDomains: await permittedDomains(db),
    largestMessage: await largestMessage(db),
    emptySubjectCount: await countEmptySubjects(db, source, attributes, settings),
    fieldGaps: await countGaps(db, bare),
    references: { missing: await missingEvents(platform, needs, source) },
    senderDomain: await findSenderDomain(db, source.fromAddress || (settings?.fromAddress ?? "")),
  };
}

/**
 * Fields that are put out without a default and asked about by no condition: those whose absence a reader would
 * notice. A field that any tag asks about is taken as guarded.
 */
function pathsWithoutDefault(
  source: MessageSource,
  analysis: MessageAnalysis,
  attributes: readonly Attribute[],
): string[] {
  const found = new Set<string>();
  const guarded = new Set(
    analysis.uses
      .filter(({ offset, field }) => isInTag(source[field] ?? "", offset))
      .map(({ keys }) => keys[0]),
  );
  for (const { root, keys, offset, field } of analysis.uses) {
    const [key] = keys;
    if (root !== "contact" || typeof key !== "string" || guarded.has(key)) continue;
    if (!isBareOutput(source[field] ?? "", offset)) continue;
    if (Object.hasOwn(contactColumns, key) || attributes.some((attribute) => attribute.key === key))
      found.add(key);
  }
  return [...found];
}

/** True if the offset is in a tag `{% … %}`, such as a condition. */
function isInTag(template: string, offset: number): boolean {
  return template.lastIndexOf("{%", offset) > template.lastIndexOf("{{", offset);
}

/** True if the offset is in an output tag `{{ … }}` that gives no default. */
function isBareOutput(template: string, offset: number): boolean {
  const open = template.lastIndexOf("{{", offset);
  if (open < 0 || isInTag(template, offset)) return false;
  const close = template.indexOf("}}", offset);
  return close >= 0 && !/\|\s*default\b/.test(template.slice(offset, close));
}

/** How many contacts lack each field, by one pass over them. */
async function countGaps(db: Queries, keys: readonly string[]): Promise<MessageFacts["fieldGaps"]> {
  if (keys.length === 0) return [];
  const counts = keys.map((key) => sql`count(*) filter (where coalesce(${fieldText(key)}, '') = '')`);
  const row = await db.first<{ total: string; empty: string[] }>(
    sql`select count(*) as total, array[${joinSql(counts, ", ", sql``)}]::text[] as empty from contacts`,
  );
  return keys.map((key, index) => ({
    path: `contact.${key}`,
    emptyCount: Number(row?.empty[index] ?? 0),
    total: Number(row?.total ?? 0),
  }));
}

/** Renders the subject for the contacts most likely to leave it empty, and for the newest; says for how many it is. */
async function countEmptySubjects(
  db: Queries,
  source: MessageSource,
  attributes: readonly Attribute[],
  settings: SettingsFacts | undefined,
): Promise<number> {
  const compiled = compileMessage({ ...source, html: "<p>-</p>", text: "-", preheader: "" }, { attributes });
  if (!compiled.ok || compiled.value.fields.length === 0) return 0;
  const keys = compiled.value.fields.map(({ path }) => path[0] ?? "");
  const renderer = createRenderer(compiled.value, {
    publicUrl: "https://example.com",
    settings: settings?.values ?? {},
    journeyName: "",
    listId: "",
    feedbackId: "",
    commercial: false,
    trackOpens: false,
    trackClicks: false,
    defaults: { fromName: "Check", fromAddress: "check@example.com", replyTo: "" },
  });
  const isEmptyFor = (contact: ContactValues) => {
    const parts = renderer.renderParts({
      address: contact.email,
      displayName: "",
      fields: fieldTexts(compiled.value.fields, contact.values),
      tokens: { read: "-", manage: "-", forward: "-", bounce: "-" },
      messageId: "check@example.com",
      date: 0,
      timeZone: "UTC",
      locale: "en",
      trackingConsent: false,
      signUrl: () => "-",
    });
    return parts.ok ? parts.value.subject.trim() === "" : parts.error.code === "subject-empty";
  };
  return (await listContactValues(db, keys)).filter(isEmptyFor).length;
}

/** Links to registration pages of this server whose event does not exist. */
async function missingEvents(
  { config }: Platform,
  needs: MessageNeeds,
  source: MessageSource,
): Promise<MessageFacts["references"]["missing"]> {
  const start = `${config.publicUrl}/e/`;
  const slugs = new Map<string, string>();
  for (const piece of `${source.html}\n${source.text ?? ""}`.split(start).slice(1)) {
    const slug = /^[a-z0-9-]+/.exec(piece)?.[0];
    if (slug) slugs.set(slug, start + slug);
  }
  if (slugs.size === 0) return [];
  const known = new Set(await needs.knownEventSlugs([...slugs.keys()]));
  return [...slugs]
    .filter(([slug]) => !known.has(slug))
    .map(([slug, spelling]) => ({ kind: "event", id: slug, spelling }));
}
