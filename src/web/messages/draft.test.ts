import { expect, test } from "vitest";
import { noLinkTags } from "#core/messages/link-tags.ts";
import { type Draft, sameDraft, saveState } from "./draft.ts";

const draft: Draft = {
  name: "Invite",
  designation: "commercial",
  topicId: null,
  subject: "Hello",
  preheader: "",
  fromName: "",
  fromAddress: "",
  replyTo: "",
  html: "<p>Hi</p>",
  text: null,
  trackOpens: true,
  trackClicks: true,
  linkTags: null,
};

test("a draft differs as soon as one field does", () => {
  expect(sameDraft(draft, { ...draft })).toBe(true);
  expect(sameDraft(draft, { ...draft, text: "" })).toBe(false);
  const tagged = (source: string) => ({ ...draft, linkTags: { ...noLinkTags, source } });
  expect(sameDraft(tagged("news"), tagged("news"))).toBe(true);
  expect(sameDraft(tagged("news"), tagged("mail"))).toBe(false);
  expect(sameDraft(draft, tagged(""))).toBe(false);
  const listed = (...domains: string[]) => ({ ...draft, linkTags: { ...noLinkTags, domains } });
  expect(sameDraft(listed("a.example", ""), listed("a.example"))).toBe(true);
  expect(sameDraft(listed("a.example"), listed("b.example"))).toBe(false);
});

test("what was typed during a save is still unsaved after it", () => {
  const typed = { ...draft, subject: "Hello!" };
  expect(saveState(typed, draft, "saving")).toBe("saving");
  expect(saveState(typed, draft, "idle")).toBe("unsaved");
  expect(saveState(draft, draft, "idle")).toBe("saved");
  expect(saveState(typed, draft, "failed")).toBe("failed");
});
