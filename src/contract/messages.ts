import { z } from "zod";
import { idSchema } from "#core/kernel/ids.ts";
import { fieldTypes } from "#core/messages/contact-schema.ts";
import { LinkTags } from "#core/messages/link-tags.ts";
import { defineRoute, done, pageOf, pageQuery } from "./route.ts";

/** A change of the draft that mends a finding: replaces characters `from` to `to` of a field. */
export const Repair = z.object({
  label: z.string(),
  field: z.enum(["subject", "preheader", "html", "text", "fromName", "fromAddress", "replyTo"]),
  from: z.number().int().min(0),
  to: z.number().int().min(0),
  insert: z.string(),
});
export type Repair = z.infer<typeof Repair>;

/** A finding as it travels: core/kernel/finding.ts. `repair`, where there is one, is a change the editor can make at once. */
export const Finding = z.object({
  code: z.string(),
  severity: z.enum(["error", "warning"]),
  message: z.string(),
  why: z.string(),
  fix: z.string(),
  where: z.object({
    field: z.string(),
    line: z.number().int().optional(),
    column: z.number().int().optional(),
    nodeId: z.string().optional(),
  }),
  repair: Repair.optional(),
});

export const messageStates = ["draft", "live", "live-with-edits", "stopped", "archived"] as const;

const draftFields = {
  name: z.string().trim().min(1).max(200),
  designation: z.enum(["commercial", "transactional"]),
  topicId: idSchema("topic").nullable(),
  subject: z.string().max(2000),
  preheader: z.string().max(2000),
  fromName: z.string().max(500),
  fromAddress: z.string().max(500),
  replyTo: z.string().max(500),
  html: z.string().max(1_000_000),
  text: z.string().max(1_000_000).nullable(),
  trackOpens: z.boolean(),
  trackClicks: z.boolean(),
  /** The utm parameters of its links; null: as the content settings say. */
  linkTags: LinkTags.nullable().default(null),
};

export const MessageSummary = z.object({
  id: idSchema("message"),
  name: z.string(),
  designation: z.enum(["commercial", "transactional"]),
  subject: z.string(),
  state: z.enum(messageStates),
  liveNumber: z.number().int().nullable(),
  updatedAt: z.iso.datetime(),
});

export const Message = z.object({
  id: idSchema("message"),
  ...draftFields,
  state: z.enum(messageStates),
  revision: z.number().int(),
  templateId: idSchema("template").nullable(),
  live: z
    .object({
      versionId: idSchema("messageVersion"),
      number: z.number().int(),
      publishedAt: z.iso.datetime(),
    })
    .nullable(),
  /** Once it was live, commercial and transactional cannot be exchanged. */
  designationLocked: z.boolean(),
  usedBy: z.array(z.object({ kind: z.string(), id: z.string(), name: z.string(), state: z.string() })),
  updatedAt: z.iso.datetime(),
});

export const MessageVersion = z.object({
  id: idSchema("messageVersion"),
  number: z.number().int(),
  publishedAt: z.iso.datetime(),
  publishedBy: z.string().nullable(),
  contentHash: z.string(),
  sizeBytes: z.number().int(),
});

export const Template = z.object({
  id: idSchema("template"),
  name: z.string(),
  category: z.string(),
  subject: z.string(),
  preheader: z.string(),
  html: z.string(),
  isBuiltIn: z.boolean(),
});

const params = z.object({ messageId: idSchema("message") });
const checked = z.object({ findings: z.array(Finding), passes: z.boolean() });

/** Everything the browser's preview needs to render a message as one contact would get it, with production's renderer. */
export const PreviewContext = z.object({
  contact: z.object({
    id: idSchema("contact").nullable(),
    email: z.string(),
    displayName: z.string(),
    timeZone: z.string(),
    locale: z.string(),
    /** Values by template path below `contact`: columns as text, attributes as they are stored. */
    values: z.record(z.string(), z.unknown()),
  }),
  attributes: z.array(z.object({ key: z.string(), label: z.string(), type: z.enum(fieldTypes) })),
  settings: z.record(z.string(), z.string()),
  defaults: z.object({ fromName: z.string(), fromAddress: z.string(), replyTo: z.string() }),
  publicUrl: z.string(),
});

