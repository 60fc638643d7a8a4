import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startSinkProcess } from "../../test/support/sink-process.ts";
import { benchSource } from "../support/bench-message.ts";
import { writeContactsFile } from "../support/contacts-file.ts";
import { importFile } from "../support/import-file.ts";
import { type RunningProduct, startProduct } from "../support/product-process.ts";
import type { Figure, Report } from "../support/report.ts";
import { waitUntil } from "../support/wait-until.ts";

/**
 * The main job at size, through the public API as any caller would do it: import a CSV, count a segment, take a
 * message and a journey live, and send to an SMTP sink in a process of its own until every delivery has a fate.
 */
export async function measureStory(args: readonly string[]): Promise<Report> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      contacts: { type: "string", default: "1000000" },
      unsigned: { type: "boolean", default: false },
    },
  });
  const contacts = Number(values.contacts);
  const directory = mkdtempSync(join(tmpdir(), "postroad-story-"));
  const file = join(directory, "contacts.csv");
  await writeContactsFile(file, contacts);
  const sink = await startSinkProcess();
  const product = await startProduct();
  try {
    await sendToSink(product, sink.port, !values.unsigned);
    const imported = await importFile(product.client, file);
    const counted = await makeSegment(product);
    const sent = await runJourney(product, counted.segmentId, contacts);
    const seen = await sink.counts();
    return {
      title: "The main job, end to end",
      work: `a CSV of ${contacts.toLocaleString("en")} rows (${megabytes(statSync(file).size)}) imported, segmented, and sent a personalised letter each by a journey, ${values.unsigned ? "without DKIM" : "signed by DKIM (RSA-2048)"}`,
      figures: [
        ...imported.figures,
        ...counted.figures,
        ...sent.figures,
        { name: "mean size of a message", value: seen.bytes / Math.max(seen.messages, 1) / 1024, unit: "KB" },
        {
          name: "largest memory of the product's process",
          value: product.peakMegabytes(),
          unit: "MB",
          note: "without PostgreSQL",
        },
      ],
      proofs: [
        {
          fact: `the sink took ${contacts.toLocaleString("en")} messages, one for each contact`,
          holds: seen.messages === contacts,
        },
        {
          fact: "recipients = accepted + refused + skipped + given up + in doubt + queued",
          holds: sent.adds,
        },
        { fact: "every delivery was accepted", holds: sent.accepted === contacts },
      ],
    };
  } finally {
    await product.stop();
    await sink.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

const megabytes = (bytes: number) => `${(bytes / 2 ** 20).toFixed(0)} MB`;
const secondsSince = (start: number) => (performance.now() - start) / 1000;

/** Makes the sink the default route, and gives the content settings what the check asks for. */
async function sendToSink({ client }: RunningProduct, port: number, isSigned: boolean): Promise<void> {
  const route = await client.routes.create({
    body: { name: "Sink", host: "127.0.0.1", port, tls: "none", maxConnections: 20 },
  });
  const { id, keys } = await client.sendingDomains.create({ body: { domain: "bench.example" } });
  for (const key of keys)
    await client.sendingDomains.switchKey({
      params: { id, keyId: key.id },
      body: { isActive: isSigned, force: isSigned },
    });
  await client.routes.makeDefault({ params: { id: route.id } });
  const settings = (await client.contentSettings.list()).items.find(({ isDefault }) => isDefault);
  if (!settings) throw new Error("There are no default content settings");
  await client.contentSettings.change({
    params: { id: settings.id },
    body: {
      companyName: "Bench",
      postalAddress: "1 Bench Road, Bonn",
      fromName: "Bench",
      fromAddress: "news@bench.example",
    },
  });
  await client.attributes.create({
    body: { key: "plan", label: "Plan", type: "text", choices: [], defaultValue: null },
  });
}

async function makeSegment({ client }: RunningProduct): Promise<{ segmentId: string; figures: Figure[] }> {
  const everyone = { timeZone: "UTC", condition: { kind: "all" as const, of: [] } };
  const newYork = {
    timeZone: "UTC",
    condition: {
      kind: "attribute" as const,
      field: "city",
      test: { operator: "equals" as const, value: "New York" },
    },
  };
  const segment = await client.segments.create({ body: { name: "Everyone", definition: everyone } });
  const start = performance.now();
  const { total } = await client.segments.preview({ body: { definition: newYork } });
  const milliseconds = secondsSince(start) * 1000;
  return {
    segmentId: segment.id,
    figures: [
      {
        name: 'count and sample of "city is New York"',
        value: milliseconds,
        unit: "ms",
        note: `${total.toLocaleString("en")} contacts`,
      },
    ],
  };
}

type Sent = { readonly figures: Figure[]; readonly adds: boolean; readonly accepted: number };

async function runJourney({ client }: RunningProduct, segmentId: string, contacts: number): Promise<Sent> {
  const draft = await client.messages.create({
    body: { name: benchSource.name, html: benchSource.html, subject: benchSource.subject },
  });
  const live = await client.messages.goLive({
    params: { messageId: draft.id },
    body: { revision: draft.revision },
  });
  const at = (y: number) => ({ x: 0, y });
  const journey = await client.journeys.create({
    body: {
      name: "Bench",
      graph: {
        tiles: [
          { id: "start", label: "", position: at(0), kind: "segment-start", segmentId, joinLater: false },
          { id: "send", label: "", position: at(160), kind: "send", messageId: live.message.id },
          { id: "end", label: "", position: at(320), kind: "end" },
        ],
        edges: [
          { from: "start", exit: "next", to: "send" },
          { from: "send", exit: "next", to: "end" },
        ],
      },
    },
  });
  const start = performance.now();
  await client.journeys.goLive({ params: { journeyId: journey.id }, body: { revision: journey.revision } });
  const goLiveSeconds = secondsSince(start);
  const totals = async () =>
    (await client.mailings.list({ query: { journeyId: journey.id } })).items[0]?.totals;
  await waitUntil(
    "The last contact at the send tile",
    900,
    totals,
    (found) => found?.recipients === contacts,
  );
  const enqueuedSeconds = secondsSince(start);
  const final = await waitUntil("The fate of every delivery", 3000, totals, (found) => found?.queued === 0);
  const seconds = secondsSince(start);
  if (!final) throw new Error("There is no mailing");
  const known = final.accepted + final.refused + final.skipped + final.givenUp + final.inDoubt + final.queued;
  return {
    adds: known === final.recipients,
    accepted: final.accepted,
    figures: [
      { name: "journey goes live", value: goLiveSeconds, unit: "s", note: "with its check" },
      {
        name: "all contacts entered and enqueued after",
        value: enqueuedSeconds,
        unit: "s",
        note: "while sending already",
      },
      { name: "all deliveries accepted after", value: seconds, unit: "s" },
      {
        name: "messages a second",
        value: final.accepted / seconds,
        unit: "/s",
        note: "from go live to the last, everything included",
      },
    ],
  };
}
