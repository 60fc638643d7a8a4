import { readFileSync } from "node:fs";
import { type Database, sql } from "../platform/index.ts";

/** A template that comes with the product. Its content is templates/<key>.html. */
type BuiltInTemplate = {
  readonly key: string;
  readonly name: string;
  readonly category: string;
  readonly subject: string;
  readonly preheader: string;
};

export const builtInTemplates: readonly BuiltInTemplate[] = [
  { key: "blank", name: "Blank page", category: "Basics", subject: "", preheader: "" },
  {
    key: "plain-letter",
    name: "Plain letter",
    category: "Basics",
    subject: "A word from us",
    preheader: "Short and personal.",
  },
  {
    key: "newsletter",
    name: "Monthly newsletter",
    category: "Newsletter",
    subject: "What is new this month",
    preheader: "Three short stories, two minutes to read.",
  },
  {
    key: "event-invitation",
    name: "Event invitation",
    category: "Event",
    subject: "{{ contact.first_name | default: 'Hello' }}, you are invited",
    preheader: "Places are limited: save yours.",
  },
  {
    key: "event-thank-you",
    name: "Event thank-you",
    category: "Event",
    subject: "Your place is saved",
    preheader: "We are looking forward to seeing you.",
  },
  {
    key: "event-reminder",
    name: "Event reminder",
    category: "Event",
    subject: "There is still a place for you",
    preheader: "It takes less than a minute to register.",
  },
];

const read = (name: string) => readFileSync(new URL(`./templates/${name}.html`, import.meta.url), "utf8");

/** The HTML of a built-in template: its content in the frame that all share (head, dark mode, footer). */
export function builtInHtml(key: string): string {
  return read("frame").replace("<!-- content -->\n", () => read(key));
}

/** Brings the built-in templates in the database up to this version of the product. */
export async function installBuiltInTemplates(db: Database): Promise<void> {
  for (const { key, name, category, subject, preheader } of builtInTemplates)
    await db.run(sql`
      insert into templates (key, name, category, subject, preheader, html)
      values (${key}, ${name}, ${category}, ${subject}, ${preheader}, ${builtInHtml(key)})
      on conflict (key) do update set name = excluded.name, category = excluded.category,
        subject = excluded.subject, preheader = excluded.preheader, html = excluded.html`);
}
