import { performance } from "node:perf_hooks";
import { planRoutes, type RoutePlan } from "#core/senders/routing.ts";
import { roomierRoute } from "#core/senders/size-limits.ts";
import type { Database, Platform } from "../platform/index.ts";
import type { Road } from "../senders/index.ts";
import { DomainPaces } from "./domain-paces.ts";
import { waitForPace } from "./pace.ts";
import type { Parcel } from "./parcel.ts";
import type { RoadLane } from "./road-lane.ts";
import { reserveLeave, returnLeave } from "./route-limits.ts";
import { type Carried, waitsForTurn } from "./waits-for-turn.ts";

/** [D22] How long a mailing has its turn while others wait. */
const turnMilliseconds = 3000;

/** Which route carries what now, and which ones rest because a limit is reached. */
export class RouteTraffic {
  /** [D25] How fast mail goes to receiving domains. */
  readonly paces: DomainPaces;
  readonly #db: Database;
  readonly #stop: AbortSignal;
  readonly #rests = new WeakMap<RoadLane, { readonly commercial: number; readonly all: number }>();
  #roads: readonly Road[] = [];
  #plan: RoutePlan = { carrierOf: new Map(), shares: new Map() };

  constructor({ db, log }: Pick<Platform, "db" | "log">, stop: AbortSignal) {
    this.#db = db;
    this.paces = new DomainPaces(db, log);
    this.#stop = stop;
  }

  get shares(): ReadonlyMap<string, number> {
    return this.#plan.shares;
  }

  /** Routes in trouble are tried without mail, so that what falls back comes back. */
  async survey(roads: readonly Road[], lanes: ReadonlyMap<string, RoadLane>, now: number): Promise<void> {
    this.#roads = roads;
    this.#plan = planRoutes(roads, now);
    for (const road of roads) if (road.troubleSince !== null) lanes.get(road.id)?.probe();
    await this.paces.survey();
  }

  carriedBy({ road }: RoadLane): Carried & { readonly sharing: readonly string[] } {
    const { carrierOf, shares } = this.#plan;
    return {
      namedRouteIds: [...carrierOf].flatMap(([id, carrier]) => (carrier === road.id ? [id] : [])),
      takesUnnamed: shares.has(road.id),
      sharing: [...shares.keys()],
    };
  }

  /** [D114] Another route for a message of this size, unless its mailing names its route. */
  roomier({ id }: Road, { mailing }: Parcel, bytes: number): ReturnType<typeof roomierRoute> {
    return mailing.routeId === null ? roomierRoute(this.#roads, id, bytes) : undefined;
  }

  /** [D23] What may leave by a lane now: all, only transactional mail, or nothing. */
  mayCarry(lane: RoadLane): "all" | "transactional" | "nothing" {
    const rest = this.#rests.get(lane);
    const now = performance.now();
    if (rest && now < rest.all) return "nothing";
    return rest && now < rest.commercial ? "transactional" : "all";
  }

  /** Waits until messages may leave; how many of those wanted, none if the route rests or the sender stops. */
  async pace(lane: RoadLane, wanted: number, isTransactional: boolean): Promise<number> {
    const { granted, rest, restMilliseconds } = await reserveLeave(
      this.#db,
      lane.road,
      wanted,
      isTransactional,
    );
    if (rest) this.#rest(lane, restMilliseconds, isTransactional);
    if (granted === 0) return 0;
    if (await waitForPace(this.#db, lane.road, granted, this.#stop)) return granted;
    await this.unpace(lane, granted);
    return 0;
  }

  unpace({ road }: RoadLane, unused: number): Promise<void> {
    return returnLeave(this.#db, road, unused);
  }

  /** Asks at most once per turn whether others wait. */
  turnOf(lane: RoadLane, mailingId: string): () => Promise<boolean> {
    let until = performance.now() + turnMilliseconds;
    return async () => {
      if (performance.now() < until) return false;
      until = performance.now() + turnMilliseconds;
      return waitsForTurn(this.#db, mailingId, this.carriedBy(lane));
    };
  }

  /** Looked at again every minute, since what was reserved may come back unused. */
  #rest(lane: RoadLane, milliseconds: number, isTransactional: boolean): void {
    const until = performance.now() + Math.min(60_000, Math.max(200, milliseconds));
    const before = this.#rests.get(lane);
    this.#rests.set(lane, { commercial: until, all: isTransactional ? until : (before?.all ?? 0) });
  }
}
