import { z } from "zod";
import { type Contact as ContactShape, contactRoutes } from "#contract/contacts.ts";
import { refuse } from "#contract/errors.ts";
import { readAddress } from "#core/contacts/address.ts";
import { fromId, type IdKind, toId } from "#core/kernel/ids.ts";
import { audit } from "../access/index.ts";
import { readCursor, rowCursor, toPage } from "../platform/http/cursor.ts";
import type { Http } from "../platform/http/implement.ts";
import type { Platform } from "../platform/index.ts";
import { exportContacts } from "./export-contacts.ts";
import { type ContactFilter, countContacts, listContacts } from "./list-contacts.ts";
import { listTimeline } from "./list-timeline.ts";
import { changeContact, createContact } from "./save-contact.ts";
import { type Contact, deleteContact, getContact, lockContact } from "./store.ts";

const rowOf = (id: string) => fromId("contact", id) ?? "0";
const idOrNull = (kind: IdKind, row: string | null) => (row === null ? null : toId(kind, row));

function presentContact({ emailKey: _, ...contact }: Contact): z.input<typeof ContactShape> {
  return {
    ...contact,
    id: toId("contact", contact.id),
    createdAt: contact.createdAt.toISOString(),
    updatedAt: contact.updatedAt.toISOString(),
  };
}

function filterOf({ topicId, ...rest }: ContactFilter): ContactFilter {
  return topicId === undefined ? rest : { ...rest, topicId: fromId("topic", topicId) ?? "0" };
}

const timelineCursor = z.tuple([z.string().regex(/^\d{1,17}$/), z.string().max(200)]);

/** Binds contacts. */
export function bindContactRoutes(http: Http, { db }: Pick<Platform, "db">): void {
  http.implement(contactRoutes.list, async ({ query }) => {
    const { limit, cursor, ...filter } = query;
    const before = readCursor(cursor, rowCursor)?.[0];
    const rows = await listContacts(db, filterOf(filter), { before, limit });
    return toPage(
      rows,
      limit,
      (row) => [row.id],
      (row) => ({ ...row, id: toId("contact", row.id), createdAt: row.createdAt.toISOString() }),
    );
  });

  http.implement(contactRoutes.count, async ({ query }) => ({
    total: await countContacts(db, filterOf(query)),
  }));

  http.implement(contactRoutes.export, async ({ actor, query, reply }) => {
    await audit(db, actor, { action: "contacts.exported", details: { filter: query } });
    reply.header("content-disposition", 'attachment; filename="contacts.csv"');
    return exportContacts(db, filterOf(query));
  });

  http.implement(contactRoutes.create, async ({ actor, body }) =>
    presentContact(await createContact(db, actor, body)),
  );

  http.implement(contactRoutes.get, async ({ params }) =>
    presentContact(await getContact(db, rowOf(params.id))),
  );

  http.implement(contactRoutes.change, async ({ actor, params, body }) =>
    presentContact(await changeContact(db, actor, rowOf(params.id), body)),
  );

  http.implement(contactRoutes.delete, async ({ actor, params, query }) =>
    db.transaction(async (tx) => {
      const contact = await lockContact(tx, rowOf(params.id));
      const confirmed = readAddress(query.confirm ?? "", () => "");
      if (!confirmed.ok || confirmed.value.key !== contact.emailKey) refuse("contacts.confirmation-missing");
      await deleteContact(tx, contact.id);
      await audit(tx, actor, {
        action: "contact.deleted",
        subjectKind: "contact",
        subjectId: params.id,
      });
      return { done: true as const };
    }),
  );

  http.implement(contactRoutes.timeline, async ({ params, query }) => {
    const contact = await getContact(db, rowOf(params.id));
    const before = readCursor(query.cursor, timelineCursor);
    const rows = await listTimeline(db, contact, { before, limit: query.limit });
    return toPage(
      rows,
      query.limit,
      (row) => [row.micros, row.key],
      ({ micros, key: _, ...row }) => ({
        ...row,
        at: new Date(Number(BigInt(micros) / 1000n)).toISOString(),
        messageId: idOrNull("message", row.messageId),
        journeyId: idOrNull("journey", row.journeyId),
        deliveryId: idOrNull("delivery", row.deliveryId),
      }),
    );
  });
}
