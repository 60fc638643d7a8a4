import { z } from "zod";
import { Finding } from "#contract/messages.ts";
import { toId } from "#core/kernel/ids.ts";
import { tidyLinkTags } from "#core/messages/link-tags.ts";
import { MessageSource } from "#core/messages/message-source.ts";
import type { Usage } from "./needs.ts";
import { type MessageRow, stateOf, type TemplateRow, type VersionRow } from "./store.ts";

/** Shows a message as the API does. */
export function presentMessage(row: MessageRow, usedBy: readonly Usage[]) {
  const {
    name,
    designation,
    subject,
    preheader,
    fromName,
    fromAddress,
    replyTo,
    html,
    text,
    trackOpens,
    trackClicks,
    linkTags,
  } = row;
  return {
    id: toId("message", row.id),
    name,
    designation,
    topicId: row.topicId ? toId("topic", row.topicId) : null,
    subject,
    preheader,
    fromName,
    fromAddress,
    replyTo,
    html,
    text,
    trackOpens,
    trackClicks,
    linkTags: linkTags && tidyLinkTags(linkTags),
    state: stateOf(row),
    revision: row.revision,
    templateId: row.templateId ? toId("template", row.templateId) : null,
    live:
      row.liveVersionId && row.liveNumber !== null && row.livePublishedAt
        ? {
            versionId: toId("messageVersion", row.liveVersionId),
            number: row.liveNumber,
            publishedAt: row.livePublishedAt.toISOString(),
          }
        : null,
    designationLocked: row.wasLive,
    usedBy: [...usedBy],
    updatedAt: row.updatedAt.toISOString(),
  };
}

/** Shows one line of the list of messages. */
export function presentSummary(row: MessageRow) {
  return {
    id: toId("message", row.id),
    name: row.name,
    designation: row.designation,
    subject: row.subject,
    state: stateOf(row),
    liveNumber: row.liveNumber,
    updatedAt: row.updatedAt.toISOString(),
  };
}

/** Shows a live version. */
export function presentVersion(row: VersionRow) {
  return {
    id: toId("messageVersion", row.id),
    number: row.number ?? 0,
    publishedAt: row.publishedAt.toISOString(),
    publishedBy: row.publishedBy,
    contentHash: row.contentHash,
    sizeBytes: row.sizeBytes,
  };
}

/** Shows a live version with all that was frozen. */
export function presentVersionSource(row: VersionRow) {
  return {
    ...presentVersion(row),
    source: { ...MessageSource.parse(row.source), topicId: row.topicId ? toId("topic", row.topicId) : null },
    findings: z.array(Finding).parse(row.findings),
  };
}

/** Shows a template as the API does. */
export function presentTemplate(row: TemplateRow) {
  const { name, category, subject, preheader, html } = row;
  return {
    id: toId("template", row.id),
    name,
    category,
    subject,
    preheader,
    html,
    isBuiltIn: row.key !== null,
  };
}
