import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { createServer as createTlsServer, TLSSocket } from "node:tls";

/** A point of the conversation where the sink can misbehave. `name` is what the client just did. */
export type Moment = {
  readonly name:
    | "greeting"
    | "ehlo"
    | "helo"
    | "starttls"
    | "auth"
    | "mail"
    | "rcpt"
    | "data"
    | "dot"
    | "rset"
    | "quit"
    | "other";
  /** The whole command line; the message for "dot". */
  readonly text: string;
  /** 1 for the first connection. */
  readonly connection: number;
  /** 1 for the first time this happens on this connection. */
  readonly times: number;
};

/** A raw reply (CRLF is added unless it ends in one), or a way of not replying. */
export type Reaction =
  | string
  | Uint8Array
  | "silence"
  | "drop"
  /** As `drop`, but with a reset in place of an orderly end. */
  | "reset"
  | { readonly reply: string; readonly then: "drop" }
  | { readonly reply: string; readonly after: Promise<unknown> };

/** Where a connection is cut, and how. Bytes count from the connection's beginning. */
export type Cut = {
  readonly after:
    | { readonly clientBytes: number }
    | { readonly replyBytes: number }
    /** So many bytes before the end of the first message's CRLF.CRLF. */
    | { readonly beforeEndOfDot: number };
  readonly how: "fin" | "rst";
};

/** What the sink itself knows happened. */
export type Witnessed = {
  readonly kind: "accepted" | "cut";
  readonly connection: number;
  /** Whose message it is about; empty if none was under way. */
  readonly to: string;
  /** Of the message; empty when its content was not seen whole. */
  readonly messageId: string;
  /** True if content was flowing or awaiting its answer. */
  readonly inContent: boolean;
};

export type SinkOptions = {
  /** EHLO keywords; default PIPELINING and 8BITMIME. */
  readonly offers?: readonly string[];
  /** Undefined: what a good server says. */
  readonly react?: (moment: Moment) => Reaction | undefined;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Cuts the connection after so many bytes from the client. */
  readonly cutAfterBytes?: number;
  /** Where this connection is cut, if at all. */
  readonly cut?: (connection: number) => Cut | undefined;
  /** Hears of each message before its acceptance is answered, and of each cut. */
  readonly witness?: (event: Witnessed) => void;
  readonly tls?: { readonly key: string; readonly cert: string; readonly implicit?: boolean };
  /** Called for each accepted message in place of keeping it. */
  readonly take?: (message: Received) => void;
};

export type Received = { readonly from: string; readonly to: readonly string[]; readonly data: Buffer };

export type HostileSink = {
  readonly port: number;
  readonly received: Received[];
  /** Each command as it came, connection by connection. */
  readonly commands: string[];
  readonly connections: () => number;
  readonly close: () => Promise<void>;
};

