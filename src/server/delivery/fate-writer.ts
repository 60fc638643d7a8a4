import { setTimeout as sleep } from "node:timers/promises";
import { type Platform, watchOutage } from "../platform/index.ts";
import type { Fate } from "./fate.ts";
import { ReceiverEar } from "./hear-receivers.ts";
import type { Journal } from "./journal/journal.ts";
import type { Parcel } from "./parcel.ts";
import { type FateRow, recordFates } from "./record-fates.ts";

/** Collects fates and commits them in groups: every 50 ms, or as soon as 500 are waiting. */
export type FateWriter = {
  readonly add: (parcel: Parcel, routeId: string, fate: Fate) => void;
  /** Resolves when everything added so far is committed. */
  readonly drained: () => Promise<void>;
};

const pauseMilliseconds = 50;
const groupSize = 500;
const retryMilliseconds = 500;

type Waiting = { readonly parcel: Parcel; readonly row: FateRow };

/**
 * Creates the writer. While the database is away fates wait in memory (no more than are under way, since nothing new
 * can be begun without it) and are committed once it is back; the journal remembers them meanwhile.
 */
export function createFateWriter(
  { db, news, log }: Pick<Platform, "db" | "news" | "log">,
  journal: Journal,
): FateWriter {
  let waiting: Waiting[] = [];
  let flushing: Promise<void> | undefined;
  const receivers = new ReceiverEar(db, log);

  const outage = watchOutage(log, {
    failing: "fates of deliveries could not be committed yet",
    over: "fates of deliveries are committed again",
  });

  async function commit(group: readonly Waiting[]): Promise<void> {
    for (;;) {
      try {
        await recordFates(
          db,
          news,
          group.map(({ row, parcel }) => (parcel.holder.mayFinish() ? row : { ...row, isRetry: true })),
        );
        outage.over();
        break;
      } catch (error) {
        outage.met(error);
        await sleep(retryMilliseconds);
      }
    }
    await receivers.hear(group.map(({ row }) => row));
    for (const { parcel } of group) {
      journal.noteSettled(parcel);
      parcel.holder.settled(parcel);
    }
  }

  async function flush(): Promise<void> {
    while (waiting.length > 0) {
      if (waiting.length < groupSize) await sleep(pauseMilliseconds);
      const group = waiting.slice(0, 4 * groupSize);
      waiting = waiting.slice(group.length);
      await commit(group);
    }
    flushing = undefined;
  }

  return {
    add(parcel, routeId, fate) {
      waiting.push({
        parcel,
        row: {
          mailingId: parcel.mailing.id,
          contactId: parcel.contactId,
          visitId: parcel.visitId,
          deliveryId: parcel.deliveryId,
          attempt: parcel.attempt,
          doubts: parcel.doubts,
          isRetry: parcel.isRetry,
          expiresAt: parcel.expiresAt,
          routeId,
          address: parcel.recipient.address,
          addressKey: parcel.addressKey,
          fate,
        },
      });
      flushing ??= flush();
    },
    drained: () => flushing ?? Promise.resolve(),
  };
}
