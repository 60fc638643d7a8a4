import type { z } from "zod";
import type { Message } from "#contract/messages.ts";
import { tidyLinkTags } from "#core/messages/link-tags.ts";

type Saved = z.output<typeof Message>;

/** The part of a message that a person edits. */
export type Draft = Pick<
  Saved,
  | "name"
  | "designation"
  | "topicId"
  | "subject"
  | "preheader"
  | "fromName"
  | "fromAddress"
  | "replyTo"
  | "html"
  | "text"
  | "trackOpens"
  | "trackClicks"
  | "linkTags"
>;

/** The draft as it was saved. */
export function draftOf(message: Saved): Draft {
  const {
    name,
    designation,
    topicId,
    subject,
    preheader,
    fromName,
    fromAddress,
    replyTo,
    html,
    text,
    trackOpens,
    trackClicks,
    linkTags,
  } = message;
  return {
    name,
    designation,
    topicId,
    subject,
    preheader,
    fromName,
    fromAddress,
    replyTo,
    html,
    text,
    trackOpens,
    trackClicks,
    linkTags,
  };
}

/** True if two drafts say the same. */
export function sameDraft(a: Draft, b: Draft): boolean {
  return (Object.keys(a) as (keyof Draft)[]).every((key) =>
    key === "linkTags" ? sameTags(a.linkTags, b.linkTags) : a[key] === b[key],
  );
}

/** As they are saved, without the empty line that somebody has just begun. */
function sameTags(a: Draft["linkTags"], b: Draft["linkTags"]): boolean {
  const said = (tags: Draft["linkTags"]) => JSON.stringify(tags && tidyLinkTags(tags));
  return said(a) === said(b);
}

/** Why saving waits, in words; null if nothing has changed since the last save. */
export function saveState(
  draft: Draft,
  saved: Draft,
  status: "idle" | "saving" | "failed",
): "saved" | "unsaved" | "saving" | "failed" {
  if (status === "saving" || status === "failed") return status;
  return sameDraft(draft, saved) ? "saved" : "unsaved";
}