/** An SMTP server on a free port of this machine that answers as it is told, at each step, down to the byte. */
export async function startHostileSink(options: SinkOptions = {}): Promise<HostileSink> {
  const received: Received[] = [];
  const commands: string[] = [];
  const open = new Set<Socket>();
  let connections = 0;
  const greet = (socket: Socket) => {
    connections++;
    open.add(socket);
    socket.on("close", () => open.delete(socket));
    converse(socket, connections, options, received, commands);
  };
  const server = options.tls?.implicit ? createTlsServer(options.tls, greet) : createServer(greet);
  server.listen(0, options.host ?? "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    received,
    commands,
    connections: () => connections,
    close: async () => {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

const usual: Record<Moment["name"], string> = {
  greeting: "220 sink.test ESMTP",
  ehlo: "",
  helo: "250 sink.test",
  starttls: "220 go ahead",
  auth: "235 2.7.0 welcome",
  mail: "250 2.1.0 ok",
  rcpt: "250 2.1.5 ok",
  data: "354 go ahead",
  dot: "250 2.0.0 queued",
  rset: "250 2.0.0 ok",
  quit: "221 2.0.0 bye",
  other: "500 5.5.1 unknown",
};

const lineOf = (text: string) => Buffer.from(/\n$/.test(text) ? text : `${text}\r\n`, "utf8");

/** Whether the sink says, however late, what lets the client go on. */
function saysYes(told: Reaction): boolean {
  if (told instanceof Uint8Array) return /^[23]\d\d .*\r\n$/s.test(Buffer.from(told).toString("latin1"));
  const text = typeof told === "string" ? told : "then" in told ? "" : told.reply;
  return /^[23]/.test(text);
}

function converse(
  plain: Socket,
  connection: number,
  options: SinkOptions,
  received: Received[],
  commands: string[],
): void {
  let socket = plain;
  let held = Buffer.alloc(0);
  let inContent = false;
  let isWaiting = false;
  let bytes = 0;
  let from = "";
  let to: string[] = [];
  let said = 0;
  const times = new Map<string, number>();
  const offers = options.offers ?? ["PIPELINING", "8BITMIME"];
  const cut = options.cut?.(connection);
  const at: Cut["after"] = cut?.after ?? { clientBytes: Number.POSITIVE_INFINITY };
  const clientLimit =
    cut && "clientBytes" in at ? at.clientBytes : (options.cutAfterBytes ?? Number.POSITIVE_INFINITY);
  const replyLimit = "replyBytes" in at ? at.replyBytes : Number.POSITIVE_INFINITY;

  function sever(how: Cut["how"]): void {
    witness("cut", inContent, "");
    if (how === "rst") plain.resetAndDestroy();
    else socket.destroySoon();
  }

  function witness(kind: Witnessed["kind"], isContent: boolean, messageId: string): void {
    options.witness?.({ kind, connection, to: to[0] ?? "", messageId, inContent: isContent });
  }

  /** Writes as much as may be said on this connection. */
  function put(bytes: Uint8Array): void {
    if (socket.destroyed || socket.writableEnded) return;
    const left = replyLimit - said;
    said += bytes.length;
    socket.write(bytes.subarray(0, Math.max(0, Math.min(left, bytes.length))));
    if (bytes.length >= left) sever(cut?.how ?? "fin");
  }

  /** Returns whether the sink said what a good server says. */
  function react(name: Moment["name"], text: string): boolean {
    const count = (times.get(name) ?? 0) + 1;
    times.set(name, count);
    const told = options.react?.({ name, text, connection, times: count });
    const answer = told ?? (name === "ehlo" ? ehlo() : usual[name]);
    if (answer === "silence") return false;
    if (answer === "drop" || answer === "reset") {
      witness("cut", name === "dot", "");
      if (answer === "drop") socket.destroy();
      else plain.resetAndDestroy();
      return false;
    }
    const isGood = told === undefined || saysYes(told);
    if (name === "dot" && isGood) accept(text);
    if (name === "data" && isGood) inContent = true;
    if (answer instanceof Uint8Array) put(answer);
    else if (typeof answer === "string") put(lineOf(answer));
    else if ("after" in answer) void sayLater(answer);
    else socket.end(lineOf(answer.reply));
    return isGood;
  }

  function accept(text: string): void {
    witness("accepted", true, /^Message-ID: (\S+)/im.exec(text)?.[1] ?? "");
    const message = { from, to, data: Buffer.from(text, "latin1") };
    if (options.take) options.take(message);
    else received.push(message);
  }

  const ehlo = () =>
    ["sink.test", ...offers]
      .map((line, i, all) => `250${i === all.length - 1 ? " " : "-"}${line}`)
      .join("\r\n");

  /** Nothing that comes meanwhile is looked at, so that answers keep their order. */
  async function sayLater({ reply, after }: { reply: string; after: Promise<unknown> }): Promise<void> {
    isWaiting = true;
    await after;
    isWaiting = false;
    if (socket.destroyed) return;
    put(lineOf(reply));
    take(Buffer.alloc(0));
  }

  function command(line: string): void {
    commands.push(line);
    const verb = (/^[a-z]+/i.exec(line)?.[0] ?? "").toLowerCase();
    const name =
      verb in usual && verb !== "dot" && verb !== "greeting" && verb !== "other"
        ? (verb as Moment["name"])
        : "other";
    const good = react(name, line);
    if (name === "mail" && good) [from, to] = [/<(.*?)>/.exec(line)?.[1] ?? "", []];
    if (name === "rcpt" && good) to.push(/<(.*?)>/.exec(line)?.[1] ?? "");
    if (name === "quit") socket.end();
    if (name === "starttls" && good && options.tls) secure(options.tls);
  }

  function secure(tls: { key: string; cert: string }): void {
    plain.uncork();
    plain.removeAllListeners("data");
    socket = new TLSSocket(plain, { isServer: true, ...tls });
    socket.on("data", take).on("error", () => undefined);
  }

  function content(): boolean {
    const end = held.subarray(0, 3).toString("latin1") === ".\r\n" ? 0 : held.indexOf("\r\n.\r\n");
    if (end < 0) return false;
    if ("beforeEndOfDot" in at && at.beforeEndOfDot > 0 && end > 0) {
      sever(cut?.how ?? "fin");
      return false;
    }
    const data = held.subarray(0, end === 0 ? 0 : end + 2).toString("latin1");
    held = held.subarray(end === 0 ? 3 : end + 5);
    react("dot", data);
    if ("beforeEndOfDot" in at) sever(cut?.how ?? "fin");
    inContent = false;
    return true;
  }

  function take(chunk: Buffer): void {
    const left = clientLimit - bytes;
    bytes += chunk.length;
    held = Buffer.concat([held, chunk.subarray(0, Math.max(0, left))]);
    socket.cork();
    while (!socket.destroyed && !isWaiting) {
      if (inContent) {
        if (!content()) break;
        continue;
      }
      const end = held.indexOf("\n");
      if (end < 0) break;
      const line = held.subarray(0, end).toString("utf8").replace(/\r$/, "");
      held = held.subarray(end + 1);
      command(line);
    }
    if (socket.writableCorked > 0) socket.uncork();
    if (chunk.length >= left && !socket.destroyed) sever(cut?.how ?? "fin");
  }

  plain.on("data", take).on("error", () => undefined);
  react("greeting", "");
}
