import { type Platform, repeatJob, sql } from "../platform/index.ts";
import { checkDomain } from "./check-domain.ts";
import type { LookUp } from "./look-up-dns.ts";

export const lookJob = "senders.look-at-domains";
const pauseSeconds = 60;

/** [S6] Looks at every domain whose time has come. One that cannot be looked at does not keep the others waiting. */
export async function lookAtDomains(platform: Platform, lookUp: LookUp): Promise<void> {
  const due = await platform.db.rows<{ id: string }>(sql`
    select id from sending_domains where next_check_at <= now() order by next_check_at limit 100`);
  for (const { id } of due)
    await checkDomain(platform, id, lookUp).catch((error: unknown) =>
      platform.log.error({ domain: id, reason: String(error) }, "a sending domain could not be checked"),
    );
}

/** Looks every minute whether a domain is due. */
export const defineLooks = (platform: Platform, lookUp: LookUp) =>
  repeatJob(platform, lookJob, pauseSeconds, () => lookAtDomains(platform, lookUp));
