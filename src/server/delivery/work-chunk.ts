import { performance } from "node:perf_hooks";
import { firstBatchSize, nextBatchSize } from "#core/delivery/batch-size.ts";
import { deliveryIdOf, placeOf } from "#core/delivery/delivery-id.ts";
import type { Database, Log } from "../platform/index.ts";
import { beginBatch } from "./begin-batch.ts";
import { chunkLease, endLease, type LeasedChunk } from "./lease-chunk.ts";
import type { Parcel, ParcelHolder } from "./parcel.ts";
import type { RoadLane } from "./road-lane.ts";
import type { RouteTraffic } from "./route-traffic.ts";
import type { SendingMailing } from "./sending-mailing.ts";
import type { BatchStamp } from "./snapshot.ts";

/** What working on a chunk needs from the sender around it. */
export type ChunkHost = {
  readonly db: Database;
  readonly mailing: (mailingId: string) => Promise<SendingMailing>;
  readonly stamp: (mailing: SendingMailing) => BatchStamp;
  readonly now: () => Date;
  /** [D15] How long what is begun now is tried. */
  readonly patienceMilliseconds: () => number;
  /** [D4], [D9] True while the mailing is not stopped and this process surely holds the lease for long enough to write down an answer. */
  readonly holds: (lease: string) => boolean;
  /** How many messages may leave by a road, and when. */
  readonly traffic: Pick<RouteTraffic, "pace" | "unpace" | "paces">;
  /** [D22] Whether another mailing should have its turn now. */
  readonly isTurnOver: () => Promise<boolean>;
  readonly isStopping: () => boolean;
  /** [T40] From when on every taker of unsubscribes must have been heard. */
  readonly optOutsSince: () => string;
  readonly log: Log;
  /** Repeats until the database takes it. */
  readonly persist: (work: () => Promise<void>) => Promise<void>;
};

/** [D6] How many deliveries one intent covers. */
const batchSize = 250;

/** How long a chunk is left alone after an error of our own. */
const failurePauseSeconds = 30;

/**
 * Sends a leased chunk batch by batch, until it is done or must be given back: the mailing was paused, the road broke,
 * the sender stops. Its lease ends only after every fate is committed.
 */
export async function workChunk(chunk: LeasedChunk, lane: RoadLane, host: ChunkHost): Promise<void> {
  const progress = new ChunkProgress(chunk, host);
  let pauseSeconds = 0;
  try {
    while (await beginNext(progress, chunk, lane, host));
  } catch (error) {
    // Whether the intent was committed is not known; that nothing of it was sent is.
    host.log.error(
      { chunk: chunk.id, reason: String(error) },
      "a batch could not be begun and is given back",
    );
    pauseSeconds = failurePauseSeconds;
  }
  await progress.allSettled();
  if (progress.unused > 0) await host.traffic.unpace(lane, progress.unused).catch(() => undefined);
  await host.persist(() => endLease(host.db, chunk, { ...progress.end(), pauseSeconds }));
}

/** Begins the next batch; false if there is none or none may be begun now. */
async function beginNext(
  progress: ChunkProgress,
  chunk: LeasedChunk,
  lane: RoadLane,
  host: ChunkHost,
): Promise<boolean> {
  if (!progress.next(1) || (await host.isTurnOver())) return false;
  await roomOn(lane);
  const mailing = await host.mailing(chunk.mailingId);
  const wanted = progress.next(batchSizeFor(lane))?.places.length ?? 0;
  const granted = await host.traffic.pace(lane, wanted, mailing.compiled.designation === "transactional");
  const batch = granted > 0 ? progress.next(granted) : undefined;
  if (!batch) return false;
  const giveBack = async (messages: number) => {
    await host.traffic.unpace(lane, messages);
    return false;
  };
  if (!lane.isOpen || host.isStopping() || !host.holds(chunkLease(chunk))) return giveBack(granted);
  const stamp = host.stamp(mailing);
  progress.begin(batch);
  const begun = await beginBatch(host.db, chunk, mailing, {
    ...batch,
    stamp,
    optOutsSince: host.optOutsSince,
  });
  if (begun.kind === "stopped") return giveBack(granted);
  progress.begun();
  progress.unused += granted - begun.recipients.length;
  const ready = progress.parcels(begun.recipients, mailing, stamp);
  const parcels = await host.traffic.paces.admit(ready, lane.road.id, chunk.expiresAt);
  progress.unused += ready.length - parcels.length;
  // It may have been stopped since, after the lane was told to give back what it has.
  if (host.holds(chunkLease(chunk))) lane.offer(parcels);
  else for (const parcel of parcels) progress.returned(parcel);
  return true;
}

