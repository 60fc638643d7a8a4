import { z } from "zod";
import { Program } from "../template/program.ts";
import { FieldNeed } from "./contact-schema.ts";

/** A link that is counted. Two links to one address are two rows, told apart by place. */
export const CompiledLink = z.object({
  number: z.int().min(1),
  /** Null: the address depends on the contact or the journey, so it travels signed inside the link. */
  url: z.string().nullable(),
  label: z.string(),
  place: z.enum(["html", "text"]),
});
export type CompiledLink = z.infer<typeof CompiledLink>;

/**
 * A message made ready for sending: everything that does not depend on the recipient is decided.
 * It is plain JSON, stored with the live version and never changed; `createRenderer` turns it into encoded bytes.
 */
export const CompiledMessage = z.object({
  version: z.literal(1),
  name: z.string(),
  designation: z.enum(["commercial", "transactional"]),
  trackOpens: z.boolean(),
  trackClicks: z.boolean(),
  /** Set when it goes live: a link that no person sees stands before the beacon, and gives machines away. */
  hiddenLink: z.boolean().optional(),
  /** What to fetch for each recipient, in the order in which `RecipientInput.fields` gives it. */
  fields: z.array(FieldNeed),
  links: z.array(CompiledLink),
  programs: z.object({
    subject: Program,
    preheader: Program,
    fromName: Program,
    fromAddress: Program,
    replyTo: Program,
    html: Program,
    text: Program,
  }),
});
export type CompiledMessage = z.infer<typeof CompiledMessage>;
