import { z } from "zod";
import { LinkTags } from "./link-tags.ts";

/** What a marketer writes: an email design before it is compiled. Every text field is a Liquid template. */
export const MessageSource = z.object({
  name: z.string(),
  designation: z.enum(["commercial", "transactional"]),
  subject: z.string(),
  preheader: z.string(),
  /** Empty sender fields are taken from the content settings when sending. */
  fromName: z.string(),
  fromAddress: z.string(),
  replyTo: z.string(),
  html: z.string(),
  /** Null: the text part is made from the HTML. */
  text: z.string().nullable(),
  trackOpens: z.boolean(),
  trackClicks: z.boolean(),
  /** Left out: links are tagged as the content settings say. */
  linkTags: LinkTags.optional(),
});
export type MessageSource = z.infer<typeof MessageSource>;
