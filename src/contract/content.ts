import { z } from "zod";
import { idSchema } from "#core/kernel/ids.ts";
import { LinkTags } from "#core/messages/link-tags.ts";
import { defineRoute, done } from "./route.ts";

const url = z.union([z.literal(""), z.url({ protocol: /^https?$/ }).max(2000)]);
const address = z.union([z.literal(""), z.string().trim().max(254).pipe(z.email())]);
const line = (max: number) => z.string().trim().max(max);
const name = line(200).min(1);

const context = {
  companyName: line(200),
  postalAddress: line(1000),
  websiteUrl: url,
  /** By network, such as `facebook`; templates name them `settings.facebook`. */
  socialLinks: z.record(z.string().regex(/^[a-z][a-z0-9_]{0,30}$/), url),
  fromName: line(200),
  fromAddress: address,
  replyTo: address,
  brandColor: z.union([
    z.literal(""),
    z.string().regex(/^#[0-9a-fA-F]{6}$/, "Expected a color like #1a2b3c"),
  ]),
  logoUrl: url,
  /** Shown on the subscription centre. */
  centerIntro: line(5000),
  /** Shown on the page for forwarding to a friend. */
  forwardIntro: line(5000),
  /** Your own texts by key; templates name them `settings.<key>`. */
  texts: z.record(z.string().regex(/^[a-z][a-z0-9_]{0,62}$/), z.string().max(10_000)),
  /** The utm parameters that links are led on with, unless a message says otherwise. */
  linkTags: LinkTags,
};

export const ContentSettings = z.object({
  id: idSchema("contentSettings"),
  name: z.string(),
  isDefault: z.boolean(),
  companyName: z.string(),
  postalAddress: z.string(),
  websiteUrl: z.string(),
  socialLinks: z.record(z.string(), z.string()),
  fromName: z.string(),
  fromAddress: z.string(),
  replyTo: z.string(),
  brandColor: z.string(),
  logoUrl: z.string(),
  centerIntro: z.string(),
  forwardIntro: z.string(),
  texts: z.record(z.string(), z.string()),
  linkTags: LinkTags,
  updatedAt: z.iso.datetime(),
});

const byId = z.object({ id: idSchema("contentSettings") });

/** The context that a journey gives its messages. */
export const contentRoutes = {
  list: defineRoute({
    id: "contentSettings.list",
    method: "GET",
    path: "/api/content-settings",
    summary: "Lists content settings, the default first.",
    access: "settings:read",
    response: z.object({ items: z.array(ContentSettings) }),
  }),
  get: defineRoute({
    id: "contentSettings.get",
    method: "GET",
    path: "/api/content-settings/:id",
    summary: "Gives one set of content settings.",
    access: "settings:read",
    params: byId,
    response: ContentSettings,
    errors: ["content.not-found"],
  }),
  create: defineRoute({
    id: "contentSettings.create",
    method: "POST",
    path: "/api/content-settings",
    summary: "Adds content settings. What is left out is empty.",
    access: "settings:write",
    body: z.object({ name, ...z.object(context).partial().shape }),
    response: ContentSettings,
    errors: ["content.link-tags-wrong"],
  }),
  change: defineRoute({
    id: "contentSettings.change",
    method: "PATCH",
    path: "/api/content-settings/:id",
    summary: "Changes what is sent; the rest stays. Messages sent from now on show it.",
    access: "settings:write",
    params: byId,
    body: z.object({ name: name.optional(), ...z.object(context).partial().shape }),
    response: ContentSettings,
    errors: ["content.not-found", "content.link-tags-wrong"],
  }),
  makeDefault: defineRoute({
    id: "contentSettings.makeDefault",
    method: "POST",
    path: "/api/content-settings/:id/default",
    summary: "Makes these the default in place of the former one.",
    access: "settings:write",
    params: byId,
    response: ContentSettings,
    errors: ["content.not-found"],
  }),
  delete: defineRoute({
    id: "contentSettings.delete",
    method: "DELETE",
    path: "/api/content-settings/:id",
    summary: "Deletes content settings that nothing uses.",
    access: "settings:write",
    params: byId,
    response: done,
    errors: ["content.not-found", "content.is-default", "content.in-use"],
  }),
} as const;
