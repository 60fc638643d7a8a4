import { createServer, Socket } from "node:net";
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

/** What is read lands here, whichever connection it is of: a piece is done with before the next one is read. */
const landing = Buffer.alloc(256 * 1024);

/**
 * The same connection, read into `landing`. Node offers that only to those who connect; for those who accept it would make 64 KB
 * anew for each read, which costs the sink a third of its time. Where a later version of Node has no such handle, it reads as usual.
 */
function withLanding(accepted: Socket, take: (piece: Buffer) => void): Socket {
  const handle: unknown = Reflect.get(accepted, "_handle");
  if (typeof handle !== "object" || handle === null) {
    accepted.on("data", take);
    accepted.resume();
    return accepted;
  }
  const options = {
    handle,
    onread: {
      buffer: landing,
      callback: (length: number) => {
        take(landing.subarray(0, length));
        return true;
      },
    },
  };
  const socket: Socket = Reflect.construct(Socket, [options]);
  socket.setNoDelay(true);
  socket.resume();
  return socket;
}

const server = createServer({ noDelay: true, pauseOnConnect: true }, (accepted) => {
  seen.connections++;
  const conversation = new CountingConversation(arrived);
  const socket = withLanding(accepted, (piece) => {
    const { replies, isOver } = conversation.take(piece);
    if (isOver) socket.end(replies, "latin1");
    else if (replies !== "") socket.write(replies, "latin1");
  });
  socket.on("error", () => socket.destroy());
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
