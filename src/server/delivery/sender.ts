import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { SendingPolicy } from "#core/delivery/sending-policy.ts";
import { type Platform, watchOutage } from "../platform/index.ts";
import { type DomainKeys, findDomainKeys, findRoads, helloNameOf, type Road } from "../senders/index.ts";
import { databaseClock } from "./database-clock.ts";
import { deliveryChannel } from "./enqueue-recipients.ts";
import { createFateWriter } from "./fate-writer.ts";
import { haltNotice, watchHalts } from "./halts.ts";
import { paceNotice } from "./hear-receivers.ts";
import { openJournal } from "./journal/journal.ts";
import { nameOwner } from "./journal/owner.ts";
import { removeSettledJournals } from "./journal/remove-settled.ts";
import { keepTrying } from "./keep-trying.ts";
import { chunkLease, leaseChunk } from "./lease-chunk.ts";
import { keepLeases } from "./leases-held.ts";
import { lookAfter } from "./look-after.ts";
import { noteSize, noteTrouble, pauseMailing } from "./note-trouble.ts";
import { type OptOutBarrier, watchOptOuts } from "./opt-out-barrier.ts";
import type { Parcel } from "./parcel.ts";
import { recoverLeases } from "./recover-leases.ts";
import { RetryLanes } from "./retry-lanes.ts";
import { type LaneHost, RoadLane } from "./road-lane.ts";
import { RouteTraffic } from "./route-traffic.ts";
import type { SenderSettings } from "./sender-settings.ts";
import { createSendingMailings } from "./sending-mailing.ts";
import { getSendingPolicy, mayResendDoubtful, patienceOf } from "./sending-policy.ts";
import type { BatchStamp } from "./snapshot.ts";
import { createStamps } from "./stamps.ts";
import { workChunk } from "./work-chunk.ts";

/**
 * Chunks worked on at once per route: while one waits for its intent, the other keeps the connections busy. [D22] One
 * more for transactional mail, which waits for no mailing.
 */
const chunksPerLane = 2;
/** Routes, keys, policy and leftovers of dead senders are looked at so often. */
const surveyMilliseconds = 2000;
/** [T40] How soon to look again while unsubscribes are on their way. */
const owedMilliseconds = 100;

/**
 * Starts a sender: it leases chunks, keeps their connections busy and writes down what became of every message. Any number of them
 * can run, in one process or many. The returned function stops it: nothing new is begun, what is on the wire
 * is finished and committed, everything else is given back.
 */
export function startSender(platform: Platform, settings: SenderSettings): () => Promise<void> {
  const sender = new Sender(platform, settings);
  const running = sender.run();
  return async () => {
    sender.stop();
    await running;
  };
}

class Sender {
  readonly #platform: Platform;
  readonly #settings: SenderSettings;
  readonly #owner: string;
  readonly #journal;
  readonly #clock;
  readonly #fates;
  readonly #leases;
  readonly #halts;
  readonly #optOuts: OptOutBarrier;
  readonly #mailings;
  readonly #laneHost: LaneHost;
  readonly #lanes = new Map<string, RoadLane>();
  readonly #chunks = new Map<Promise<void>, RoadLane>();
  readonly #closing = new Set<Promise<void>>();
  readonly #retries: RetryLanes;
  readonly #traffic: RouteTraffic;
  readonly #stopping = new AbortController();
  readonly #stamp: () => BatchStamp;
  #roads: readonly Road[] = [];
  #domainKeys: DomainKeys = { keysFor: () => [], heldFor: () => undefined };
  #policy: SendingPolicy = SendingPolicy.parse({});
  #surveyedAt = Number.NEGATIVE_INFINITY;
  #wake = () => {};

