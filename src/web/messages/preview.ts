import type { z } from "zod";
import type { PreviewContext } from "#contract/messages.ts";
import { fail, ok, type Result } from "#core/kernel/result.ts";
import { compileMessage } from "#core/messages/compile-message.ts";
import { fieldTexts } from "#core/messages/field-texts.ts";
import type { MessageParts } from "#core/messages/mailing-context.ts";
import { createRenderer } from "#core/messages/render-message.ts";
import type { Draft } from "./draft.ts";

/** What stands for the signed parts of links in a preview: nothing that works. */
const noTokens = { read: "preview", manage: "preview", forward: "preview", bounce: "preview" };

/**
 * Renders a draft as one contact would get it, by the compiler and renderer of production.
 * `now` is in milliseconds since 1970. Refused with sentences a marketer can act on.
 */
export function previewMessage(
  draft: Draft,
  context: z.output<typeof PreviewContext>,
  now: number,
): Result<MessageParts, readonly string[]> {
  const { linkTags: _atTheTracker, ...source } = draft;
  const compiled = compileMessage(source, { attributes: context.attributes });
  if (!compiled.ok)
    return fail(
      compiled.error.map(({ message, where }) =>
        where.line ? `${message} (${where.field}, line ${where.line})` : message,
      ),
    );
  const renderer = createRenderer(compiled.value, {
    publicUrl: context.publicUrl,
    settings: context.settings,
    journeyName: "",
    listId: "",
    feedbackId: "",
    commercial: draft.designation === "commercial",
    trackOpens: false,
    trackClicks: false,
    defaults: context.defaults,
  });
  const { contact } = context;
  const parts = renderer.renderParts({
    address: contact.email,
    displayName: contact.displayName,
    fields: fieldTexts(compiled.value.fields, contact.values),
    tokens: noTokens,
    messageId: "preview@postroad.invalid",
    date: now,
    timeZone: contact.timeZone,
    locale: contact.locale,
    trackingConsent: false,
    signUrl: () => "preview",
  });
  return parts.ok ? ok(parts.value) : fail([parts.error.message]);
}

const darkQuery = /\(\s*prefers-color-scheme\s*:\s*dark\s*\)/gi;
const lightQuery = /\(\s*prefers-color-scheme\s*:\s*light\s*\)/gi;
const always = "(min-width: 0)";
const never = "(max-width: 0)";

/** A rendered message as a client in dark or light mode shows it, with or without images. For a sandboxed frame only. */
export function asSeen(
  html: string,
  { isDark, hasImages }: { readonly isDark: boolean; readonly hasImages: boolean },
): string {
  const inMode = html
    .replace(darkQuery, isDark ? always : never)
    .replace(lightQuery, isDark ? never : always);
  const images = hasImages ? "" : `<meta http-equiv="Content-Security-Policy" content="img-src 'none'">`;
  const ground = isDark ? "<style>html{background:#1b1d1c;color:#e8eaed}</style>" : "";
  return `<!doctype html>${images}${ground}${inMode.replace(/^\s*<!doctype[^>]*>/i, "")}`;
}
