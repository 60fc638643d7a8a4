import { z } from "zod";
import { contactFieldNames } from "#core/contacts/contact-field.ts";
import { idSchema } from "#core/kernel/ids.ts";
import { fieldTypes } from "#core/messages/contact-schema.ts";
import { defineRoute, pageOf, pageQuery } from "./route.ts";

const time = z.iso.datetime();
const count = z.number().int();

export const FileFormat = z.object({
  encoding: z.enum(["utf-8", "utf-16le", "utf-16be", "windows-1252"]),
  delimiter: z.enum([",", ";", "\t", "|"]),
  hasHeader: z.boolean(),
});

const attributeKey = z.string().regex(/^[a-z][a-z0-9_]{0,62}$/);

/** What becomes of one column. */
export const ColumnTarget = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("ignore") }),
  z.object({ kind: z.literal("email") }),
  z.object({ kind: z.literal("field"), field: z.enum(contactFieldNames) }),
  z.object({ kind: z.literal("attribute"), key: attributeKey }),
  /** The attribute is made when the import starts. */
  z.object({
    kind: z.literal("new-attribute"),
    key: attributeKey,
    label: z.string().trim().min(1).max(200),
    type: z.enum(fieldTypes),
  }),
]);

/** Consent that the people in the file gave earlier. Nobody who withdrew is brought back by it. */
export const ImportConsent = z.object({
  topicId: idSchema("topic"),
  wording: z.string().trim().max(2000).default(""),
  /** When it was given; the moment of the import if null. */
  givenAt: time.nullable().default(null),
});

export const importStates = ["uploaded", "running", "finished", "cancelled", "failed"] as const;

export const Import = z.object({
  id: idSchema("import"),
  fileName: z.string(),
  sizeBytes: count,
  state: z.enum(importStates),
  format: FileFormat,
  /** One per column: its header (or `Column 3`), and what becomes of it. */
  columns: z.array(z.object({ header: z.string(), target: ColumnTarget })),
  onDuplicate: z.enum(["update", "skip"]),
  consent: ImportConsent.nullable(),
  progress: z.object({
    readBytes: count,
    readRows: count,
    createdRows: count,
    updatedRows: count,
    skippedRows: count,
    failedRows: count,
    rowsPerSecond: z.number().nullable(),
    secondsLeft: z.number().nullable(),
  }),
  /** Why it failed, in a sentence. */
  problem: z.string().nullable(),
  createdAt: time,
  startedAt: time.nullable(),
  finishedAt: time.nullable(),
});

const byId = z.object({ id: idSchema("import") });

/** Importing contacts from files. */
export const importRoutes = {
  upload: defineRoute({
    id: "imports.upload",
    method: "POST",
    path: "/api/imports",
    summary:
      "Takes a CSV file of at most 1 GB as the body, and guesses its format and columns. Imports nothing yet.",
    access: "contacts:import",
    query: z.object({ fileName: z.string().trim().min(1).max(300) }),
    body: "stream",
    response: Import,
    errors: ["imports.file-unreadable", "request.too-large"],
  }),
  list: defineRoute({
    id: "imports.list",
    method: "GET",
    path: "/api/imports",
    summary: "Lists imports, newest first.",
    access: "contacts:read",
    query: pageQuery,
    response: pageOf(Import),
  }),
  get: defineRoute({
    id: "imports.get",
    method: "GET",
    path: "/api/imports/:id",
    summary: "Gives an import with its progress.",
    access: "contacts:read",
    params: byId,
    response: Import,
    errors: ["imports.not-found"],
  }),
  configure: defineRoute({
    id: "imports.configure",
    method: "PUT",
    path: "/api/imports/:id",
    summary: "Corrects what was guessed and says what to do. Changing the format guesses the columns anew.",
    access: "contacts:import",
    params: byId,
    body: z.object({
      format: FileFormat.optional(),
      columns: z.array(ColumnTarget).max(500).optional(),
      onDuplicate: z.enum(["update", "skip"]).optional(),
      consent: ImportConsent.nullable().optional(),
    }),
    response: Import,
    errors: [
      "imports.not-found",
      "imports.wrong-state",
      "imports.file-unreadable",
      "imports.mapping-invalid",
      "consent.topic-not-found",
      "consent.topic-archived",
    ],
  }),
  preview: defineRoute({
    id: "imports.preview",
    method: "GET",
    path: "/api/imports/:id/preview",
    summary: "Shows the first 20 rows as they would be taken over, with what is wrong in them.",
    access: "contacts:import",
    params: byId,
    response: z.object({
      rows: z.array(
        z.object({
          number: count,
          cells: z.array(z.string()),
          problems: z.array(z.object({ column: count.nullable(), code: z.string(), message: z.string() })),
        }),
      ),
    }),
    errors: ["imports.not-found", "imports.wrong-state", "imports.file-unreadable"],
  }),
  start: defineRoute({
    id: "imports.start",
    method: "POST",
    path: "/api/imports/:id/start",
    summary: "Starts the import in the background. It survives restarts without doing work twice.",
    access: "contacts:import",
    params: byId,
    response: Import,
    errors: ["imports.not-found", "imports.wrong-state", "imports.mapping-invalid"],
  }),
  cancel: defineRoute({
    id: "imports.cancel",
    method: "POST",
    path: "/api/imports/:id/cancel",
    summary: "Stops the import. What was taken over until now stays.",
    access: "contacts:import",
    params: byId,
    response: Import,
    errors: ["imports.not-found", "imports.wrong-state"],
  }),
  errors: defineRoute({
    id: "imports.errors",
    method: "GET",
    path: "/api/imports/:id/errors",
    summary: "Streams the rows that were not taken over, with the reason of each, as CSV.",
    access: "contacts:read",
    params: byId,
    response: "stream",
    contentType: "text/csv; charset=utf-8",
    errors: ["imports.not-found"],
  }),
} as const;
