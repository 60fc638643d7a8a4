import { createServer } from "node:net";
import { createInterface } from "node:readline";
import { CountingConversation } from "./conversation.ts";
import { DeliveryIds } from "./delivery-ids.ts";

/**
 * The counting sink, a process of its own. It prints {"port":…} when it listens; a line "counts" on standard input is answered
 * with what came so far, "reset" begins anew; it ends when standard input does.
 */
let ids = new DeliveryIds();
let seen = { connections: 0, messages: 0, bytes: 0, unnamed: 0, repeated: 0 };

const arrived = (id: number, bytes: number) => {
  seen.messages++;
  seen.bytes += bytes;
  if (Number.isNaN(id)) seen.unnamed++;
  else if (!ids.add(id)) seen.repeated++;
};

const server = createServer({ noDelay: true }, (socket) => {
  seen.connections++;
  const conversation = new CountingConversation(arrived);
  socket.on("error", () => socket.destroy());
  socket.on("data", (piece: Buffer) => {
    const { replies, isOver } = conversation.take(piece);
    if (isOver) socket.end(replies, "latin1");
    else if (replies !== "") socket.write(replies, "latin1");
  });
  socket.write("220 sink.bench ESMTP\r\n");
});

server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  console.log(JSON.stringify({ port: typeof address === "object" && address ? address.port : 0 }));
});

for await (const line of createInterface({ input: process.stdin })) {
  if (line === "reset") {
    ids = new DeliveryIds();
    seen = { connections: 0, messages: 0, bytes: 0, unnamed: 0, repeated: 0 };
  }
  console.log(JSON.stringify({ ...seen, distinct: ids.distinct, sum: ids.sum.toString() }));
}
process.exit(0);
