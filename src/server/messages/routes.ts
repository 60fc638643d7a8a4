import { z } from "zod";
import { refuse } from "#contract/errors.ts";
import { messageRoutes } from "#contract/messages.ts";
import type { Actor } from "#core/access/actor.ts";
import { passes } from "#core/kernel/finding.ts";
import { tidyLinkTags } from "#core/messages/link-tags.ts";
import { audit } from "../access/index.ts";
import { readCursor, toPage } from "../platform/http/cursor.ts";
import type { Http } from "../platform/http/implement.ts";
import { type Platform, sql } from "../platform/index.ts";
import { checkDraft } from "./check-draft.ts";
import type { MessageNeeds } from "./needs.ts";
import {
  presentMessage,
  presentSummary,
  presentTemplate,
  presentVersion,
  presentVersionSource,
} from "./present-message.ts";
import { gatherPreviewContext } from "./preview-context.ts";
import { publishMessage } from "./publish-message.ts";
import { archiveMessage, restoreMessage, stopMessage } from "./retire-message.ts";
import { copyMessage, createMessage, getMessage, saveMessage } from "./save-message.ts";
import {
  findTemplate,
  findVersion,
  listMessages,
  listTemplates,
  listVersions,
  type MessageRow,
  rowOf,
} from "./store.ts";

const updatedCursor = z.tuple([z.iso.datetime(), z.string().regex(/^[0-9]{1,19}$/)]);
const numberCursor = z.tuple([z.number().int()]);

const userOf = (actor: Actor) => (actor.kind === "user" ? actor.id : null);

/** Binds the routes of messages and templates. */
export function bindMessageRoutes(http: Http, platform: Platform, needs: MessageNeeds): void {
  const present = async (row: MessageRow) => presentMessage(row, await needs.whereUsed(row.id));
  bindDrafts(http, platform, present);
  bindLifeCycle(http, platform, needs, present);
  bindVersions(http, platform);
  bindTemplates(http, platform);
}

type Present = (row: MessageRow) => Promise<ReturnType<typeof presentMessage>>;

function bindDrafts(http: Http, platform: Platform, present: Present): void {
  const { db } = platform;
  http.implement(messageRoutes.list, async ({ query }) => {
    const cursor = readCursor(query.cursor, updatedCursor);
    const rows = await listMessages(db, {
      limit: query.limit + 1,
      after: cursor && { at: cursor[0], id: cursor[1] },
      search: query.search,
      state: query.state,
    });
    return toPage(rows, query.limit, (row) => [row.updatedAtExact, row.id], presentSummary);
  });
  http.implement(messageRoutes.get, async ({ params }) =>
    present(await getMessage(platform, rowOf("message", params.messageId))),
  );
  http.implement(messageRoutes.create, async ({ body, actor }) => {
    const template = body.templateId
      ? ((await findTemplate(db, rowOf("template", body.templateId))) ?? refuse("message.unknown-template"))
      : undefined;
    const made = await createMessage(platform, actor, {
      name: body.name,
      subject: body.subject ?? template?.subject ?? "",
      preheader: template?.preheader ?? "",
      html: body.html ?? template?.html ?? "",
      templateId: template?.id ?? null,
      createdBy: userOf(actor),
    });
    return present(made);
  });
  http.implement(messageRoutes.save, async ({ params, body, actor }) => {
    const { revision, topicId, linkTags, ...fields } = body;
    const source = linkTags === null ? fields : { ...fields, linkTags: tidyLinkTags(linkTags) };
    return present(
      await saveMessage(platform, actor, {
        id: rowOf("message", params.messageId),
        revision,
        source,
        topicId: topicId ? rowOf("topic", topicId) : null,
      }),
    );
  });
  http.implement(messageRoutes.copy, async ({ params, actor }) =>
    present(await copyMessage(platform, actor, rowOf("message", params.messageId))),
  );
  http.implement(messageRoutes.previewContext, async ({ query }) => gatherPreviewContext(platform, query));
}

function bindLifeCycle(http: Http, platform: Platform, needs: MessageNeeds, present: Present): void {
  http.implement(messageRoutes.check, async ({ params, body }) => {
    const row = await getMessage(platform, rowOf("message", params.messageId));
    const { findings } = await checkDraft(
      platform,
      needs,
      row,
      body.contentSettingsId ? rowOf("contentSettings", body.contentSettingsId) : undefined,
    );
    return { findings: [...findings], passes: passes(findings) };
  });
  http.implement(messageRoutes.goLive, async ({ params, body, actor }) => {
    const { row, findings } = await publishMessage(platform, needs, actor, {
      id: rowOf("message", params.messageId),
      revision: body.revision,
    });
    return { message: await present(row), findings: [...findings] };
  });
  http.implement(messageRoutes.stop, async ({ params, actor }) =>
    present(await stopMessage(platform, needs, actor, rowOf("message", params.messageId))),
  );
  http.implement(messageRoutes.archive, async ({ params, actor }) =>
    present(await archiveMessage(platform, needs, actor, rowOf("message", params.messageId))),
  );
  http.implement(messageRoutes.restore, async ({ params, actor }) =>
    present(await restoreMessage(platform, actor, rowOf("message", params.messageId))),
  );
}

function bindVersions(http: Http, platform: Platform): void {
  const { db } = platform;
  http.implement(messageRoutes.versions, async ({ params, query }) => {
    const row = await getMessage(platform, rowOf("message", params.messageId));
    const before = readCursor(query.cursor, numberCursor);
    const rows = await listVersions(db, row.id, query.limit + 1, before?.[0]);
    return toPage(rows, query.limit, (version) => [version.number], presentVersion);
  });
  http.implement(messageRoutes.version, async ({ params }) => {
    const row = await getMessage(platform, rowOf("message", params.messageId));
    const version = (await findVersion(db, row.id, params.number)) ?? refuse("message.no-such-version");
    return presentVersionSource(version);
  });
}

function bindTemplates(http: Http, platform: Platform): void {
  const { db } = platform;
  http.implement(messageRoutes.templates, async () => ({
    items: (await listTemplates(db)).map(presentTemplate),
  }));
  http.implement(messageRoutes.saveTemplate, async ({ body, actor }) => {
    const row = await getMessage(platform, rowOf("message", body.messageId));
    const id = await db.transaction(async (tx) => {
      const made = await tx.first<{ id: string }>(sql`
        insert into templates (name, category, subject, preheader, html)
        values (${body.name}, ${body.category}, ${row.subject}, ${row.preheader}, ${row.html}) returning id`);
      await audit(tx, actor, {
        action: "template.created",
        subjectKind: "template",
        details: { name: body.name },
      });
      return made?.id ?? "0";
    });
    return presentTemplate((await findTemplate(db, id)) ?? refuse("message.unknown-template"));
  });
  http.implement(messageRoutes.deleteTemplate, async ({ params, actor }) => {
    const template =
      (await findTemplate(db, rowOf("template", params.templateId))) ?? refuse("message.unknown-template");
    if (template.key !== null) refuse("message.template-built-in");
    await db.transaction(async (tx) => {
      await tx.run(sql`update messages set template_id = null where template_id = ${template.id}`);
      await tx.run(sql`delete from templates where id = ${template.id}`);
      await audit(tx, actor, {
        action: "template.deleted",
        subjectKind: "template",
        details: { name: template.name },
      });
    });
    return { done: true } as const;
  });
}
