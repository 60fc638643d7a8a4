import { z } from "zod";

/** What the load client is asked to do: request each of these paths once. Bounded by them, and only on this machine. */
export const loadJobSchema = z.object({
  port: z.int(),
  connections: z.int(),
  /** Requests begin at this pace whatever becomes of those before; null: as soon as a connection is free. */
  perSecond: z.number().nullable(),
  /** A file with a path on each line, and which of its lines. */
  file: z.string(),
  from: z.int(),
  to: z.int(),
});
export type LoadJob = z.infer<typeof loadJobSchema>;

/** Latencies are counted from when a request was to begin, so one that had to wait for its turn is as slow as it was. */
export const loadResultSchema = z.object({
  answered: z.number(),
  /** Answers that were neither the pixel nor a redirect. */
  refused: z.number(),
  seconds: z.number(),
  p50Milliseconds: z.number(),
  p99Milliseconds: z.number(),
  cpuMicroseconds: z.number(),
});
export type LoadResult = z.infer<typeof loadResultSchema>;
