import { setTimeout as pause } from "node:timers/promises";
import type { createClient } from "../../../sdk/src/index.ts";
import { demoPeople } from "./demo-people.ts";

export type Client = ReturnType<typeof createClient>;

/** What the demo's history is about, by public id. */
export type DemoWorkspace = {
  readonly segments: { readonly newYork: string; readonly everyone: string };
  readonly messages: {
    readonly newsletter: string;
    readonly invite: string;
    readonly thanks: string;
    readonly reminder: string;
  };
  readonly eventId: string;
};

const weekMilliseconds = 7 * 24 * 60 * 60 * 1000;

/** Fills the workspace through the API, as people would: settings, contacts, segments, an event and live messages. */
export async function makeWorkspace(client: Client, contacts: number, now: Date): Promise<DemoWorkspace> {
  const topics = await makeSettings(client);
  await importPeople(client, contacts, topics.news);
  const segments = await makeSegments(client);
  const event = await makeEvent(client, now);
  const messages = {
    newsletter: await makeMessage(client, "Monthly newsletter", "Newsletter, early autumn", topics.news, []),
    invite: await makeMessage(client, "Event invitation", "Autumn gathering: invitation", topics.news, [
      ["https://example.com/register", event.pageUrl],
    ]),
    thanks: await makeMessage(client, "Event thank-you", "Autumn gathering: thank-you", topics.news, []),
    reminder: await makeMessage(client, "Event reminder", "Autumn gathering: reminder", topics.news, [
      ["https://example.com/register", event.pageUrl],
    ]),
  };
  await client.messages.create({ body: { name: "Ideas for winter", html: "<p>Not written yet.</p>" } });
  return { segments, messages, eventId: event.id };
}

async function makeSettings(client: Client): Promise<{ news: string }> {
  const { items } = await client.contentSettings.list();
  const settings = items.find(({ isDefault }) => isDefault);
  if (!settings) throw new Error("There are no default content settings");
  await client.contentSettings.change({
    params: { id: settings.id },
    body: {
      companyName: "Northwind Letters",
      postalAddress: "Northwind Letters, 12 Harbour Road, New York, NY 10004, USA",
      websiteUrl: "https://example.com",
      fromName: "Nora of Northwind",
      fromAddress: "nora@northwind.example",
      socialLinks: { linkedin: "https://example.com/linkedin", youtube: "https://example.com/youtube" },
      centerIntro: "Choose what we write to you about.",
    },
  });
  for (const [key, label, type, choices] of [
    ["plan", "Plan", "choice", ["free", "team", "business"]],
    ["company", "Company", "text", []],
    ["points", "Points", "number", []],
  ] as const)
    await client.attributes.create({ body: { key, label, type, choices: [...choices], defaultValue: null } });
  const news = await client.topics.create({
    body: { name: "News and events", description: "Once a month, and when we meet." },
  });
  await client.topics.create({
    body: { name: "Product updates", description: "What is new in what you use." },
  });
  return { news: news.id };
}

async function importPeople(client: Client, count: number, topicId: string): Promise<void> {
  const uploaded = await client.imports.upload({
    query: { fileName: "demo-people.csv" },
    file: demoPeople(count),
  });
  await client.imports.configure({
    params: { id: uploaded.id },
    body: {
      onDuplicate: "update",
      consent: { topicId, wording: "Yes, write to me about news and events.", givenAt: null },
    },
  });
  await client.imports.start({ params: { id: uploaded.id } });
  for (;;) {
    const { state, problem } = await client.imports.get({ params: { id: uploaded.id } });
    if (state === "finished") return;
    if (state !== "running") throw new Error(`The import of demo people ${state}: ${problem ?? ""}`);
    await pause(100);
  }
}

async function makeSegments(client: Client): Promise<DemoWorkspace["segments"]> {
  const make = async (name: string, condition: object) =>
    (
      await client.segments.create({
        body: JSON.parse(JSON.stringify({ name, definition: { timeZone: "America/New_York", condition } })),
      })
    ).id;
  const is = (field: string, value: string) => ({
    kind: "attribute",
    field,
    test: { operator: "equals", value },
  });
  const newYork = await make("In New York", is("city", "New York"));
  await make("Customers who pay", { kind: "any", of: [is("plan", "team"), is("plan", "business")] });
  await make("Without a first name", {
    kind: "attribute",
    field: "first_name",
    test: { operator: "is-empty" },
  });
  return { newYork, everyone: await make("Everyone", { kind: "all", of: [] }) };
}

async function makeEvent(client: Client, now: Date) {
  const startsAt = new Date(now.getTime() + 2 * weekMilliseconds);
  const event = await client.events.create({
    body: {
      name: "Autumn gathering",
      slug: "autumn-gathering",
      description: "Good company, three short talks and time to meet.",
      startsAt: startsAt.toISOString(),
      endsAt: new Date(startsAt.getTime() + 3 * 60 * 60 * 1000).toISOString(),
      timeZone: "America/New_York",
      place: "Pier 17, New York",
      capacity: 2000,
    },
  });
  await client.events.open({ params: { id: event.id } });
  return event;
}

async function makeMessage(
  client: Client,
  templateName: string,
  name: string,
  topicId: string,
  replacements: readonly (readonly [string, string])[],
): Promise<string> {
  const { items } = await client.templates.list();
  const template = items.find((each) => each.name === templateName);
  if (!template) throw new Error(`There is no template ${templateName}`);
  const draft = await client.messages.create({ body: { name, templateId: template.id } });
  const html = replacements.reduce((text, [from, to]) => text.replaceAll(from, to), draft.html);
  const {
    subject,
    preheader,
    fromName,
    fromAddress,
    replyTo,
    text,
    designation,
    trackOpens,
    trackClicks,
    revision,
  } = draft;
  const saved = await client.messages.save({
    params: { messageId: draft.id },
    body: {
      name,
      subject,
      preheader,
      fromName,
      fromAddress,
      replyTo,
      text,
      designation,
      trackOpens,
      trackClicks,
      revision,
      html,
      topicId,
    },
  });
  await client.messages.goLive({ params: { messageId: saved.id }, body: { revision: saved.revision } });
  return saved.id;
}
