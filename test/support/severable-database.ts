import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { Transform } from "node:stream";
import { anyFreePort } from "#server/platform/free-port.ts";

/** A door in front of a database that can be shut, so that the database is away for whoever goes through it. */
export type SeverableDatabase = {
  readonly url: string;
  /** Cuts all connections and refuses new ones. */
  readonly sever: () => Promise<void>;
  /** Cuts all connections, as `sever` does, when so many more packets went to the database. */
  readonly severAfter: (packets: number) => Promise<void>;
  readonly restore: () => Promise<void>;
  /** From now on whatever goes to the database is so late. */
  readonly slowDown: (milliseconds: number) => void;
  readonly close: () => Promise<void>;
};

/** Puts a real TCP relay between a client and the database at `url`. */
export async function severable(url: string): Promise<SeverableDatabase> {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  let delay = 0;
  let counted: (() => void) | undefined;
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket);
      socket.on("error", () => other.destroy());
      socket.on("close", () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
    upstream.pipe(client);
    client
      .pipe(new Transform({ transform: (chunk, _, done) => void setTimeout(done, delay, null, chunk) }))
      .pipe(upstream);
    client.on("data", () => counted?.());
  });
  // Nobody else comes by this one while the door is shut.
  const port = await anyFreePort();
  const listen = async () => {
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
  };
  const shut = async () => {
    if (!server.listening) return;
    const closed = once(server, "close");
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  const severAfter = async (packets: number) => {
    let left = packets;
    const { promise, resolve } = Promise.withResolvers<void>();
    counted = () => {
      if (--left === 0) resolve();
    };
    await promise;
    counted = undefined;
    await shut();
  };
  await listen();
  return {
    url: Object.assign(new URL(url), { hostname: "127.0.0.1", port: String(port) }).href,
    sever: shut,
    severAfter,
    slowDown: (milliseconds) => {
      delay = milliseconds;
    },
    restore: listen,
    close: shut,
  };
}
