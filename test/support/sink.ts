import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { createSecureContext, type SecureContextOptions, TLSSocket } from "node:tls";
import { SmtpConversation } from "./sink-conversation.ts";

/** Where a conversation is when the sink is about to reply. `message` is the moment after the final dot. */
export type SinkStage = "connect" | "ehlo" | "mail" | "rcpt" | "data" | "message" | "quit" | "other";

export type SinkMoment = {
  readonly stage: SinkStage;
  /** The command as it came, empty at `connect` and `message`. */
  readonly line: string;
  /** Counts connections from 1. */
  readonly connection: number;
  readonly from: string;
  /** At `rcpt` the address just named; at `data` and `message` the last accepted one. */
  readonly to: string;
};

/** A reply without line end ("451 4.7.1 later"), `drop` to cut the connection without one, undefined for the usual one. */
export type SinkAnswer = string | undefined;

export type SinkMessage = {
  readonly from: string;
  readonly to: readonly string[];
  /** The message as the sender meant it, dots unstuffed; empty unless `keep` is `messages`. */
  readonly raw: Buffer;
  readonly connection: number;
};

export type SinkOptions = {
  readonly port?: number;
  /** What stays in memory: default everything; `counts` for measuring. */
  readonly keep?: "counts" | "envelopes" | "messages";
  readonly script?: (moment: SinkMoment) => SinkAnswer | Promise<SinkAnswer>;
  /** Extensions named at EHLO. */
  readonly extensions?: readonly string[];
  /** Key and certificate: STARTTLS is offered. */
  readonly tls?: SecureContextOptions;
};

export type SinkCounts = { connections: number; messages: number; recipients: number; bytes: number };

export type Sink = {
  readonly host: string;
  readonly port: number;
  readonly counts: Readonly<SinkCounts>;
  /** In the order of their acceptance. */
  readonly messages: readonly SinkMessage[];
  /** Resolves when at least so many messages were accepted. */
  readonly waitFor: (count: number) => Promise<void>;
  readonly clear: () => void;
  /** Cuts every connection at once, as a crashing server does. */
  readonly dropAll: () => void;
  readonly stop: () => Promise<void>;
};

const usualExtensions = ["PIPELINING", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES", "SIZE 52428800"];

/** Starts an SMTP server that accepts everything, or what its script says, and counts. */
export async function startSink(options: SinkOptions = {}): Promise<Sink> {
  const counts: SinkCounts = { connections: 0, messages: 0, recipients: 0, bytes: 0 };
  const messages: SinkMessage[] = [];
  const sockets = new Set<Socket>();
  const waiting = new Set<() => void>();
  const context = options.tls && createSecureContext(options.tls);
  const extensions = [...(options.extensions ?? usualExtensions), ...(context ? ["STARTTLS"] : [])];

  const server = createServer((socket) => {
    counts.connections++;
    sockets.add(socket);
    socket.setNoDelay(true).on("error", () => undefined);
    socket.on("close", () => sockets.delete(socket));
    const conversation = new SmtpConversation(
      { ...options, extensions, connection: counts.connections, ...(context ? { context } : {}) },
      (message, size) => {
        counts.messages++;
        counts.recipients += message.to.length;
        counts.bytes += size;
        if (options.keep !== "counts") messages.push(message);
        for (const check of waiting) check();
      },
    );
    conversation.attach(socket, (plain, secureContext) =>
      new TLSSocket(plain, { isServer: true, secureContext }).on("error", () => undefined),
    );
  });
  server.listen(options.port ?? 0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return {
    host: "127.0.0.1",
    port: typeof address === "object" && address ? address.port : 0,
    counts,
    messages,
    waitFor: (count) =>
      new Promise((resolve) => {
        const check = () => {
          if (counts.messages < count) return;
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
        check();
      }),
    clear() {
      messages.length = 0;
      Object.assign(counts, { messages: 0, recipients: 0, bytes: 0 });
    },
    dropAll: () => sockets.forEach((socket) => void socket.destroy()),
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
