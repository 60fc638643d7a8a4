import { z } from "zod";
import { type Platform, sql } from "../platform/index.ts";
import { forgetAttributeJob, forgetAttributeValues } from "./attributes.ts";

const forgetPayload = z.object({ key: z.string() });
const rowsAtOnce = 20_000n;

/** Declares the jobs of contacts. */
export function defineContactJobs({ db, jobs }: Pick<Platform, "db" | "jobs">): void {
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
