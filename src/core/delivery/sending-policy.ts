import { z } from "zod";

/**
 * [D11] What happens to a delivery that may have arrived: `hold` lists it and waits for a person or for evidence; `resend-once` sends
 * it once more after 15 minutes under the same Message-ID.
 */
const DoubtPolicy = z.enum(["hold", "resend-once"]);

/** What holds for all sending of a workspace. */
export const SendingPolicy = z.object({
  doubtfulCommercial: DoubtPolicy.default("hold"),
  doubtfulTransactional: DoubtPolicy.default("resend-once"),
  /** [D72] What would leave so long after its time, because nothing could leave then, waits for a person. */
  lateAfterMinutes: z.number().int().min(5).max(10_080).default(120),
  /** [D15] How long a delivery is tried, from its first attempt on. */
  giveUpAfterHours: z.number().int().min(1).max(240).default(72),
});
export type SendingPolicy = z.infer<typeof SendingPolicy>;
