import { parseArgs } from "node:util";
import { compileMessage } from "#core/messages/compile-message.ts";
import { createRenderer } from "#core/messages/render-message.ts";
import { sampleMailing, sampleRecipient } from "#core/messages/sample-message.ts";
import { ByteBuffer } from "#core/mime/byte-buffer.ts";
import { wireGate } from "#core/mime/wire-gate.ts";
import { benchAttributes, benchSource } from "../support/bench-message.ts";
import type { Report } from "../support/report.ts";

/** Renders and gates messages one after another on one thread: the sender's own work without a network. */
export async function measureRender(args: readonly string[]): Promise<Report> {
  const { values } = parseArgs({
    args: [...args],
    options: { messages: { type: "string", default: "100000" } },
  });
  const messages = Number(values.messages);
  const compiled = compileMessage(benchSource, { attributes: benchAttributes });
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.error));
  const renderer = createRenderer(compiled.value, sampleMailing);
  const buffer = new ByteBuffer();
  const recipients = Array.from({ length: 1000 }, (_, n) =>
    sampleRecipient(compiled.value.fields, {
      first_name: `Zoë ${n}`,
      last_name: "Núñez",
      city: n % 5 === 0 ? "New York" : "São Paulo",
      country: "US",
      plan: n % 3 === 0 ? "pro" : "free",
    }),
  );
  let bytes = 0;
  let problems = 0;
  const once = (n: number) => {
    const recipient = recipients[n % recipients.length];
    if (!recipient) return;
    const rendered = renderer.render(recipient, buffer);
    if (!rendered.ok) problems += 1;
    else {
      problems += wireGate(buffer.bytes, rendered.value).length;
      bytes += rendered.value.wireEnd;
    }
  };
  for (let n = 0; n < 5000; n++) once(n);
  bytes = 0;
  const before = process.cpuUsage();
  for (let n = 0; n < messages; n++) once(n);
  const used = process.cpuUsage(before);
  const microseconds = (used.user + used.system) / messages;
  return {
    title: "Rendering one personalised message after another",
    work: `${messages.toLocaleString("en")} messages, compiled once, rendered into a reused buffer and passed through the wire gate`,
    figures: [
      { name: "processor time a message", value: microseconds, unit: "µs" },
      { name: "messages a second and core", value: 1e6 / microseconds, unit: "/s" },
      { name: "mean size on the wire", value: bytes / messages / 1024, unit: "KB" },
    ],
    proofs: [{ fact: "no message was refused and none broke a rule of the wire", holds: problems === 0 }],
  };
}
