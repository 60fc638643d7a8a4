import type { z } from "zod";
import { type AttributeDefinition as AttributeShape, attributeRoutes } from "#contract/contacts.ts";
import { audit } from "../access/index.ts";
import type { Http } from "../platform/http/implement.ts";
import type { Platform } from "../platform/index.ts";
import {
  type AttributeDefinition,
  changeAttribute,
  deleteAttribute,
  forgetAttributeJob,
  insertAttribute,
  listAttributes,
} from "./attributes.ts";

function presentAttribute(attribute: AttributeDefinition): z.input<typeof AttributeShape> {
  return {
    ...attribute,
    choices: [...attribute.choices],
    createdAt: attribute.createdAt.toISOString(),
  };
}

/** Binds the schema of custom attributes. */
export function bindAttributeRoutes(http: Http, { db, jobs }: Pick<Platform, "db" | "jobs">): void {
  http.implement(attributeRoutes.list, async () => ({
    items: (await listAttributes(db)).map(presentAttribute),
  }));

  http.implement(attributeRoutes.create, async ({ actor, body }) =>
    db.transaction(async (tx) => {
      const attribute = presentAttribute(await insertAttribute(tx, body));
      await audit(tx, actor, {
        action: "attribute.created",
        subjectKind: "attribute",
        subjectId: body.key,
        details: { type: body.type },
      });
      return attribute;
    }),
  );

  http.implement(attributeRoutes.change, async ({ actor, params, body }) =>
    db.transaction(async (tx) => {
      const attribute = presentAttribute(await changeAttribute(tx, params.key, body));
      await audit(tx, actor, {
        action: "attribute.changed",
        subjectKind: "attribute",
        subjectId: params.key,
      });
      return attribute;
    }),
  );

  http.implement(attributeRoutes.delete, async ({ actor, params }) =>
    db.transaction(async (tx) => {
      await deleteAttribute(tx, params.key);
      await jobs.enqueue(tx, forgetAttributeJob, { key: params.key });
      await audit(tx, actor, {
        action: "attribute.deleted",
        subjectKind: "attribute",
        subjectId: params.key,
      });
      return { done: true as const };
    }),
  );
}
