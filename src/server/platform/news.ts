import type { Database, Transaction } from "./db/database.ts";
import { sql } from "./db/sql.ts";
import type { Log } from "./log.ts";
import { type Outage, watchOutage } from "./outage.ts";

/** One fact as a subscriber gets it. The payload is what the publisher wrote; the subscriber parses it with its schema. */
export type NewsItem = {
  readonly id: string;
  readonly kind: string;
  readonly payload: unknown;
  readonly at: Date;
};

export type NewsHandler = (tx: Transaction, items: readonly NewsItem[]) => Promise<void>;

export type News = {
  /** Declares that `subscriber` wants news of these kinds. Called while composing, before anything is published. */
  readonly subscribe: (subscriber: string, kinds: readonly string[], handle: NewsHandler) => void;
  /** The subscribers of a kind, for publishers that write many items by one statement. */
  readonly subscribersOf: (kind: string) => readonly string[];
  /** Writes facts in the transaction that made them true. */
  readonly publish: (tx: Transaction, kind: string, payloads: readonly unknown[]) => Promise<void>;
  /** Hands one batch to a subscriber and deletes it in the same transaction. Returns how many items there were. */
  readonly deliver: (subscriber: string, batchSize?: number) => Promise<number>;
  /** Delivers to all subscribers until stopped. Returns the stop function, which waits for the batch under way. */
  readonly start: (pollMilliseconds?: number) => () => Promise<void>;
};

/** Creates the news desk. At least once, and exactly once for effects in this database. */
export function createNews(db: Database, log: Log): News {
  const subscriptions = new Map<string, { kinds: ReadonlySet<string>; handle: NewsHandler }>();
  const subscribersOf = (kind: string) =>
    [...subscriptions].filter(([, { kinds }]) => kinds.has(kind)).map(([name]) => name);

  async function deliver(subscriber: string, batchSize = 5000): Promise<number> {
    const subscription = subscriptions.get(subscriber);
    if (!subscription) throw new Error(`No subscriber called ${subscriber}`);
    return db.transaction(async (tx) => {
      const items = await tx.rows<NewsItem>(sql`
        delete from news where id in (
          select id from news where subscriber = ${subscriber} order by id limit ${batchSize} for update skip locked
        ) returning id, kind, payload, at`);
      items.sort((a, b) => (BigInt(a.id) < BigInt(b.id) ? -1 : 1));
      if (items.length > 0) await subscription.handle(tx, items);
      return items.length;
    });
  }

  return {
    subscribe(subscriber, kinds, handle) {
      subscriptions.set(subscriber, { kinds: new Set(kinds), handle });
    },
    subscribersOf,
    async publish(tx, kind, payloads) {
      const subscribers = subscribersOf(kind);
      if (subscribers.length === 0 || payloads.length === 0) return;
      await tx.run(sql`
        insert into news (subscriber, kind, payload)
        select subscriber, ${kind}, payload
        from unnest(${payloads.map((payload) => JSON.stringify(payload))}::jsonb[]) payload,
             unnest(${subscribers}::text[]) subscriber`);
      await tx.run(sql`select pg_notify('news', '')`);
    },
    deliver,
    start(pollMilliseconds = 1000) {
      const outages = new Map<string, Outage>();
      const watchNews = (subscriber: string) =>
        watchOutage(
          log,
          { failing: "news could not be handled and stays queued", over: "news is handled again" },
          { subscriber },
        );
      return startLoop(db, "news", pollMilliseconds, async () => {
        let found = 0;
        for (const name of subscriptions.keys()) {
          const outage = outages.get(name) ?? watchNews(name);
          outages.set(name, outage);
          found += (await outage.during(() => deliver(name))) ?? 0;
        }
        return found > 0;
      });
    },
  };
}

/**
 * Repeats `work` at once while it finds something, else waits for a notification on the channel or the poll time,
 * whichever is first. The returned function stops it and waits for the round under way.
 */
export function startLoop(
  db: Database,
  channel: string,
  pollMilliseconds: number,
  work: () => Promise<boolean>,
): () => Promise<void> {
  let stopped = false;
  let wake = () => {};
  const ears = db.listen(channel, () => wake());
  const rounds = (async () => {
    while (!stopped) {
      const woken = new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, pollMilliseconds);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      const foundSomething = await work().catch(() => false);
      if (!foundSomething && !stopped) await woken;
      else wake();
    }
  })();
  return async () => {
    stopped = true;
    wake();
    await rounds;
    await (await ears)();
  };
}
