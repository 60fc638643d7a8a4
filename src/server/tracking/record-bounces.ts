import { createHash } from "node:crypto";
import { z } from "zod";
import type { Platform } from "../platform/index.ts";
import { recordInteractions } from "./record-interactions.ts";

const bounced = z.object({
  deliveryId: z.string(),
  category: z.string(),
  isHard: z.boolean(),
  diagnostic: z.string(),
});

/** Counts refusals that delivery tells of as interactions of kind `bounce`, each once however often it is told. */
export function hearOfBounces({ news }: Pick<Platform, "news">): void {
  news.subscribe("tracking.bounces", ["delivery.bounced"], async (tx, items) => {
    const rows = items.map(({ payload, at }) => {
      const { deliveryId, ...data } = bounced.parse(payload);
      return { hitId: bounceHitId(deliveryId), kind: "bounce", at, deliveryId, data };
    });
    await recordInteractions(tx, news, rows);
  });
}

/** A UUID of version 8 (RFC 9562, section 5.8) that is the same for every telling of one bounce. */
function bounceHitId(deliveryId: string): string {
  const bytes = createHash("sha256").update(`bounce/${deliveryId}`).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
