import type { z } from "zod";
import type { PreviewContext } from "#contract/messages.ts";
import { contactColumns } from "#core/messages/contact-schema.ts";
import { ownLinks, settingNames } from "#core/messages/message-schema.ts";
import { filterNames } from "#core/template/filters/index.ts";
import type { EditorNames } from "./HtmlEditor.tsx";

const linkWords: Record<(typeof ownLinks)[number], string> = {
  subscription_center: "Subscription centre",
  unsubscribe: "Unsubscribe",
  forward: "Forward to a friend",
  view_in_browser: "View in browser",
};

const inWords = (key: string) => key.charAt(0).toUpperCase() + key.slice(1).replaceAll("_", " ");

/** Everything that a message can name here: the contact schema, content settings, links and filters. */
export function editorNames(context: z.output<typeof PreviewContext>): EditorNames {
  const own = context.attributes.map(({ key, label, type }) => ({ name: key, detail: `${label} (${type})` }));
  const settings = new Set<string>([...settingNames, ...Object.keys(context.settings)]);
  return {
    variables: ["contact", "settings", "links", "message", "journey", "now"],
    below: {
      contact: [...Object.keys(contactColumns).map((name) => ({ name, detail: inWords(name) })), ...own],
      settings: [...settings].map((name) => ({ name, detail: inWords(name) })),
      links: ownLinks.map((name) => ({ name, detail: linkWords[name] })),
      message: [
        { name: "name", detail: "Name of the message" },
        { name: "subject", detail: "Subject" },
      ],
      journey: [{ name: "name", detail: "Name of the journey" }],
    },
    filters: filterNames.map((name) => ({ name, detail: "filter" })),
  };
}
