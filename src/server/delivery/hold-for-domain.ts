import { z } from "zod";
import { type Platform, sql } from "../platform/index.ts";
import { domainHealed } from "../senders/index.ts";
import { deliveryChannel } from "./enqueue-recipients.ts";
import { holdLate } from "./hold-late.ts";

/** How the reason of a mailing begins that waits for a domain. */
export const waitsFor = (domain: string) => `Mail from ${domain} waits`;

const healed = z.object({ domain: z.string() });

/** Lets mailings go on that waited for a domain. Those that a person paused, resumed or cancelled since are left alone. */
export function resumeHealedDomains({ news }: Pick<Platform, "news">): void {
  news.subscribe("delivery.healed-domains", [domainHealed], async (tx, items) => {
    const domains = items.map(({ payload }) => healed.parse(payload).domain);
    const waiting = await tx.rows<{ id: string }>(sql`
      select id from mailings
      where held_domain = any(${domains}::text[]) and state = 'paused' and pause_reason like 'Mail from ' || held_domain || ' waits%'
      for update`);
    if (waiting.length === 0) return;
    const ids = waiting.map(({ id }) => id);
    await holdLate(tx, { pausedMailings: ids });
    await tx.run(sql`
      update mailings set state = 'running', pause_reason = null, held_domain = null where id = any(${ids}::bigint[])`);
    await tx.run(sql`select pg_notify(${deliveryChannel}, '')`);
  });
}
