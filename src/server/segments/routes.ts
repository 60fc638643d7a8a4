import { z } from "zod";
import { refuse } from "#contract/errors.ts";
import { segmentRoutes } from "#contract/segments.ts";
import { fromId, toId } from "#core/kernel/ids.ts";
import { readCursor, rowCursor, toPage } from "../platform/http/cursor.ts";
import type { Http } from "../platform/http/implement.ts";
import { addByAddress, changeMembers } from "./change-members.ts";
import { checkDefinition } from "./check-definition.ts";
import { conditionSql, segmentSql } from "./compile-segment.ts";
import { explainMember } from "./explain-member.ts";
import { findUses } from "./find-uses.ts";
import { gatherSchema } from "./gather-schema.ts";
import { presentMember, presentSegment, presentSummary } from "./present.ts";
import { readInTime } from "./read-in-time.ts";
import {
  archiveSegment,
  changeSegment,
  createSegment,
  getSegment,
  restoreSegment,
  type SegmentDeps,
  snapshotSegment,
} from "./save-segment.ts";
import { countMembers, listMembers, listSegments } from "./store.ts";

const sampleSize = 10;
const nameCursor = z.tuple([z.string(), z.string().regex(/^[0-9]{1,19}$/)]);
const done = { done: true } as const;

/** Binds everything about segments. */
export function bindSegmentRoutes(http: Http, deps: SegmentDeps): void {
  bindReading(http, deps);
  bindWriting(http, deps);
  bindMembers(http, deps);
}

function rowOf(id: string): string {
  return fromId("segment", id) ?? refuse("segment.not-found");
}

function bindReading(http: Http, { db, clock }: SegmentDeps): void {
  http.implement(segmentRoutes.list, async ({ query }) => {
    const { cursor, limit, search, kind } = query;
    const [name, id] = readCursor(cursor, nameCursor) ?? [];
    const after = name === undefined || id === undefined ? undefined : { name, id };
    const rows = await listSegments(db, { search, kind, archived: query.archived === "yes", after, limit });
    return toPage(rows, limit, (row) => [row.name, row.id], presentSummary);
  });

  http.implement(segmentRoutes.schema, async () => {
    const { fields, catalog } = await gatherSchema(db);
    const { message, journey, event, topic, segment } = catalog;
    return {
      fields: fields.map((field) => ({ ...field, choices: [...field.choices] })),
      catalog: {
        message: [...message],
        journey: [...journey],
        event: [...event],
        topic: [...topic],
        segment: [...segment],
      },
    };
  });

  http.implement(segmentRoutes.get, async ({ params }) =>
    presentSegment(await getSegment(db, rowOf(params.id)), await gatherSchema(db)),
  );

  http.implement(segmentRoutes.preview, async ({ body }) => {
    const { condition, timeZone } = body.definition;
    await checkDefinition(db, body.definition);
    const now = clock.now();
    return readInTime(db, async (tx) => {
      const where = await conditionSql(tx, condition, timeZone, now);
      const sample = await listMembers(tx, where, { after: "0", limit: sampleSize });
      const total = sample.length < sampleSize ? sample.length : await countMembers(tx, where);
      return { total, sample: sample.map(presentMember), asOf: now.toISOString() };
    });
  });

  http.implement(segmentRoutes.explain, async ({ body }) => {
    await checkDefinition(db, body.definition);
    const now = clock.now();
    const { contact, explanation } = await explainMember(db, body.definition, body.contact, now);
    return { contact: presentMember(contact), explanation, asOf: now.toISOString() };
  });

  http.implement(segmentRoutes.uses, async ({ params }) => {
    const id = rowOf(params.id);
    await getSegment(db, id);
    const { journeys, segments } = await findUses(db, id);
    return {
      journeys: journeys.map((each) => ({ ...each, id: toId("journey", each.id) })),
      segments: segments.map((each) => ({ id: toId("segment", each.id), name: each.name })),
    };
  });
}

function bindWriting(http: Http, deps: SegmentDeps): void {
  const show = async (id: string) =>
    presentSegment(await getSegment(deps.db, id), await gatherSchema(deps.db));

  http.implement(segmentRoutes.create, async ({ actor, body }) =>
    show(await createSegment(deps, actor, body)),
  );
  http.implement(segmentRoutes.change, async ({ actor, params, body }) => {
    await changeSegment(deps, actor, rowOf(params.id), body);
    return show(rowOf(params.id));
  });
  http.implement(segmentRoutes.snapshot, async ({ actor, params, body }) =>
    show(await snapshotSegment(deps, actor, rowOf(params.id), body.name)),
  );
  http.implement(segmentRoutes.archive, async ({ actor, params }) => {
    await archiveSegment(deps, actor, rowOf(params.id));
    return done;
  });
  http.implement(segmentRoutes.restore, async ({ actor, params }) => {
    await restoreSegment(deps, actor, rowOf(params.id));
    return done;
  });
}

function bindMembers(http: Http, deps: SegmentDeps): void {
  const { db, clock } = deps;

  http.implement(segmentRoutes.count, async ({ params }) => {
    const now = clock.now();
    const where = await segmentSql(db, rowOf(params.id), now);
    const total = await readInTime(db, (tx) => countMembers(tx, where));
    return { total, asOf: now.toISOString() };
  });

  http.implement(segmentRoutes.members, async ({ params, query }) => {
    const { cursor, limit } = query;
    const [after] = readCursor(cursor, rowCursor) ?? ["0"];
    const where = await segmentSql(db, rowOf(params.id), clock.now());
    const rows = await readInTime(db, (tx) => listMembers(tx, where, { after, limit: limit + 1 }));
    return toPage(rows, limit, ({ id }) => [id], presentMember);
  });

  const rowsOf = (ids: readonly string[]) => ids.flatMap((id) => fromId("contact", id) ?? []);
  http.implement(segmentRoutes.addMembers, ({ actor, params, body }) =>
    addByAddress(deps, actor, {
      segmentId: rowOf(params.id),
      contactIds: rowsOf(body.contactIds),
      addresses: body.addresses,
    }),
  );
  http.implement(segmentRoutes.removeMembers, async ({ actor, params, body }) => ({
    changed: await changeMembers(deps, actor, {
      how: "remove",
      segmentId: rowOf(params.id),
      contactIds: rowsOf(body.contactIds),
    }),
  }));
}
