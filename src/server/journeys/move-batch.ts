import type { Exit } from "#core/journeys/graph.ts";
import { type Plan, type Step, stepAt } from "#core/journeys/plan.ts";
import { dueAt } from "#core/journeys/step.ts";
import { enqueueFromSql } from "#server/delivery/index.ts";
import {
  type Clock,
  type Database,
  loadStatement,
  type Sql,
  sql,
  type Transaction,
} from "#server/platform/index.ts";
import { addTotals, type Delta } from "./add-totals.ts";
import { needsLook, whatCounts } from "./listening.ts";
import { joinMovers, type LiveJourney } from "./live-journey.ts";
import type { Audience } from "./needs.ts";

export type EngineDeps = { readonly db: Database; readonly clock: Clock; readonly audience: Audience };

const move = loadStatement(import.meta.url, "./queries/move.sql");
const split = loadStatement(import.meta.url, "./queries/split.sql");
const resolveTriggers = loadStatement(import.meta.url, "./queries/resolve-triggers.sql");
const wakeArrived = loadStatement(import.meta.url, "./queries/wake-arrived.sql");

/** So many of a batch left by this exit; `looked` also counts those who were looked at and stay. */
type Passed = { readonly exit: Exit; readonly to: string; readonly count: number };
type Outcome = { readonly looked: number; readonly passed: readonly Passed[] };

type Batch = {
  readonly tx: Transaction;
  readonly journey: LiveJourney;
  readonly now: Date;
  readonly size: number;
  readonly audience: Audience;
};

/**
 * Moves one batch of due visits at one tile, with all that follows from it, in one transaction. [J5]
 * Returns how many visits were looked at: less than `size` means that nothing more is due here.
 */
export function moveBatch(deps: EngineDeps, journey: LiveJourney, step: Step, size: number): Promise<number> {
  return deps.db.transaction(async (tx) => {
    if (!(await joinMovers(tx, journey))) return 0;
    const batch = { tx, journey, size, now: deps.clock.now(), audience: deps.audience };
    const { looked, passed } = await passTile(batch, step);
    for (const { to, count } of passed) if (count > 0) await lookAtArrived(batch, step, to);
    await addTotals(
      tx,
      journey.versionId,
      passed.flatMap((each) => deltasOf(journey.plan, step.id, each)),
    );
    return looked;
  });
}

async function passTile(batch: Batch, step: Step): Promise<Outcome> {
  switch (step.kind) {
    case "send":
    case "wait":
    case "wait-until":
      return passOn(batch, step);
    case "if":
      return passByCondition(batch, step);
    case "trigger":
      return passByLedger(batch, step);
    case "segment-start":
    case "end":
      return { looked: 0, passed: [] };
  }
}

/** [J11] [J12] [J13] */
async function passOn(batch: Batch, step: Extract<Step, { next: string }>): Promise<Outcome> {
  const { tx, journey, now, size } = batch;
  const [row] = await tx.named<{
    passed: number;
    contact_ids: string | null;
    visit_ids: string | null;
    due_ats: string | null;
  }>(move, [journey.versionId, step.id, now, size, "next", ...arrival(journey.plan, step.next, now)]);
  const count = row?.passed ?? 0;
  if (step.kind === "send" && row && count > 0) {
    const mailingId = journey.mailings.get(step.id)?.at(-1);
    if (!mailingId) throw new Error(`Tile ${step.id} of journey version ${journey.versionId} has no mailing`);
    const movers = sql`${row.contact_ids}::bigint[], ${row.visit_ids}::bigint[]`;
    await enqueueFromSql(tx, {
      mailingId,
      ...expiryOf(step),
      // [J19] How late it is by the engine's clock, told by the database's.
      ...(row.due_ats === null
        ? { from: sql`select contact_id, visit_id from unnest(${movers}) as moved(contact_id, visit_id)` }
        : {
            isPlanned: true,
            from: sql`select contact_id, visit_id, now() - (${now}::timestamptz - due_at) as planned_at
              from unnest(${movers}, ${row.due_ats}::timestamptz[]) as moved(contact_id, visit_id, due_at)`,
          }),
    });
  }
  return { looked: count, passed: [{ exit: "next", to: step.next, count }] };
}

