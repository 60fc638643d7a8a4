import { once } from "node:events";
import { createServer } from "node:net";
import { expect, test } from "vitest";
import { z } from "zod";
import { makeEnvelope, openConnection } from "./index.ts";

/** A server that takes the envelope and then answers for a content that it does not read. */
async function startHastyServer() {
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.write("220 hasty\r\n");
    socket.on("data", (bytes: Buffer) => {
      const said = bytes.toString("latin1");
      if (said.startsWith("EHLO")) socket.write("250 hasty\r\n");
      else if (said.startsWith("DATA")) socket.write("354 go\r\n");
      else if (said.startsWith("Subject")) {
        socket.pause();
        socket.write("250 2.0.0 taken already\r\n");
      } else socket.write("250 ok\r\n");
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { server, ...z.object({ port: z.number() }).parse(server.address()) };
}

test("[D10] an answer that comes before the final dot has left does not count as acceptance", async () => {
  const { server, port } = await startHastyServer();
  const opened = await openConnection({
    host: "127.0.0.1",
    port,
    tls: "none",
    credentials: null,
    helloName: "sender.test",
  });
  const envelope = makeEnvelope("from@sender.test", "to@example.com");
  if (!opened.ok || !envelope.ok) throw new Error("The conversation could not begin");
  // More than the buffers of both ends hold, so that the dot cannot leave.
  const bytes = Buffer.concat([
    Buffer.from("Subject: big\r\n\r\n"),
    Buffer.alloc(48 * 1024 * 1024, "x"),
    Buffer.from("\r\n.\r\n"),
  ]);
  const outcome = await opened.value.deliver({
    envelope: envelope.value,
    parts: [bytes],
    sizeBytes: bytes.length - 3,
    beforeDot: () => true,
  });
  expect(outcome).toMatchObject({ kind: "deferred", phase: "content" });
  expect(opened.value.isUsable).toBe(false);
  await opened.value.close();
  server.close();
});
