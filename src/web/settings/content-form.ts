import type { contentRoutes } from "#contract/content.ts";
import type { AnswerOf } from "../app/api.ts";
import type { useForm } from "../ui/useForm.ts";
import { networkNames, toEntries } from "./content-values.ts";

/** Fills the form from stored content settings. */
export function initialOf(settings: AnswerOf<typeof contentRoutes.get>) {
  const { name, companyName, postalAddress, websiteUrl, fromName, fromAddress, replyTo } = settings;
  const { brandColor, logoUrl, centerIntro, forwardIntro } = settings;
  return {
    ...{ name, companyName, postalAddress, websiteUrl, fromName, fromAddress, replyTo },
    ...{ brandColor, logoUrl, centerIntro, forwardIntro },
    socialLinks: toEntries(settings.socialLinks, Object.keys(networkNames)),
    texts: toEntries(settings.texts),
    linkTags: settings.linkTags,
  };
}

export type ContentForm = ReturnType<typeof useForm<ReturnType<typeof initialOf>>>;
