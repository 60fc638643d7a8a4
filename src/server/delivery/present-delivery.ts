import type { z } from "zod";
import type { Delivery, HeldMailing, Mailing, SendingState } from "#contract/delivery.ts";
import { countWithoutFate, isComplete } from "#core/delivery/completion.ts";
import { toId } from "#core/kernel/ids.ts";
import type { Queries } from "../platform/index.ts";
import { findStopped, getBreakerLimits, getSendingPolicy } from "./sending-policy.ts";
import {
  countWaiting,
  type DeliveryRow,
  type HeldRow,
  listHeld,
  listTroubles,
  type MailingRow,
} from "./store.ts";

/** A mailing as the API shows it. What is still queued is what was enqueued less every fate. */
export function presentMailing({ mayGrow, ...row }: MailingRow): z.input<typeof Mailing> {
  const of = (outcome: string) => row.totals[outcome] ?? 0;
  const fates = {
    accepted: of("accepted"),
    refused: of("refused"),
    skipped: of("skipped"),
    givenUp: of("given-up"),
    inDoubt: of("in-doubt"),
  };
  return {
    ...row,
    id: toId("mailing", row.id),
    messageId: toId("message", row.messageId),
    messageVersionId: toId("messageVersion", row.messageVersionId),
    journeyId: row.journeyId && toId("journey", row.journeyId),
    routeId: row.routeId && toId("route", row.routeId),
    totals: { recipients: of("queued"), queued: countWithoutFate(row.totals), ...fates },
    isComplete: isComplete(row.totals, mayGrow),
    createdAt: row.createdAt.toISOString(),
  };
}

/** A delivery as the API shows it. */
export function presentDelivery(row: DeliveryRow): z.input<typeof Delivery> {
  const { deliveryId, visitId: _, ...rest } = row;
  return {
    ...rest,
    id: toId("delivery", deliveryId),
    mailingId: toId("mailing", row.mailingId),
    messageId: toId("message", row.messageId),
    contactId: row.contactId === "0" ? null : toId("contact", row.contactId),
    nextAttemptAt: row.nextAttemptAt?.toISOString() ?? null,
    at: row.at?.toISOString() ?? null,
  };
}

/** A mailing that needs a person as the API shows it. */
export function presentHeld(row: HeldRow): z.input<typeof HeldMailing> {
  const { mailingId, journeyId, lateMessages, plannedFrom, plannedTo, ...rest } = row;
  return {
    ...rest,
    mailingId: toId("mailing", mailingId),
    journeyId: journeyId && toId("journey", journeyId),
    late:
      lateMessages !== null && plannedFrom && plannedTo
        ? {
            messages: lateMessages,
            plannedFrom: plannedFrom.toISOString(),
            plannedTo: plannedTo.toISOString(),
          }
        : null,
  };
}

/** All sending of the workspace as the API shows it. */
export async function presentSending(db: Queries): Promise<z.input<typeof SendingState>> {
  const [stopped, policy, breakers, waiting, troubles, held] = await Promise.all([
    findStopped(db),
    getSendingPolicy(db),
    getBreakerLimits(db),
    countWaiting(db),
    listTroubles(db),
    listHeld(db, undefined),
  ]);
  return {
    stopped: stopped ? { by: stopped.by, at: stopped.at, cause: stopped.cause, why: stopped.why } : null,
    policy,
    breakers,
    ...waiting,
    held: held.map(presentHeld),
    troubles: troubles.map((trouble) => ({
      ...trouble,
      routeId: toId("route", trouble.routeId),
      since: trouble.since.toISOString(),
      retryAt: trouble.retryAt.toISOString(),
    })),
  };
}
