import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  type LedgerEvent,
  type LedgerState,
  ledgerStates,
  mayReplaceFate,
  moveInLedger,
} from "#core/delivery/ledger-states.ts";
import { aMailingToAll, aRoute, createTestPlatform, someContacts } from "#test/mailing.ts";
import { suppress } from "../consent/index.ts";
import { sql } from "../platform/index.ts";
import { findRoads } from "../senders/index.ts";
import { beginBatch } from "./begin-batch.ts";
import { decideFate, type Fate, unmade } from "./fate.ts";
import { beat } from "./hold-late.ts";
import { enqueueRecipients, ensureMailing, verifyDelivery } from "./index.ts";
import { endLease, type LeasedChunk, leaseChunk } from "./lease-chunk.ts";
import type { Parcel } from "./parcel.ts";
import { type FateRow, recordFates } from "./record-fates.ts";
import { resolveDoubt } from "./resolve-doubt.ts";
import { createSendingMailings } from "./sending-mailing.ts";
import { workRetries } from "./work-retries.ts";

let platform: Awaited<ReturnType<typeof createTestPlatform>>;
let versionId = "";
let routeId = "";
beforeAll(async () => {
  platform = await createTestPlatform();
  routeId = await aRoute(platform.db, { port: 25 });
  await someContacts(platform.db, 1);
  const mailing = await aMailingToAll(platform.db);
  const row = await platform.db.first<{ id: string }>(sql`
    select message_version_id as id from mailings where id = ${mailing}`);
  versionId = row?.id ?? "";
  await beat(platform.db);
  await platform.db.run(sql`delete from delivery_chunks`);
  await platform.db.run(sql`delete from mailing_totals`);
});
afterAll(() => platform.drop());

const answers = {
  accept: { kind: "accepted", reply: { code: 250, enhanced: null, lines: ["ok"] } },
  refuse: {
    kind: "refused",
    phase: "dot",
    reply: { code: 554, enhanced: "5.6.0", lines: ["no"] },
    message: "554 no",
  },
  "put-off": {
    kind: "deferred",
    phase: "dot",
    reply: { code: 451, enhanced: null, lines: ["later"] },
    message: "451",
  },
  lose: { kind: "in-doubt", message: "The connection broke." },
} as const satisfies Record<string, Parameters<typeof decideFate>[0]>;

type Known = { state: LedgerState; doubts: number; attempts: number; expiresAt: Date; address: string };
const hour = 3_600_000;

/** A mailing of single chunks, moved step by step through the doors that the sender uses, beside what the table says. */
class Ledger {
  readonly #mailingId: string;
  readonly known = new Map<string, Known>();
  readonly #chunks = new Map<string, LeasedChunk>();

  constructor(mailingId: string, deliveryIds: readonly string[], addresses: readonly string[]) {
    this.#mailingId = mailingId;
    for (const [index, id] of deliveryIds.entries())
      this.known.set(id, {
        state: "queued",
        doubts: 0,
        attempts: 0,
        expiresAt: new Date(Date.now() + 72 * hour),
        address: addresses[index] ?? "",
      });
  }

  at(index: number): [string, Known] {
    const all = [...this.known];
    const found = all[index % all.length];
    if (!found) throw new Error("There is no delivery");
    return found;
  }

  /** What the table makes of an event; where it says nothing, nothing happens. */
  move(id: string, event: LedgerEvent): void {
    const known = this.known.get(id);
    if (known) known.state = moveInLedger(known.state, event) ?? known.state;
  }