function expiryOf({ expires }: Extract<Step, { kind: "send" }>) {
  if (!expires) return {};
  return "at" in expires ? { expiresAt: new Date(expires.at) } : { lifetimeSeconds: expires.seconds };
}

/** [J16] */
async function passByCondition(batch: Batch, step: Extract<Step, { kind: "if" }>): Promise<Outcome> {
  const { tx, journey, now, size, audience } = batch;
  const condition = await audience.conditionSql(tx, step.condition, journey.settings.timeZone, now);
  const row = await tx.first<{ yes: number; no: number }>(
    withCondition(split.text, condition, [
      journey.versionId,
      step.id,
      now,
      size,
      ...arrival(journey.plan, step.yes, now),
      ...arrival(journey.plan, step.no, now),
    ]),
  );
  const { yes, no } = row ?? { yes: 0, no: 0 };
  return {
    looked: yes + no,
    passed: [
      { exit: "yes", to: step.yes, count: yes },
      { exit: "no", to: step.no, count: no },
    ],
  };
}

/** [J14] */
async function passByLedger(batch: Batch, step: Extract<Step, { kind: "trigger" }>): Promise<Outcome> {
  const { tx, journey, now, size } = batch;
  const [row] = await tx.named<{ yes: number; timeout: number; kept: number }>(resolveTriggers, [
    journey.versionId,
    step.id,
    now,
    size,
    ...arrival(journey.plan, step.yes, now),
    ...arrival(journey.plan, step.timeout, now),
    step.timeoutSeconds,
    ...whatCounts(journey, step.listening),
  ]);
  const { yes, timeout, kept } = row ?? { yes: 0, timeout: 0, kept: 0 };
  return {
    looked: yes + timeout + kept,
    passed: [
      { exit: "yes", to: step.yes, count: yes },
      { exit: "timeout", to: step.timeout, count: timeout },
    ],
  };
}

/** [J14] Who comes to a trigger may have done it already. */
async function lookAtArrived({ tx, journey, now }: Batch, from: Step, to: string): Promise<void> {
  const step = stepAt(journey.plan, to);
  if (step.kind !== "trigger" || !needsLook(from, step.listening)) return;
  await tx.named(wakeArrived, [
    journey.versionId,
    step.id,
    now,
    dueAt(step, now, now),
    ...whatCounts(journey, step.listening),
  ]);
}

/** Next tile, when it is due there at the earliest, and whether it is an end: the parameters that every statement takes per exit. */
export function arrival(
  plan: Plan,
  to: string,
  now: Date,
): readonly [string, Date | "infinity" | "-infinity", boolean] {
  const step = stepAt(plan, to);
  switch (step.kind) {
    case "end":
      return [to, "infinity", true];
    case "wait-until":
      return [to, new Date(step.at), false];
    case "wait":
    case "trigger":
      return [to, dueAt(step, now, now), false];
    default:
      // [J19] Since the tile before it was due.
      return [to, "-infinity", false];
  }
}

/** The live numbers that a passage moves. [J17] Arriving at an end is leaving by it. */
function deltasOf(plan: Plan, from: string, { exit, to, count }: Passed): Delta[] {
  if (count === 0) return [];
  return [{ tileId: from, exit, total: count }, ...arrivalDeltas(plan, to, count)];
}

/** The live numbers that arriving at a tile moves. */
export function arrivalDeltas(plan: Plan, to: string, total: number): Delta[] {
  const arrived = { tileId: to, exit: "arrived", total };
  return stepAt(plan, to).kind === "end" ? [arrived, { tileId: to, exit: "end", total }] : [arrived];
}

/** Puts a compiled condition into the marked place of a statement, its parameters behind those of the statement. */
export function withCondition(text: string, condition: Sql, values: readonly unknown[]): Sql {
  const shifted = condition.text.replace(/\$(\d+)/g, (_, place) => `$${Number(place) + values.length}`);
  return { text: text.replace("/* condition */", () => shifted), values: [...values, ...condition.values] };
}
