import { refuse } from "#contract/errors.ts";
import type { Actor } from "#core/access/actor.ts";
import { newGraph } from "#core/journeys/edit-graph.ts";
import type { Graph } from "#core/journeys/graph.ts";
import { canDo, type JourneyAction, statesFor } from "#core/journeys/lifecycle.ts";
import { type JourneySettings, journeySettingsSchema } from "#core/journeys/settings.ts";
import { toId } from "#core/kernel/ids.ts";
import { audit } from "#server/access/index.ts";
import { type Database, type Queries, sql, type Transaction } from "#server/platform/index.ts";
import { findJourney, insertJourney, type JourneyRow, updateDraft } from "./store.ts";

type Deps = { readonly db: Database };

/** Gets a journey or refuses. */
export async function getJourney(
  queries: Queries,
  id: string,
  options?: { lock: boolean },
): Promise<JourneyRow> {
  return (await findJourney(queries, id, options)) ?? refuse("journey.not-found");
}

/** Gets and holds a journey in which an action is possible now, or refuses. [J30] */
export async function holdJourneyFor(
  tx: Transaction,
  id: string,
  action: JourneyAction,
): Promise<JourneyRow> {
  const journey = await getJourney(tx, id, { lock: true });
  if (journey.isArchived) refuse("journey.wrong-state", { state: "archived", possibleIn: statesFor(action) });
  if (!canDo(action, journey.state))
    refuse("journey.wrong-state", { state: journey.state, possibleIn: statesFor(action) });
  return journey;
}

/** Notes what was done to a journey. */
export function auditJourney(
  tx: Transaction,
  actor: Actor,
  done: string,
  id: string,
  details: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  return audit(tx, actor, {
    action: `journey.${done}`,
    subjectKind: "journey",
    subjectId: toId("journey", id),
    details,
  });
}

/** Adds a draft: the given graph, or a start and an end. */
export async function createJourney(
  { db }: Deps,
  actor: Actor,
  given: {
    readonly name: string;
    readonly graph?: Graph | undefined;
    readonly settings?: JourneySettings | undefined;
  },
): Promise<JourneyRow> {
  return db.transaction(async (tx) => {
    const id = await insertJourney(tx, {
      name: given.name,
      graph: given.graph ?? newGraph(),
      settings: given.settings ?? journeySettingsSchema.parse({}),
      createdBy: actor.kind === "user" ? actor.id : null,
    });
    await auditJourney(tx, actor, "created", id, { name: given.name });
    return getJourney(tx, id);
  });
}

export type DraftSave = {
  readonly id: string;
  readonly revision: number;
  readonly name: string;
  readonly graph: Graph;
  readonly settings: JourneySettings;
};

/** [J36] Saves the draft if nobody else did meanwhile. */
export async function saveJourney({ db }: Deps, actor: Actor, save: DraftSave): Promise<JourneyRow> {
  return db.transaction(async (tx) => {
    const journey = await holdJourneyFor(tx, save.id, "edit");
    if (journey.revision !== save.revision)
      refuse("journey.edited-elsewhere", { revision: journey.revision });
    await updateDraft(tx, save.id, save);
    await auditJourney(tx, actor, "saved", save.id, { revision: journey.revision + 1 });
    return getJourney(tx, save.id);
  });
}

/** Makes a new draft of what another journey is, or was when it went live. */
export async function copyJourney(deps: Deps, actor: Actor, id: string): Promise<JourneyRow> {
  const { name, graph, settings } = await getJourney(deps.db, id);
  return createJourney(deps, actor, { name: `${name} (copy)`.slice(0, 200), graph, settings });
}

/** Puts a journey that is not running out of sight. */
export async function archiveJourney({ db }: Deps, actor: Actor, id: string): Promise<JourneyRow> {
  return db.transaction(async (tx) => {
    await holdJourneyFor(tx, id, "archive");
    await tx.run(sql`update journeys set archived_at = now(), updated_at = now() where id = ${id}`);
    await auditJourney(tx, actor, "archived", id);
    return getJourney(tx, id);
  });
}

/** Takes an archived journey back. */
export async function restoreJourney({ db }: Deps, actor: Actor, id: string): Promise<JourneyRow> {
  return db.transaction(async (tx) => {
    await getJourney(tx, id, { lock: true });
    await tx.run(sql`update journeys set archived_at = null, updated_at = now() where id = ${id}`);
    await auditJourney(tx, actor, "restored", id);
    return getJourney(tx, id);
  });
}
