import { createServer, type Socket } from "node:net";

export type DiscardServer = { readonly port: number; readonly stop: () => Promise<void> };

/** An SMTP server on loopback that takes mail and forgets it, and has no mailbox whose name begins with "gone". */
export async function discardMail(): Promise<DiscardServer> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    converse(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has no port");
  return {
    port: address.port,
    stop: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

function converse(socket: Socket): void {
  let held = "";
  let inData = false;
  let hasRecipient = false;
  socket.setEncoding("latin1");
  socket.write("220 discard ready\r\n");
  const answer = (line: string): string => {
    const verb = line.slice(0, 4).toUpperCase();
    if (verb === "EHLO")
      return "250-discard\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 ENHANCEDSTATUSCODES\r\n";
    if (verb === "RCPT") {
      hasRecipient = !/<gone/i.test(line);
      return hasRecipient ? "250 2.1.5 ok\r\n" : "550 5.1.1 no such mailbox\r\n";
    }
    if (verb === "DATA") {
      inData = hasRecipient;
      return inData ? "354 go on\r\n" : "503 5.5.1 no recipient\r\n";
    }
    if (verb === "QUIT") return "221 2.0.0 bye\r\n";
    return "250 2.0.0 ok\r\n";
  };
  socket.on("data", (chunk: string) => {
    held += chunk;
    let reply = "";
    for (;;) {
      const end = held.indexOf(inData ? "\r\n.\r\n" : "\r\n");
      if (end < 0) break;
      if (inData) {
        held = held.slice(end + 5);
        inData = false;
        reply += "250 2.0.0 taken\r\n";
      } else {
        reply += answer(held.slice(0, end));
        held = held.slice(end + 2);
      }
    }
    if (reply) socket.write(reply);
  });
}
