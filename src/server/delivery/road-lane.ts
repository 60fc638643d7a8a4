import { roadPauseMilliseconds } from "#core/delivery/back-off.ts";
import type { Outcome } from "#core/smtp/outcome.ts";
import {
  type HeldDomain,
  openRoad,
  type Road,
  type RoadConnection,
  type RoadProblem,
  type Timeouts,
} from "../senders/index.ts";
import { decideFate, type Fate, leaveTo, unmade } from "./fate.ts";
import type { Journal } from "./journal/journal.ts";
import type { Parcel } from "./parcel.ts";
import { ParcelQueue, type Ready } from "./parcel-queue.ts";
import { prepareMessage, type Workshop } from "./prepare-message.ts";

/** What keeps a road from carrying mail: something on it, or [D60] that this machine cannot note what is sent. */
export type LaneProblem = RoadProblem | { readonly phase: "journal"; readonly message: string };

/** A road that does not work: how often it was tried, and when it is tried next. */
export type Trouble = LaneProblem & { readonly failures: number; readonly retryAt: Date };

/** What a lane tells and asks the sender around it. */
export type LaneHost = {
  readonly journal: Journal;
  readonly workshop: () => Omit<Workshop, "bounceDomain">;
  readonly now: () => Date;
  readonly random: () => number;
  readonly helloName: string;
  readonly timeouts?: Timeouts;
  readonly settle: (parcel: Parcel, routeId: string, fate: Fate) => void;
  /** The sender address of a mailing is refused, whoever the recipient is, or its domain cannot be signed for now. */
  readonly pauseMailing: (parcel: Parcel, reason: string | HeldDomain) => void;
  /** The road is broken, or works again (null). */
  readonly trouble: (road: Road, trouble: Trouble | null) => void;
  /** [D114] What a server takes, told when a connection opens. */
  readonly opened: (road: Road, capabilities: RoadConnection["capabilities"]) => void;
  /** [D114] Another route for a message that is too large for this one. */
  readonly roomier: (road: Road, parcel: Parcel, bytes: number) => { id: string; works: boolean } | undefined;
  /** Whether a doubtful delivery may be sent once more. */
  readonly mayResendDoubtful: (parcel: Parcel) => boolean;
};

/** Messages made ahead of those that the connections have. */
const preparedAhead = 16;
/** A parcel that met so many spent connections is put off instead of being tried at once. */
const freeReturns = 3;
/** How long no further connection is tried after the server refused one beside others. */
const crowdedMilliseconds = 30_000;

/**
 * One route's connections and what waits for them. What is under way is bounded by the number of connections. When the
 * road breaks, everything that was not touched goes back and nobody is charged [D12].
 */
export class RoadLane {
  readonly road: Road;
  readonly #host: LaneHost;
  readonly #queue: ParcelQueue;
  readonly #spent = new Map<string, number>();
  readonly #workers = new Set<Promise<void>>();
  readonly #connections = new Set<RoadConnection>();
  #works = false;
  #failures = 0;
  #brokenUntil = 0;
  #crowdedUntil = 0;
  #isClosing = false;