export const messageRoutes = {
  list: defineRoute({
    id: "messages.list",
    method: "GET",
    path: "/api/messages",
    summary: "List messages, newest change first.",
    access: "messages:read",
    query: pageQuery.extend({
      search: z.string().max(200).optional(),
      state: z.enum([...messageStates, "any"]).default("any"),
    }),
    response: pageOf(MessageSummary),
  }),
  create: defineRoute({
    id: "messages.create",
    method: "POST",
    path: "/api/messages",
    summary: "Make a draft: blank, from a template, or from given HTML.",
    access: "messages:write",
    body: z.object({
      name: draftFields.name,
      templateId: idSchema("template").optional(),
      html: draftFields.html.optional(),
      subject: draftFields.subject.optional(),
    }),
    response: Message,
    errors: ["message.unknown-template"],
  }),
  get: defineRoute({
    id: "messages.get",
    method: "GET",
    path: "/api/messages/:messageId",
    summary: "Read one message with its draft.",
    access: "messages:read",
    params,
    response: Message,
    errors: ["message.not-found"],
  }),
  save: defineRoute({
    id: "messages.save",
    method: "PUT",
    path: "/api/messages/:messageId",
    summary: "Save the draft. Names the revision it edited, so that nobody's work is overwritten unseen.",
    access: "messages:write",
    params,
    body: z.object({ revision: z.number().int(), ...draftFields }),
    response: Message,
    errors: [
      "message.not-found",
      "message.edited-elsewhere",
      "message.designation-locked",
      "message.archived",
    ],
  }),
  copy: defineRoute({
    id: "messages.copy",
    method: "POST",
    path: "/api/messages/:messageId/copy",
    summary: "Make a new draft with the same content.",
    access: "messages:write",
    params,
    response: Message,
    errors: ["message.not-found"],
  }),
  check: defineRoute({
    id: "messages.check",
    method: "POST",
    path: "/api/messages/:messageId/check",
    summary: "Run the error check on the saved draft.",
    access: "messages:read",
    params,
    body: z.object({ contentSettingsId: idSchema("contentSettings").optional() }),
    response: checked,
    errors: ["message.not-found"],
  }),
  goLive: defineRoute({
    id: "messages.goLive",
    method: "POST",
    path: "/api/messages/:messageId/go-live",
    summary:
      "Check the draft and freeze it as the next live version. Journeys that run keep the version they have.",
    access: "messages:publish",
    params,
    body: z.object({ revision: z.number().int() }),
    response: z.object({ message: Message, findings: z.array(Finding) }),
    errors: ["message.not-found", "message.edited-elsewhere", "message.check-failed", "message.archived"],
  }),
  stop: defineRoute({
    id: "messages.stop",
    method: "POST",
    path: "/api/messages/:messageId/stop",
    summary: "Take a message out of use. Refused while a live journey uses it.",
    access: "messages:publish",
    params,
    response: Message,
    errors: ["message.not-found", "message.not-live", "message.in-use"],
  }),
  archive: defineRoute({
    id: "messages.archive",
    method: "POST",
    path: "/api/messages/:messageId/archive",
    summary: "Put a message away. Can be undone.",
    access: "messages:write",
    params,
    response: Message,
    errors: ["message.not-found", "message.in-use"],
  }),
  restore: defineRoute({
    id: "messages.restore",
    method: "POST",
    path: "/api/messages/:messageId/restore",
    summary: "Bring an archived message back.",
    access: "messages:write",
    params,
    response: Message,
    errors: ["message.not-found"],
  }),
  versions: defineRoute({
    id: "messages.versions",
    method: "GET",
    path: "/api/messages/:messageId/versions",
    summary: "List the live versions, newest first.",
    access: "messages:read",
    params,
    query: pageQuery,
    response: pageOf(MessageVersion),
    errors: ["message.not-found"],
  }),
  version: defineRoute({
    id: "messages.version",
    method: "GET",
    path: "/api/messages/:messageId/versions/:number",
    summary: "Read one live version: what was frozen, and what the check said.",
    access: "messages:read",
    params: params.extend({ number: z.coerce.number().int().min(1) }),
    response: MessageVersion.extend({
      source: z.object({ ...draftFields, topicId: idSchema("topic").nullable() }),
      findings: z.array(Finding),
    }),
    errors: ["message.not-found", "message.no-such-version"],
  }),
  previewContext: defineRoute({
    id: "messages.previewContext",
    method: "GET",
    path: "/api/preview-context",
    summary: "What the preview needs to show a message as one contact gets it.",
    access: "messages:read",
    query: z.object({
      contactId: idSchema("contact").optional(),
      contentSettingsId: idSchema("contentSettings").optional(),
    }),
    response: PreviewContext,
    errors: ["message.no-such-contact", "message.no-such-settings"],
  }),
  testSend: defineRoute({
    id: "messages.testSend",
    method: "POST",
    path: "/api/messages/:messageId/test-send",
    summary:
      "Send the saved draft, marked as a test, to a few addresses as chosen contacts. Not counted in insights.",
    access: "messages:write",
    params,
    body: z.object({
      addresses: z.array(z.email()).min(1).max(10),
      contactIds: z.array(idSchema("contact")).max(10).default([]),
      contentSettingsId: idSchema("contentSettings").optional(),
    }),
    response: z.object({ queued: z.number().int(), findings: z.array(Finding) }),
    errors: ["message.not-found", "message.check-failed", "message.no-such-contact"],
  }),
  templates: defineRoute({
    id: "templates.list",
    method: "GET",
    path: "/api/templates",
    summary: "List the templates a message can start from.",
    access: "messages:read",
    response: z.object({ items: z.array(Template) }),
  }),
  saveTemplate: defineRoute({
    id: "templates.create",
    method: "POST",
    path: "/api/templates",
    summary: "Keep a message as a template.",
    access: "messages:write",
    body: z.object({
      messageId: idSchema("message"),
      name: z.string().trim().min(1).max(200),
      category: z.string().trim().max(100).default(""),
    }),
    response: Template,
    errors: ["message.not-found"],
  }),
  deleteTemplate: defineRoute({
    id: "templates.delete",
    method: "DELETE",
    path: "/api/templates/:templateId",
    summary: "Delete a template of one's own. Messages made from it keep their content.",
    access: "messages:write",
    params: z.object({ templateId: idSchema("template") }),
    response: done,
    errors: ["message.unknown-template", "message.template-built-in"],
  }),
};
