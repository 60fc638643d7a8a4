import type { z } from "zod";
import { refuse } from "#contract/errors.ts";
import type { messageRoutes } from "#contract/messages.ts";
import { toId } from "#core/kernel/ids.ts";
import type { Platform } from "../platform/index.ts";
import { findContactValues, findSettings, listAttributes } from "./gather-context.ts";
import { rowOf } from "./store.ts";

type Query = z.output<typeof messageRoutes.previewContext.query>;

/** The contact that stands in while nobody in particular is chosen. */
const someone = {
  email: "alex@example.com",
  first_name: "Alex",
  last_name: "Example",
  language: "en",
  time_zone: "UTC",
  country: "US",
  city: "New York",
};

/** Gathers what the browser needs to render a message as one contact gets it. */
export async function gatherPreviewContext({ db, config }: Platform, query: Query) {
  const settings =
    (await findSettings(db, query.contentSettingsId && rowOf("contentSettings", query.contentSettingsId))) ??
    (query.contentSettingsId ? refuse("message.no-such-settings") : undefined);
  const contact = query.contactId
    ? ((await findContactValues(db, rowOf("contact", query.contactId))) ?? refuse("message.no-such-contact"))
    : undefined;
  const values: Readonly<Record<string, unknown>> = contact?.values ?? someone;
  const text = (key: string) => (typeof values[key] === "string" ? values[key] : "");
  return {
    contact: {
      id: contact ? toId("contact", contact.id) : null,
      email: contact?.email ?? someone.email,
      displayName: [text("first_name"), text("last_name")].filter(Boolean).join(" "),
      timeZone: text("time_zone") || "UTC",
      locale: text("language") || "en",
      values,
    },
    attributes: await listAttributes(db),
    settings: settings?.values ?? {},
    defaults: {
      fromName: settings?.fromName ?? "",
      fromAddress: settings?.fromAddress ?? "",
      replyTo: settings?.replyTo ?? "",
    },
    publicUrl: config.publicUrl,
  };
}