  async begin(): Promise<void> {
    const { db } = platform;
    const chunk = await leaseChunk(db, {
      owner: "here",
      routeId,
      shares: new Map(),
      takesUnnamed: true,
      namedRouteIds: [routeId],
      onlyTransactional: false,
    });
    if (!chunk) return;
    const id = (BigInt(chunk.id) * 1024n).toString();
    const mailing = await createSendingMailings(platform).get(this.#mailingId);
    const stamp = { kid: 1, date: 0, idSuffix: "x@example.com" };
    const begun = await beginBatch(db, chunk, mailing, {
      places: [0],
      intended: 1,
      returned: [],
      stamp,
      optOutsSince: () => "-infinity",
    });
    const isBarred = begun.kind === "begun" && begun.recipients.length === 0;
    this.#chunks.set(id, chunk);
    this.move(id, isBarred ? "bar" : "begin");
    if (isBarred) await this.#end(id, []);
    else this.#attempted(id);
  }

  /** Takes up all that is put off, as if its time had come. */
  async beginAgain(): Promise<void> {
    const { db } = platform;
    await db.run(sql`update delivery_retries set next_at = now() where mailing_id = ${this.#mailingId}`);
    const [road] = await findRoads(platform);
    if (!road) throw new Error("There is no road");
    const barred: [Parcel, Fate][] = [];
    const offered: Parcel[] = [];
    await workRetries(
      { road, offer: (parcels) => offered.push(...parcels) },
      {
        db,
        owner: "here",
        mailings: createSendingMailings(platform),
        settle: (parcel, _, fate) => barred.push([parcel, fate]),
        leases: {
          asking: () => () => undefined,
          release: () => undefined,
          holds: () => true,
          stop: () => undefined,
        },
        halts: {
          watch: () => () => undefined,
          includes: () => false,
          look: async () => undefined,
          stop: () => undefined,
        },
        optOutsSince: () => "-infinity",
        pace: async (messages) => messages,
        paces: { admit: async (parcels) => [...parcels] },
        unpace: async () => undefined,
        carried: { takesUnnamed: true, namedRouteIds: [routeId], sharing: [] },
      },
    );
    for (const { deliveryId } of offered) {
      this.move(deliveryId, "begin");
      this.#attempted(deliveryId);
    }
    for (const [{ deliveryId }, fate] of barred) {
      this.move(deliveryId, "begin");
      await this.write(deliveryId, fate, this.#barring(deliveryId));
    }
  }

  /** An answer for an attempt; `isLate` if the sender that heard it had lost its lease. */
  async answer(id: string, event: keyof typeof answers, how: { hasTime: boolean; repeats: boolean }) {
    const known = this.#demand(id);
    const facts = {
      attempt: known.attempts,
      doubts: known.doubts,
      expiresAt: how.hasTime ? known.expiresAt : new Date(0),
      mayResendDoubtful: how.repeats,
    };
    await this.write(
      id,
      decideFate(answers[event], facts, new Date(), 0.5),
      this.#meaning(known, event, how),
    );
    if (this.#demand(id).state === "put-off" && event === "lose") known.doubts++;
  }

  fail(id: string): Promise<void> {
    return this.write(id, unmade("wire", "It breaks a rule of mail."), this.#barring(id));
  }

  async giveBack(id: string): Promise<void> {
    const isAgain = this.#demand(id).state === "begun-again";
    this.move(id, "give-back");
    if (!isAgain) return this.#end(id, [0]);
    await platform.db.run(sql`
      update delivery_retries set lease_owner = null, lease_until = null where delivery_id = ${id}`);
  }

  async settle(id: string, way: "prove" | "resend"): Promise<void> {
    const known = this.#demand(id);
    const as = way === "prove" ? { accepted: "settled-by-person" } : { resendAt: new Date() };
    await platform.db.transaction((tx) => resolveDoubt(tx, [id], as));
    if (known.state === "in-doubt" && way === "resend") known.doubts++;
    this.move(id, way);
  }

  async write(id: string, fate: Fate, event: LedgerEvent): Promise<void> {
    const { db, news } = platform;
    const { attempts, doubts, expiresAt, address, state } = this.#demand(id);
    const row: FateRow = {
      mailingId: this.#mailingId,
      contactId: "0",
      visitId: id,
      deliveryId: id,
      attempt: attempts,
      doubts,
      isRetry: state !== "begun",
      expiresAt,
      routeId,
      address,
      addressKey: address,
      fate,
    };
    await recordFates(db, news, [row]);
    this.move(id, event);
    if (this.#chunks.has(id)) await this.#end(id, []);
  }

  async observed(): Promise<Map<string, string>> {
    const rows = await platform.db.rows<{ id: string; state: string }>(sql`
      select chunk.id * 1024 as id, case
        when log.outcome is not null and retry.delivery_id is not null then 'both'
        when log.outcome is not null then log.outcome
        when retry.lease_owner is not null then 'begun-again'
        when retry.delivery_id is not null then 'put-off'
        when chunk.intended > 0 and not 0 = any(chunk.returned) then 'begun'
        else 'queued' end as state
      from delivery_chunks chunk
        left join delivery_log log on log.delivery_id = chunk.id * 1024 and log.mailing_id = chunk.mailing_id
        left join delivery_retries retry on retry.delivery_id = chunk.id * 1024
      where chunk.mailing_id = ${this.#mailingId} order by chunk.id`);
    return new Map(rows.map(({ id, state }) => [id, state]));
  }

  #demand(id: string): Known {
    const known = this.known.get(id);
    if (!known) throw new Error(`There is no delivery ${id}`);
    return known;
  }

  #attempted(id: string): void {
    this.#demand(id).attempts++;
  }

  async #end(id: string, untouched: readonly number[]): Promise<void> {
    const chunk = this.#chunks.get(id);
    this.#chunks.delete(id);
    if (chunk) await endLease(platform.db, chunk, { intended: 1, untouched, pauseSeconds: 0 });
  }

  #barring = (id: string): LedgerEvent => (this.#demand(id).doubts > 0 ? "end-in-doubt" : "bar");

  #meaning(
    known: Known,
    event: keyof typeof answers,
    how: { hasTime: boolean; repeats: boolean },
  ): LedgerEvent {
    if (event === "put-off" && !how.hasTime) return known.doubts > 0 ? "end-in-doubt" : "run-out";
    if (event === "lose") return how.repeats && known.doubts === 0 ? "lose-and-repeat" : "lose";
    return event;
  }
}

let made = 0;
async function aLedger(size: number): Promise<Ledger> {
  made++;
  const addresses = Array.from({ length: size }, (_, place) => `r${made}-${place}@example.org`);
  return platform.db.transaction(async (tx) => {
    const mailingId = await ensureMailing(tx, { kind: "test", messageVersionId: versionId });
    // Nothing of an earlier run is taken up in this one.
    await tx.run(sql`update delivery_chunks set available_at = 'infinity' where finished_at is null`);
    await tx.run(sql`update delivery_retries set next_at = 'infinity'`);
    const ids: string[] = [];
    for (const address of addresses) {
      const recipients = [{ address, name: null, contactId: null, visitId: "0" }];
      ids.push(...(await enqueueRecipients(tx, { mailingId, recipients })));
    }
    // The key that the log has, so that a test can write it down.
    await tx.run(
      sql`update delivery_chunks set visit_ids = array[id * 1024] where mailing_id = ${mailingId}`,
    );
    return new Ledger(mailingId, ids, addresses);
  });
}

const isUnderWay = ({ state }: Known) => state === "begun" || state === "begun-again";
const hasFate = ({ state }: Known) => ledgerStates.some(({ id, isFate }) => isFate && id === state);

const place = fc.nat({ max: 2 });
const step = fc.oneof(
  { weight: 4, arbitrary: fc.constant({ kind: "begin" as const }) },
  { weight: 2, arbitrary: fc.constant({ kind: "begin-again" as const }) },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("answer" as const),
      place,
      event: fc.constantFrom("accept", "refuse", "put-off", "put-off", "lose", "lose"),
      hasTime: fc.oneof({ weight: 3, arbitrary: fc.constant(true) }, fc.constant(false)),
      repeats: fc.boolean(),
    }),
  },
  fc.record({ kind: fc.constantFrom("give-back", "fail", "bar", "prove", "resend"), place }),
);

