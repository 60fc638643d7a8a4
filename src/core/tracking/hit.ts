import { z } from "zod";

/**
 * What a tracker saw, as it is written to the journal before the answer leaves. Short names, because there are many:
 * it holds facts only; what they mean is decided later and may be decided again.
 */
export const Hit = z.object({
  /** Made where the hit was taken; makes every replay harmless. */
  id: z.uuid(),
  /** A trap is the hidden link of a message, which no person sees. */
  kind: z.enum(["open", "click", "view", "unsubscribe", "trap"]),
  deliveryId: z.string(),
  linkNumber: z.int().min(1).optional(),
  /** Milliseconds since 1970. */
  at: z.number(),
  method: z.string(),
  ip: z.string(),
  userAgent: z.string(),
  /** The header by which the client said that nobody is looking yet: `Sec-Purpose: prefetch`. */
  prefetch: z.string().optional(),
});
export type Hit = z.infer<typeof Hit>;
