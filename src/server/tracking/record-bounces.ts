import { z } from "zod";
import type { Platform } from "../platform/index.ts";
import { namedHitId } from "./new-hit-id.ts";
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
      return { hitId: namedHitId(`bounce/${deliveryId}`), kind: "bounce", at, deliveryId, data };
    });
    await recordInteractions(tx, news, rows);
  });
}
