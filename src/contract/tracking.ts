import { z } from "zod";
import { idSchema } from "#core/kernel/ids.ts";
import { defineRoute } from "./route.ts";

const address = z.string().nullable();

/** One change of where a link leads. Null as an address: where the message itself says. */
export const LinkRepair = z.object({
  number: z.number().int(),
  from: address,
  to: address,
  by: z.string(),
  at: z.iso.datetime(),
});
export type LinkRepair = z.infer<typeof LinkRepair>;

/** A link that leads elsewhere than the message says. */
export const RepairedLink = z.object({
  number: z.number().int(),
  label: z.string(),
  /** What was sent; null: the address depends on the contact. */
  sentUrl: address,
  url: z.string(),
});

const byVersion = { versionId: idSchema("messageVersion") };

/** Links of messages that were sent. */
export const linkRoutes = {
  repairs: defineRoute({
    id: "links.repairs",
    method: "GET",
    path: "/api/message-versions/:versionId/link-repairs",
    summary: "Lists who changed where links of a live version lead, latest first.",
    access: "messages:read",
    params: z.object(byVersion),
    response: z.object({ items: z.array(LinkRepair) }),
    errors: ["message.no-such-version"],
  }),
  repair: defineRoute({
    id: "links.repair",
    method: "PUT",
    path: "/api/message-versions/:versionId/links/:number",
    summary:
      "Leads a link of a live version elsewhere, also in messages that were sent already; null leads it back to where the message says.",
    access: "messages:publish",
    params: z.object({ ...byVersion, number: z.coerce.number().int().min(1) }),
    body: z.object({ url: z.string().trim().min(1).max(2000).nullable() }),
    response: LinkRepair,
    errors: ["message.no-such-version", "links.not-found", "links.not-an-address", "links.leads-there"],
  }),
  ofDelivery: defineRoute({
    id: "links.ofDelivery",
    method: "GET",
    path: "/api/deliveries/:id/repaired-links",
    summary: "Lists the links of a delivery that lead elsewhere than the message says.",
    access: "messages:read",
    params: z.object({ id: idSchema("delivery") }),
    response: z.object({ items: z.array(RepairedLink) }),
  }),
} as const;
