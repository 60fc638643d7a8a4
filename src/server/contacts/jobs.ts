import { z } from "zod";
import { type Platform, sql } from "../platform/index.ts";
import { forgetAttributeJob, forgetAttributeValues } from "./attributes.ts";
import { importJob, runImport } from "./imports/run-import.ts";
import type { GrantConsent } from "./imports/take-over-batch.ts";

const forgetPayload = z.object({ key: z.string() });
const importPayload = z.object({ importId: z.string() });
const rowsAtOnce = 20_000n;

/** Declares the jobs of contacts. */
export function defineContactJobs(
  platform: Pick<Platform, "db" | "jobs" | "config" | "log">,
  grantConsent: GrantConsent,
): void {
  const { db, jobs } = platform;
  jobs.define(importJob, (run) =>
    runImport({ ...platform, grantConsent }, importPayload.parse(run.payload).importId, run),
  );
  jobs.define(forgetAttributeJob, async ({ payload, signal }) => {
    const { key } = forgetPayload.parse(payload);
    const highest = await db.first<{ id: string | null }>(sql`select max(id) as id from contacts`);
    const end = BigInt(highest?.id ?? 0) + 1n;
    for (let from = 0n; from < end; from += rowsAtOnce) {
      signal.throwIfAborted();
      await forgetAttributeValues(db, key, from, from + rowsAtOnce);
    }
  });
}