  constructor(platform: Platform, settings: SenderSettings) {
    const { db, clock, log } = platform;
    this.#platform = platform;
    this.#settings = settings;
    this.#owner = nameOwner(clock.now());
    this.#journal = openJournal(this.#journalDirectory, this.#owner);
    this.#clock = databaseClock(db, clock);
    this.#fates = createFateWriter(platform, this.#journal);
    this.#leases = keepLeases(db, this.#owner);
    this.#halts = watchHalts(db, () => {
      for (const lane of this.#lanes.values()) lane.recall();
    });
    this.#optOuts = settings.optOuts ?? watchOptOuts(db, log);
    this.#mailings = createSendingMailings(platform);
    this.#stamp = createStamps(platform, settings.keys);
    this.#traffic = new RouteTraffic(platform, this.#stopping.signal);
    this.#retries = new RetryLanes({
      ...platform,
      owner: this.#owner,
      mailings: this.#mailings,
      settle: this.#fates.add,
      leases: this.#leases,
      halts: this.#halts,
      optOutsSince: this.#optOuts.since,
      traffic: this.#traffic,
      more: () => this.#wake(),
    });
    this.#laneHost = this.#makeLaneHost();
  }

  get #journalDirectory(): string {
    return join(this.#platform.config.dataDirectory, "journal");
  }

  stop(): void {
    this.#stopping.abort();
    this.#wake();
  }

  async run(): Promise<void> {
    const { db, log } = this.#platform;
    const ears = await db.listen(deliveryChannel, (notice) => {
      if (notice === haltNotice) void this.#halts.look();
      if (notice === paceNotice) void this.#traffic.paces.survey().catch(() => undefined);
      this.#wake();
    });
    const outage = watchOutage(log, {
      failing: "a round of sending failed and will be tried again",
      over: "rounds of sending work again",
    });
    while (!this.#stopping.signal.aborted) {
      const woken = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      const isBusy = await outage.during(() => this.#round());
      if (!isBusy) await Promise.race([woken, sleep(this.#settings.pollMilliseconds ?? 500)]);
    }
    await this.#finish();
    await ears();
  }

  async #finish(): Promise<void> {
    const patience = this.#settings.stopMilliseconds ?? 25_000;
    await Promise.all([...this.#lanes.values()].map((lane) => lane.close(patience)));
    await Promise.all([...this.#closing, ...this.#chunks.keys(), this.#retries.finished()]);
    await this.#fates.drained();
    this.#leases.stop();
    this.#halts.stop();
    this.#journal.close();
  }

  /** One look at everything there is to do; true if something was found. */
  async #round(): Promise<boolean> {
    for (const lane of this.#lanes.values()) lane.restsForJournal();
    const now = performance.now();
    if (now - this.#surveyedAt >= surveyMilliseconds) {
      await this.#survey();
      this.#surveyedAt = now;
    }
    const optOutsOwed = !(await this.#optOuts.isOpen());
    if (optOutsOwed) setTimeout(this.#wake, owedMilliseconds);
    let found = false;
    for (const lane of this.#lanes.values()) {
      const may = this.#traffic.mayCarry(lane);
      if (may === "nothing" || lane.restsForJournal() || !lane.isOpen || this.#stopping.signal.aborted)
        continue;
      found = (await this.#leaseFor(lane, may === "transactional" || optOutsOwed)) || found;
      if (!optOutsOwed) this.#retries.workOn(lane);
    }
    return found;
  }

  async #survey(): Promise<void> {
    const { db, log } = this.#platform;
    await this.#clock.read();
    [this.#roads, this.#domainKeys, this.#policy] = await Promise.all([
      findRoads(this.#platform),
      findDomainKeys(this.#platform),
      getSendingPolicy(db),
    ]);
    this.#openLanes();
    await this.#traffic.survey(this.#roads, this.#lanes, this.#clock.now().getTime());
    const recovered = await recoverLeases({
      db,
      news: this.#platform.news,
      journalDirectory: this.#journalDirectory,
      now: this.#clock.now,
      ownerNow: this.#platform.clock.now,
      random: this.#random,
      patienceMilliseconds: patienceOf(this.#policy),
      mayResendDoubtful: async (designation) => mayResendDoubtful(this.#policy, designation),
    });
    if (recovered > 0) log.warn({ leases: recovered }, "took up what a sender left behind that is no more");
    await lookAfter(this.#platform);
    await removeSettledJournals(db, this.#journalDirectory, this.#owner, this.#platform.clock.now());
  }

  /** One lane per route as it is now; a changed route gets a new lane, and the old one says goodbye. */
  #openLanes(): void {
    const wanted = new Map(this.#roads.map((road) => [road.id, road]));
    for (const [id, lane] of this.#lanes) {
      if (wanted.get(id)?.revision === lane.road.revision) continue;
      this.#lanes.delete(id);
      const closing = lane
        .close(this.#settings.stopMilliseconds ?? 25_000)
        .finally(() => this.#closing.delete(closing));
      this.#closing.add(closing);
    }
    for (const road of this.#roads)
      if (!this.#lanes.has(road.id)) this.#lanes.set(road.id, new RoadLane(road, this.#laneHost));
  }

  async #leaseFor(lane: RoadLane, isResting: boolean): Promise<boolean> {
    const working = [...this.#chunks.values()].filter((each) => each === lane).length;
    if (working > chunksPerLane) return false;
    const note = this.#leases.asking();
    const chunk = await leaseChunk(this.#platform.db, {
      owner: this.#owner,
      routeId: lane.road.id,
      ...this.#traffic.carriedBy(lane),
      shares: this.#traffic.shares,
      onlyTransactional: isResting || working >= chunksPerLane,
    });
    if (!chunk) return false;
    note([chunkLease(chunk)]);
    const unwatch = this.#halts.watch(chunk.mailingId);
    const { db, log } = this.#platform;
    const work = workChunk(chunk, lane, {
      db,
      log,
      now: this.#clock.now,
      patienceMilliseconds: () => patienceOf(this.#policy),
      mailing: this.#mailings.get,
      stamp: this.#stamp,
      holds: (lease) => this.#leases.holds(lease) && !this.#halts.includes(chunk.mailingId),
      traffic: this.#traffic,
      isTurnOver: this.#traffic.turnOf(lane, chunk.mailingId),
      isStopping: () => this.#stopping.signal.aborted,
      optOutsSince: this.#optOuts.since,
      persist: (end) => keepTrying(log, end),
    }).finally(() => {
      this.#leases.release(chunkLease(chunk));
      unwatch();
      this.#chunks.delete(work);
      this.#wake();
    });
    this.#chunks.set(work, lane);
    return true;
  }

  readonly #random = (): number => (this.#settings.random ?? Math.random)();

  #makeLaneHost(): LaneHost {
    const { config, log } = this.#platform;
    const report = (work: Promise<unknown>) =>
      void work.catch((error: unknown) =>
        log.error({ reason: String(error) }, "trouble of a route could not be noted"),
      );
    return {
      journal: this.#journal,
      workshop: () => ({ keys: this.#settings.keys, domainKeys: this.#domainKeys }),
      now: this.#clock.now,
      random: this.#random,
      helloName: helloNameOf(config.publicUrl),
      ...(this.#settings.timeouts ? { timeouts: this.#settings.timeouts } : {}),
      settle: this.#fates.add,
      pauseMailing: (parcel, reason) => report(pauseMailing(this.#platform, parcel.mailing.id, reason)),
      trouble: (road, trouble) => report(noteTrouble(this.#platform, road, trouble)),
      opened: (road, capabilities) => report(noteSize(this.#platform.db, road, capabilities)),
      roomier: (...asked) => this.#traffic.roomier(...asked),
      mayResendDoubtful: (parcel: Parcel) =>
        mayResendDoubtful(this.#policy, parcel.mailing.compiled.designation),
    };
  }
}
