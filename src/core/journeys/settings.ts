import { z } from "zod";
import { idSchema } from "../kernel/ids.ts";

/** What holds for a whole journey. */
export const journeySettingsSchema = z.object({
  /** The context its messages are sent in; null: the default content settings. */
  contentSettingsId: idSchema("contentSettings").nullable().default(null),
  /** [J50] The route that its mail leaves by; null: whichever route the weights say. */
  routeId: idSchema("route").nullable().default(null),
  /** IANA name of the zone in which the marketer reads and enters dates of this journey. */
  timeZone: z.string().min(1).max(64).default("UTC"),
});
export type JourneySettings = z.infer<typeof journeySettingsSchema>;
