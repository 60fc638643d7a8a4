import { fromId } from "#core/kernel/ids.ts";
import { sql } from "../../src/server/platform/index.ts";
import { agreeToTopic, fillContacts } from "./fill-contacts.ts";
import { letter, letterAttributes } from "./letter.ts";
import type { Workplace } from "./workplace.ts";

export type Signature = "none" | "rsa" | "ed25519";

export type Prepared = {
  /** Row ids. */
  readonly versionId: string;
  readonly topicId: string;
  readonly messageId: string;
};

/**
 * Contacts who agreed to a topic, and the letter about it, checked and live through the same doors as a marketer's. The default
 * route leads to the sink.
 */
export async function prepareLetter(
  { client, db }: Workplace,
  options: {
    readonly contacts: number;
    readonly port: number;
    readonly connections: number;
    readonly signed: Signature;
  },
): Promise<Prepared> {
  for (const { key, type } of letterAttributes)
    await client.attributes.create({ body: { key, label: key, type } });
  await sendThroughSink({ client }, options);
  const settings = (await client.contentSettings.list()).items.find(({ isDefault }) => isDefault);
  if (!settings) throw new Error("There are no default content settings");
  await client.contentSettings.change({
    params: { id: settings.id },
    body: { companyName: "Bench", postalAddress: "1 Bench Road, Bonn" },
  });
  const topic = await client.topics.create({ body: { name: "Stories" } });
  const topicId = fromId("topic", topic.id) ?? "";
  await fillContacts(db, options.contacts);
  await agreeToTopic(db, topicId);
  const draft = await client.messages.create({ body: { name: letter.name } });
  const saved = await client.messages.save({
    params: { messageId: draft.id },
    body: { revision: draft.revision, topicId: topic.id, ...letter },
  });
  const { message } = await client.messages.goLive({
    params: { messageId: draft.id },
    body: { revision: saved.revision },
  });
  // What setting up left to write must not count as the work of sending.
  await db.run(sql`checkpoint`);
  return {
    topicId,
    messageId: fromId("message", message.id) ?? "",
    versionId: fromId("messageVersion", message.live?.versionId ?? "") ?? "",
  };
}

async function sendThroughSink(
  { client }: Pick<Workplace, "client">,
  {
    port,
    connections,
    signed,
  }: { readonly port: number; readonly connections: number; readonly signed: Signature },
): Promise<void> {
  const route = await client.routes.create({
    body: { name: "Sink", host: "127.0.0.1", port, tls: "none", maxConnections: connections },
  });
  await client.routes.makeDefault({ params: { id: route.id } });
  const { id, keys } = await client.sendingDomains.create({ body: { domain: "bench.example" } });
  for (const key of keys)
    await client.sendingDomains.switchKey({
      params: { id, keyId: key.id },
      body: switchedTo(key.algorithm === `${signed}-sha256`),
    });
}

/** A domain of a bench is in no DNS, so its keys sign only if they are forced to. */
const switchedTo = (isActive: boolean) => ({ isActive, force: isActive });
