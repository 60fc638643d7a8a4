import type { Condition } from "../segments/condition.ts";
import type { Exit } from "./graph.ts";
import { type Listening, type Plan, type Step, startOf, stepAt } from "./plan.ts";

/** One thing a contact did, as far as journeys care. Ids are row numbers; `tileId` is the send tile of this journey's live version it came from. */
export type Happened = {
  readonly kind: string;
  readonly agent: "human" | "machine";
  readonly eventId: string | null;
  readonly messageId: string | null;
  readonly tileId: string | null;
  readonly at: Date;
};

/** Where one contact stands, and what it passed to get there. */
export type Visit = {
  readonly tileId: string;
  readonly enteredAt: Date;
  readonly arrivedAt: Date;
  readonly dueAt: Date;
  readonly passages: readonly Passage[];
};

export type Passage = { readonly tileId: string; readonly exit: Exit; readonly leftAt: Date };

/** What is known of the contact at this moment. */
export type ContactFacts = {
  readonly happened: readonly Happened[];
  readonly matches: (condition: Condition) => boolean;
};

/** What is to be done, described rather than done. */
export type Effect =
  | { readonly kind: "send"; readonly messageId: string }
  | { readonly kind: "pass"; readonly exit: Exit; readonly to: string; readonly dueAt: Date }
  | { readonly kind: "finish"; readonly at: string };

/**
 * Decides what happens to one contact standing at one tile at one moment; nothing, if its time has not come.
 *
 * The engine does the same for whole cohorts in SQL and is tested against this.
 */
export function step(plan: Plan, visit: Visit, contact: ContactFacts, now: Date): readonly Effect[] {
  const here = stepAt(plan, visit.tileId);
  const isDue = visit.dueAt <= now;
  const pass = (exit: Exit, to: string) => passOn(plan, exit, to, now, isDue ? visit.dueAt : now);
  switch (here.kind) {
    case "send":
      return isDue ? [{ kind: "send", messageId: here.messageId }, ...pass("next", here.next)] : [];
    case "segment-start":
    case "wait":
    case "wait-until":
      return isDue ? pass("next", here.next) : [];
    case "trigger":
      if (hasHappened(plan, visit, here.listening, contact)) return pass("yes", here.yes);
      return isDue ? pass("timeout", here.timeout) : [];
    case "if": {
      if (!isDue) return [];
      const exit = contact.matches(here.condition) ? "yes" : "no";
      return pass(exit, here[exit]);
    }
    case "end":
      return [{ kind: "finish", at: here.id }];
  }
}

/**
 * When a tile has something to do for a contact that arrives now. [J11] waits count from arrival. [J19] A tile that takes no time is due
 * since `since`, when the one before it was: so a send knows when it was meant to be.
 */
export function dueAt(step: Step, now: Date, since: Date): Date {
  switch (step.kind) {
    case "wait":
      return new Date(now.getTime() + step.seconds * 1000);
    case "wait-until":
      return new Date(Math.max(since.getTime(), new Date(step.at).getTime()));
    case "trigger":
      return new Date(now.getTime() + step.timeoutSeconds * 1000);
    default:
      return since;
  }
}

/** A contact's visit as it begins: at the first tile behind the start. */
export function enter(plan: Plan, now: Date): Visit {
  const first = stepAt(plan, startOf(plan).next);
  return { tileId: first.id, enteredAt: now, arrivedAt: now, dueAt: dueAt(first, now, now), passages: [] };
}

/** The visit after an effect. */
export function apply(visit: Visit, effect: Effect, now: Date): Visit {
  if (effect.kind !== "pass") return visit;
  const passage = { tileId: visit.tileId, exit: effect.exit, leftAt: now };
  return {
    ...visit,
    tileId: effect.to,
    arrivedAt: now,
    dueAt: effect.dueAt,
    passages: [...visit.passages, passage],
  };
}

function passOn(plan: Plan, exit: Exit, to: string, now: Date, since: Date): Effect[] {
  const next = stepAt(plan, to);
  const moved: Effect = { kind: "pass", exit, to, dueAt: dueAt(next, now, since) };
  return next.kind === "end" ? [moved, { kind: "finish", at: to }] : [moved];
}

/** [J14] Counts what a person did since the message was sent, [J15] never what a machine did. */
function hasHappened(plan: Plan, visit: Visit, listening: Listening, contact: ContactFacts): boolean {
  const since = listeningSince(plan, visit, listening);
  return contact.happened.some(
    (each) =>
      each.kind === listening.kind && each.agent === "human" && each.at > since && concerns(each, listening),
  );
}

function concerns(happened: Happened, listening: Listening): boolean {
  switch (listening.by) {
    case "event":
      return happened.eventId === listening.eventId;
    case "message":
      return happened.messageId === listening.messageId;
    case "tile":
      return happened.tileId === listening.tileId;
  }
}

/**
 * [J14] A trigger listens since the last send tile that the contact passed, or, if it names a tile's message, since
 * that tile was passed last; without one, since the contact entered. So nothing done before the trigger is missed.
 */
function listeningSince(plan: Plan, visit: Visit, listening: Listening): Date {
  const isSource = (tileId: string) =>
    listening.by === "tile" ? tileId === listening.tileId : stepAt(plan, tileId).kind === "send";
  return visit.passages.findLast(({ tileId }) => isSource(tileId))?.leftAt ?? visit.enteredAt;
}