test("[D70] [D71] whatever happens in whatever order, a delivery stands where the table says", async () => {
  const world = platform;
  const reached = new Set<string>();
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
      const ledger = await aLedger(3);
      for (const one of steps) {
        if (one.kind === "begin") await ledger.begin();
        else if (one.kind === "begin-again") await ledger.beginAgain();
        else {
          const [id, known] = ledger.at(one.place);
          if (one.kind === "answer") {
            // Also for what has its fate: the answer of a sender that woke up late.
            if (isUnderWay(known) || (hasFate(known) && one.event !== "lose"))
              await ledger.answer(id, one.event, one);
          } else if (one.kind === "give-back") {
            if (isUnderWay(known)) await ledger.giveBack(id);
          } else if (one.kind === "fail") {
            if (isUnderWay(known)) await ledger.fail(id);
          } else if (one.kind === "bar")
            await world.db.transaction((tx) =>
              suppress(tx, [
                { addressKey: known.address, category: "hard-bounce", reason: "", source: "test" },
              ]),
            );
          else await ledger.settle(id, one.kind);
        }
        const expected = new Map([...ledger.known].map(([id, { state }]) => [id, state]));
        expect(await ledger.observed()).toEqual(expected);
        for (const state of expected.values()) reached.add(state);
      }
      expect(await verifyDelivery(world.db)).toEqual([]);
    }),
    { numRuns: 60 },
  );
  expect(ledgerStates.filter(({ id }) => !reached.has(id))).toEqual([]);
}, 120_000); // Some thousand transactions: a busy machine takes its time.

