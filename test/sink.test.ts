import { createTransport } from "nodemailer";
import { afterEach, describe, expect, test } from "vitest";
import { type Sink, type SinkOptions, startSink } from "#test/sink.ts";
import { startSinkProcess } from "#test/sink-process.ts";

let sink: Sink | undefined;
afterEach(() => sink?.stop());

async function send(options: SinkOptions, text = "hello", to = "eve@there.test") {
  sink = await startSink(options);
  const transport = createTransport({ host: sink.host, port: sink.port, secure: false, ignoreTLS: true });
  return transport
    .sendMail({ from: "adam@here.test", to, subject: "Hi", text })
    .finally(() => transport.close());
}

describe("the SMTP sink", () => {
  test("keeps envelope and message as the sender meant them", async () => {
    await send({}, ".one dot\r\n..two dots");
    expect(sink?.messages).toHaveLength(1);
    const [message] = sink?.messages ?? [];
    expect(message).toMatchObject({ from: "adam@here.test", to: ["eve@there.test"], connection: 1 });
    expect(message?.raw.toString()).toContain("\r\n.one dot\r\n..two dots");
  });

  test("a script refuses one recipient with its own words", async () => {
    const refuse = send({
      script: ({ stage, to }) => (stage === "rcpt" && to.startsWith("eve") ? "550 5.1.1 who?" : undefined),
    });
    await expect(refuse).rejects.toThrow("550 5.1.1 who?");
    expect(sink?.counts).toMatchObject({ connections: 1, messages: 0 });
  });

  test("a script cuts the connection after the final dot", async () => {
    await expect(
      send({ script: ({ stage }) => (stage === "message" ? "drop" : undefined) }),
    ).rejects.toThrow();
    expect(sink?.counts.messages).toBe(0);
  });

  test("a script can take its time", async () => {
    await send({ script: async ({ stage }) => (stage === "data" ? "354 at last" : undefined) });
    await sink?.waitFor(1);
    expect(sink?.messages).toHaveLength(1);
  });

  test("runs as a process of its own and tells its counts", async () => {
    const child = await startSinkProcess();
    const transport = createTransport({ host: "127.0.0.1", port: child.port, ignoreTLS: true });
    await transport.sendMail({ from: "a@here.test", to: "b@there.test, c@there.test", text: "x" });
    expect(await child.counts()).toMatchObject({ messages: 1, recipients: 2 });
    transport.close();
    await child.stop();
  });
});