  constructor(road: Road, host: LaneHost) {
    this.road = road;
    this.#host = host;
    this.#queue = new ParcelQueue({
      aheadSigned: road.maxConnections + preparedAhead,
      prepare: (parcel, buffer) =>
        prepareMessage(parcel, { ...host.workshop(), bounceDomain: road.bounceDomain }, buffer, () =>
          this.#start(parcel),
        ),
      unmade: (parcel, { code, message, held }) => {
        if (!held) return host.settle(parcel, road.id, unmade(code, message));
        host.pauseMailing(parcel, held);
        parcel.holder.returned(parcel);
      },
    });
  }

  /** False while the road is broken or the lane is closing. */
  get isOpen(): boolean {
    return !this.#isClosing && this.#host.now().getTime() >= this.#brokenUntil;
  }

  get isIdle(): boolean {
    return this.#workers.size === 0 && this.#queue.length === 0;
  }

  /** Resolves when it makes sense to begin another batch. */
  room(): Promise<void> {
    return this.#queue.room();
  }

  /** Takes parcels over: each will be settled or returned. */
  offer(parcels: readonly Parcel[]): void {
    if (this.isOpen) this.#queue.open();
    this.#queue.offer(parcels);
    this.#staff();
  }

  /** [D4] Gives back what no connection has and what may not leave any more. */
  recall(): void {
    this.#queue.recall();
  }

  /** [D21] Opens a connection without mail, to learn whether the road works again. */
  probe(): void {
    if (!this.isIdle || !this.isOpen) return;
    this.#works = false;
    this.#queue.open();
    this.#staff(1);
  }

  /** Finishes what is on the wire, gives back the rest and says goodbye. After `patienceMs` connections are cut. */
  async close(patienceMs: number): Promise<void> {
    this.#isClosing = true;
    this.#queue.close();
    const timer = setTimeout(() => {
      for (const connection of this.#connections) connection.abandon("The sender had to stop.");
    }, patienceMs);
    await Promise.all(this.#workers);
    clearTimeout(timer);
  }

  /** [D4], [D9] Is it not stopped, and the lease ours for long enough to write down the answer? Then it is noted and the dot may follow. */
  async #start(parcel: Parcel): Promise<boolean> {
    if (!parcel.holder.mayFinish()) return false;
    const isNoted = await this.#host.journal.noteStart(parcel);
    if (!isNoted) this.restsForJournal();
    // The process may have been frozen while it waited for that.
    if (!isNoted || parcel.holder.mayFinish()) return isNoted;
    this.#host.journal.noteSettled(parcel);
    return false;
  }

  /** [D60] What cannot be noted is not sent: while the journal takes nothing the lane rests, as if the road were broken. */
  restsForJournal(): boolean {
    const fault = this.#host.journal.fault();
    if (fault !== undefined && this.isOpen)
      this.#rest({ phase: "journal", message: `What is sent cannot be noted on the disk: ${fault}` });
    return fault !== undefined;
  }

  /** As many connections as there is work for. */
  #staff(least = 0): void {
    const busy = this.#workers.size - this.#queue.idle;
    const isCrowded = this.#host.now().getTime() < this.#crowdedUntil;
    const limit = isCrowded ? Math.max(1, this.#connections.size) : this.road.maxConnections;
    const wanted = Math.min(limit, Math.max(least, busy + this.#queue.length));
    while (this.isOpen && this.#workers.size < wanted) {
      const worker: Promise<void> = this.#work().finally(() => {
        this.#workers.delete(worker);
        if (this.#queue.length > 0) this.#staff();
      });
      this.#workers.add(worker);
    }
  }

  async #work(): Promise<void> {
    const { helloName, timeouts } = this.#host;
    const opened = await openRoad(this.road, { helloName, ...(timeouts ? { timeouts } : {}) });
    if (!opened.ok) return this.#fail(opened.error);
    const connection = opened.value;
    this.#connections.add(connection);
    if (!this.#works) this.#host.trouble(this.road, null);
    this.#works = true;
    this.#failures = 0;
    this.#host.opened(this.road, connection.capabilities);
    await this.#serve(connection);
    this.#connections.delete(connection);
    await connection.close();
  }

  /** [D12] While other connections work, one that cannot be opened is no trouble: the server allows fewer. */
  #fail(problem: RoadProblem): void {
    if (this.#connections.size > 0) this.#crowdedUntil = this.#host.now().getTime() + crowdedMilliseconds;
    if (this.#connections.size === 0 && this.isOpen) this.#rest(problem);
  }

  #rest(problem: LaneProblem): void {
    this.#works = false;
    this.#failures++;
    const pause = roadPauseMilliseconds(this.#failures, this.#host.random());
    this.#brokenUntil = this.#host.now().getTime() + pause;
    this.#queue.close();
    this.#host.trouble(this.road, {
      ...problem,
      failures: this.#failures,
      retryAt: new Date(this.#brokenUntil),
    });
  }

  async #serve(connection: RoadConnection): Promise<void> {
    let current = await this.#queue.take();
    while (current) {
      const isLast = connection.delivered + 1 >= this.road.messagesPerConnection || this.#isClosing;
      const next = isLast ? undefined : this.#queue.takeNow();
      const outcome = await connection.deliver(current.message, next?.message);
      if (outcome.kind === "untouched" && outcome.reply) {
        this.#connections.delete(connection);
        this.#fail({ ...outcome, reply: outcome.reply });
      }
      this.#finish(current, outcome);
      if (isLast || !connection.isUsable || this.#isClosing) {
        if (next) this.#queue.putBack(next);
        return;
      }
      current = next ?? (await this.#queue.take());
    }
  }

  #finish(ready: Ready, outcome: Outcome): void {
    const { parcel } = ready;
    if (outcome.kind === "untouched") {
      this.#retouch(ready, outcome);
      return;
    }
    if (outcome.kind === "sender-refused") {
      this.#host.pauseMailing(parcel, outcome.message);
      // What was handed over whole comes back with an answer, which the journal is told: it is put off until the mailing goes on.
      if (outcome.phase === "dot")
        this.#finish(ready, { ...outcome, kind: "deferred", isOfTheProvider: true });
      else this.#queue.giveBack(ready);
      return;
    }
    if (
      outcome.kind !== "in-doubt" &&
      outcome.reply &&
      (outcome.kind === "accepted" || outcome.phase === "dot")
    )
      this.#host.journal.noteReply(parcel, outcome.reply.code, outcome.reply.enhanced);
    const other =
      outcome.kind === "refused" && outcome.isTooLarge
        ? this.#host.roomier(this.road, parcel, ready.message.sizeBytes)
        : undefined;
    this.#settle(ready, outcome, other);
  }

  #retouch(ready: Ready, { phase, message }: Extract<Outcome, { kind: "untouched" }>): void {
    const { parcel } = ready;
    const times = (this.#spent.get(parcel.deliveryId) ?? 0) + 1;
    this.#spent.set(parcel.deliveryId, times);
    if (!parcel.holder.mayFinish() || !this.isOpen) this.#queue.giveBack(ready);
    else if (times <= freeReturns) this.#queue.putBack(ready);
    else this.#settle(ready, { kind: "deferred", phase, reply: null, message });
  }

  #settle(
    ready: Ready,
    outcome: Parameters<typeof decideFate>[0],
    other?: ReturnType<LaneHost["roomier"]>,
  ): void {
    const { parcel } = ready;
    this.#queue.done(ready);
    this.#spent.delete(parcel.deliveryId);
    const facts = {
      attempt: parcel.attempt,
      doubts: parcel.doubts,
      expiresAt: parcel.expiresAt,
      mayResendDoubtful: this.#host.mayResendDoubtful(parcel),
    };
    const now = this.#host.now();
    if (other && "message" in outcome)
      this.#host.settle(parcel, other.id, leaveTo(other, outcome.message, now));
    else this.#host.settle(parcel, this.road.id, decideFate(outcome, facts, now, this.#host.random()));
  }
}