const fates = ledgerStates.flatMap(({ id, isFate }) => (isFate ? [id] : []));

test("[D70] the database refuses every change of a fate that is not in the table, and every deletion but that of a doubt", async () => {
  const { db } = platform;
  const forgetting = sql`with forgetting as materialized (select set_config('postroad.forgets', 'on', true))`;
  await db.run(sql`${forgetting} delete from delivery_log using forgetting`);
  const attempt = async (from: string, change: ReturnType<typeof sql>) => {
    const undo = new Error("undo");
    let error: unknown;
    await db
      .transaction(async (tx) => {
        await tx.run(sql`
          insert into delivery_log (mailing_id, contact_id, visit_id, delivery_id, outcome, address, reply)
          values (1, 1, 1, 1, ${from}, 'a@example.org', '250 ok')`);
        await tx.run(change);
        throw undo;
      })
      .catch((thrown: unknown) => {
        error = thrown;
      });
    if (error === undo) return "done";
    return error instanceof Error ? error.message : "";
  };
  for (const from of fates) {
    for (const to of fates)
      if (from !== to)
        expect([from, to, await attempt(from, sql`update delivery_log set outcome = ${to}`)]).toEqual([
          from,
          to,
          mayReplaceFate(from, to) ? "done" : `delivery 1 is ${from}, which does not become ${to}`,
        ]);
    expect(await attempt(from, sql`delete from delivery_log`)).toBe(
      from === "in-doubt" ? "done" : "delivery 1 has a fate, which is not deleted",
    );
    expect(await attempt(from, sql`update delivery_log set reason = 'other'`)).not.toBe("done");
    expect(await attempt(from, sql`update delivery_log set contact_id = 2`)).toBe(
      "delivery 1 stays what it is",
    );
    // Retention forgets who it was, and, where it says so, the row.
    expect(await attempt(from, sql`update delivery_log set address = '', reply = null`)).toBe("done");
    expect(await attempt(from, sql`${forgetting} delete from delivery_log using forgetting`)).toBe("done");
  }
});
