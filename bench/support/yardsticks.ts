import { generateKeyPairSync, sign } from "node:crypto";
import { availableParallelism } from "node:os";
import { promisify } from "node:util";
import { compileMessage } from "#core/messages/compile-message.ts";
import { createRenderer } from "#core/messages/render-message.ts";
import { sampleMailing, sampleRecipient } from "#core/messages/sample-message.ts";
import { ByteBuffer } from "#core/mime/byte-buffer.ts";
import { wireGate } from "#core/mime/wire-gate.ts";
import { makeEnvelope, type Outgoing, openConnection } from "#server/senders/index.ts";
import type { CountingSink } from "../sink/counting-sink.ts";
import { letter, letterAttributes } from "./letter.ts";

export type Yardstick = { readonly perSecond: number; readonly cpuPerPiece: number };

/** Measures the work of this process: pieces a second, and microseconds of processor time for each. */
async function measure(pieces: number, work: () => Promise<void>): Promise<Yardstick> {
  const start = performance.now();
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return { perSecond: (pieces / (performance.now() - start)) * 1000, cpuPerPiece: (user + system) / pieces };
}

/** Makes the letter for one recipient after another in a reused buffer. */
function createPress() {
  const compiled = compileMessage(letter, { attributes: letterAttributes });
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.error));
  const renderer = createRenderer(compiled.value, sampleMailing);
  const buffer = new ByteBuffer();
  const orders = JSON.stringify([
    { title: "Lamp 1", price: 12 },
    { title: "Lamp 2", price: 34 },
  ]);
  return (n: number): { readonly bytes: Uint8Array; readonly sizeBytes: number } => {
    const recipient = sampleRecipient(compiled.value.fields, {
      first_name: `Zoë ${n}`,
      last_name: "Núñez",
      email: `person${n}@example.test`,
      city: n % 5 === 0 ? "New York" : "São Paulo",
      country: "US",
      language: "en",
      time_zone: "America/New_York",
      plan: n % 3 === 0 ? "pro" : "free",
      company: `Company ${n}`,
      store: "Store 7",
      points: String(n),
      member_since: "2020-02-02",
      greeting: "Dear",
      interest: "boats",
      orders,
    });
    const rendered = renderer.render(recipient, buffer);
    if (!rendered.ok) throw new Error(rendered.error.message);
    if (wireGate(buffer.bytes, rendered.value).length > 0)
      throw new Error("The letter breaks a rule of mail");
    return { bytes: buffer.bytes.subarray(0, rendered.value.wireEnd), sizeBytes: rendered.value.end };
  };
}

/** Rendering and the wire gate alone, as a sender does them. */
export function measureRendering(): Promise<Yardstick> {
  const make = createPress();
  for (let n = 0; n < 3000; n++) make(n);
  return measure(10_000, async () => {
    for (let n = 0; n < 10_000; n++) make(n);
  });
}

/**
 * The limit: one process sends a message that is ready over the product's own connections, pipelined, without rendering, signature
 * or ledger. Each connection serves all of its messages.
 */
export async function measureRawSmtp(sink: CountingSink, connections: number): Promise<Yardstick> {
  const { bytes, sizeBytes } = createPress()(1);
  const envelope = makeEnvelope("news@bench.example", "person1@example.test");
  if (!envelope.ok) throw new Error(envelope.error.message);
  let tail = { text: "", whole: bytes };
  const outgoing: Outgoing = {
    envelope: envelope.value,
    parts: [bytes],
    // The next envelope is always the same, so message and tail are put together once.
    withTail: (text) => {
      if (text !== tail.text) tail = { text, whole: Buffer.concat([bytes, Buffer.from(text, "utf8")]) };
      return tail.whole;
    },
    sizeBytes,
    beforeDot: () => true,
  };
  const each = Math.ceil(20_000 / connections);
  const serve = async (messages: number): Promise<void> => {
    const opened = await openConnection({
      host: "127.0.0.1",
      port: sink.port,
      tls: "none",
      credentials: null,
      helloName: "limit.bench.example",
    });
    if (!opened.ok) throw new Error(opened.error.message);
    for (let n = 0; n < messages; n++) {
      const outcome = await opened.value.deliver(outgoing, n + 1 < messages ? outgoing : undefined);
      if (outcome.kind !== "accepted") throw new Error(`The sink did not accept a message: ${outcome.kind}`);
    }
    await opened.value.close();
  };
  const serveAll = async (messages: number) => {
    await Promise.all(Array.from({ length: connections }, () => serve(messages)));
  };
  await serveAll(Math.ceil(each / 10));
  const measured = await measure(each * connections, () => serveAll(each));
  await sink.reset();
  return measured;
}

/** RSA-2048 signatures alone, made in the thread pool with every core busy. */
export async function measureRsa(): Promise<Yardstick> {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const signInPool = promisify<string, Buffer, typeof privateKey, Buffer>(sign);
  const input = Buffer.alloc(1000, "x");
  const each = 1500;
  const workers = availableParallelism() * 4;
  return measure(each * workers, async () => {
    await Promise.all(
      Array.from({ length: workers }, async () => {
        for (let n = 0; n < each; n++) await signInPool("sha256", input, privateKey);
      }),
    );
  });
}