/** What each road is worth in a second, by what it did lately. */
const batchSizes = new WeakMap<RoadLane, number>();

/** [D22] About a second's worth, so that neither a pause nor another mailing waits for longer than that. */
function batchSizeFor(lane: RoadLane): number {
  const size = batchSizes.get(lane) ?? firstBatchSize;
  const { messagesPerSecond } = lane.road;
  return messagesPerSecond === null ? size : Math.min(size, Math.max(1, Math.floor(messagesPerSecond)));
}

async function roomOn(lane: RoadLane): Promise<void> {
  const began = performance.now();
  await lane.room();
  const size = batchSizes.get(lane) ?? firstBatchSize;
  batchSizes.set(lane, nextBatchSize(size, performance.now() - began, batchSize));
}

type Batch = {
  readonly places: readonly number[];
  readonly intended: number;
  readonly returned: readonly number[];
};

/** How far a chunk has come: its mark, what came back untouched, and how many are on their way. */
class ChunkProgress implements ParcelHolder {
  readonly #chunk: LeasedChunk;
  readonly #host: ChunkHost;
  #intended: number;
  #returned: number[];
  #uncertain: Batch | undefined;
  #underWay = 0;
  #whenSettled: (() => void) | undefined;
  /** [D23] Places in the route's limits that were reserved and not used. */
  unused = 0;

  constructor(chunk: LeasedChunk, host: ChunkHost) {
    this.#chunk = chunk;
    this.#host = host;
    this.#intended = chunk.intended;
    this.#returned = [...chunk.returned];
  }

  /** The next places: first those that came back, then those above the mark. Undefined when there are none. */
  next(size: number): Batch | undefined {
    if (this.#returned.length > 0)
      return {
        places: this.#returned.slice(0, size),
        intended: this.#intended,
        returned: this.#returned.slice(size),
      };
    const intended = Math.min(this.#chunk.size, this.#intended + size);
    if (intended === this.#intended) return undefined;
    const places = Array.from({ length: intended - this.#intended }, (_, index) => this.#intended + index);
    return { places, intended, returned: [] };
  }

  /** The intent of this batch may be committed from now on. */
  begin(batch: Batch): void {
    this.#uncertain = batch;
  }

  /** It is. */
  begun(): void {
    if (!this.#uncertain) return;
    this.#intended = this.#uncertain.intended;
    const begun = new Set(this.#uncertain.places);
    this.#returned = this.#returned.filter((place) => !begun.has(place));
    this.#uncertain = undefined;
  }

  /** How to leave the chunk: what was perhaps begun and surely not sent counts as untouched. */
  end(): { readonly intended: number; readonly untouched: readonly number[] } {
    const { intended = this.#intended, places = [] } = this.#uncertain ?? {};
    return { intended, untouched: [...new Set([...this.#returned, ...places])] };
  }

  parcels(
    recipients: Extract<Awaited<ReturnType<typeof beginBatch>>, { kind: "begun" }>["recipients"],
    mailing: SendingMailing,
    stamp: BatchStamp,
  ): Parcel[] {
    this.#underWay += recipients.length;
    const patience = new Date(this.#host.now().getTime() + this.#host.patienceMilliseconds());
    const expiresAt =
      this.#chunk.expiresAt && this.#chunk.expiresAt < patience ? this.#chunk.expiresAt : patience;
    return recipients.map((recipient) => ({
      deliveryId: deliveryIdOf(this.#chunk.id, recipient.place),
      contactId: recipient.contactId,
      visitId: recipient.visitId,
      attempt: 1,
      doubts: 0,
      isRetry: false,
      expiresAt,
      mailing,
      recipient,
      addressKey: recipient.addressKey,
      stamp,
      holder: this,
    }));
  }

  allSettled(): Promise<void> {
    if (this.#underWay === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#whenSettled = resolve;
    });
  }

  readonly mayFinish = (): boolean => this.#host.holds(chunkLease(this.#chunk));

  readonly settled = (): void => this.#arrive();

  readonly returned = (parcel: Parcel): void => {
    this.#returned.push(placeOf(parcel.deliveryId).place);
    this.unused++;
    this.#arrive();
  };

  #arrive(): void {
    this.#underWay--;
    if (this.#underWay === 0) this.#whenSettled?.();
  }
}
