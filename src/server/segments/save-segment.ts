import { refuse } from "#contract/errors.ts";
import type { Actor } from "#core/access/actor.ts";
import { toId } from "#core/kernel/ids.ts";
import type { Definition } from "#core/segments/condition.ts";
import { audit } from "../access/index.ts";
import type { Platform, Queries } from "../platform/index.ts";
import { checkCircle, checkDefinition } from "./check-definition.ts";
import { segmentSql } from "./compile-segment.ts";
import { findUses } from "./find-uses.ts";
import {
  addAllMatching,
  findSegment,
  insertSegment,
  isNameTaken,
  lockSegments,
  type SegmentRecord,
  setArchived,
  updateSegment,
} from "./store.ts";

export type SegmentDeps = Pick<Platform, "db" | "clock">;

/** What a person wrote about a segment. */
export type SegmentWords = {
  readonly name: string;
  readonly description: string;
  readonly definition: Definition | null;
};

/** The segment of a row number; refuses if there is none. */
export async function getSegment(db: Queries, id: string): Promise<SegmentRecord> {
  return (await findSegment(db, id)) ?? refuse("segment.not-found");
}

/** Creates a segment; gives its row number. */
export function createSegment(
  { db, clock }: SegmentDeps,
  actor: Actor,
  words: SegmentWords,
): Promise<string> {
  return db.transaction(async (tx) => {
    await lockSegments(tx);
    await refuseTakenName(tx, words.name, null);
    if (words.definition) await checkDefinition(tx, words.definition);
    const id = await insertSegment(tx, { ...words, createdBy: personOf(actor) }, clock.now());
    await note(tx, actor, "segment.created", id, { name: words.name });
    return id;
  });
}

/** Changes name, description or definition; what is not given stays. */
export function changeSegment(
  { db, clock }: SegmentDeps,
  actor: Actor,
  id: string,
  changes: { readonly [word in keyof SegmentWords]?: SegmentWords[word] | undefined },
): Promise<void> {
  return db.transaction(async (tx) => {
    await lockSegments(tx);
    const before = await getSegment(tx, id);
    if (before.archivedAt) refuse("segment.archived");
    const { name = before.name, description = before.description, definition = before.definition } = changes;
    if (changes.definition && before.kind === "static") refuse("segment.not-dynamic");
    await refuseTakenName(tx, name, id);
    if (changes.definition) {
      await checkDefinition(tx, changes.definition);
      await checkCircle(tx, id, changes.definition);
    }
    await updateSegment(tx, id, { name, description, definition }, clock.now());
    await note(tx, actor, "segment.changed", id, { name });
  });
}

/** Puts a segment away; refuses while a journey that runs or another segment uses it. */
export function archiveSegment({ db, clock }: SegmentDeps, actor: Actor, id: string): Promise<void> {
  return db.transaction(async (tx) => {
    await lockSegments(tx);
    const segment = await getSegment(tx, id);
    if (segment.archivedAt) return;
    const uses = await findUses(tx, id);
    const running = uses.journeys.filter(({ state }) => state === "live" || state === "paused");
    const usedBy = [...running, ...uses.segments].map(({ name }) => name);
    if (usedBy.length > 0) refuse("segment.in-use", { usedBy });
    await setArchived(tx, id, clock.now());
    await note(tx, actor, "segment.archived", id, { name: segment.name });
  });
}

/** Takes an archived segment back. */
export function restoreSegment({ db }: SegmentDeps, actor: Actor, id: string): Promise<void> {
  return db.transaction(async (tx) => {
    await lockSegments(tx);
    const segment = await getSegment(tx, id);
    if (!segment.archivedAt) return;
    await refuseTakenName(tx, segment.name, id);
    await setArchived(tx, id, null);
    await note(tx, actor, "segment.restored", id, { name: segment.name });
  });
}

/** Makes a static segment of those who are members now; gives its row number. */
export function snapshotSegment(
  { db, clock }: SegmentDeps,
  actor: Actor,
  id: string,
  name: string,
): Promise<string> {
  return db.transaction(async (tx) => {
    await lockSegments(tx);
    const { name: original } = await getSegment(tx, id);
    await refuseTakenName(tx, name, null);
    const now = clock.now();
    const description = `Members of “${original}” at ${now.toISOString()}`;
    const made = await insertSegment(
      tx,
      { name, description, definition: null, createdBy: personOf(actor) },
      now,
    );
    await addAllMatching(tx, made, await segmentSql(tx, id, now), now);
    await note(tx, actor, "segment.created", made, { name, snapshotOf: toId("segment", id) });
    return made;
  });
}

async function refuseTakenName(tx: Queries, name: string, exceptId: string | null): Promise<void> {
  if (await isNameTaken(tx, name, exceptId)) refuse("segment.name-taken");
}

function personOf(actor: Actor): string | null {
  return actor.kind === "user" ? actor.id : null;
}

/** Notes a change of a segment (row number) in the audit log. */
export function note(
  tx: Queries,
  actor: Actor,
  action: string,
  id: string,
  details: Readonly<Record<string, unknown>>,
): Promise<void> {
  return audit(tx, actor, { action, subjectKind: "segment", subjectId: toId("segment", id), details });
}
