import type { Socket } from "node:net";
import type { SecureContext } from "node:tls";
import type { SinkAnswer, SinkMessage, SinkOptions, SinkStage } from "./sink.ts";

export type ConversationOptions = Pick<SinkOptions, "keep" | "script"> & {
  readonly extensions: readonly string[];
  readonly connection: number;
  readonly context?: SecureContext;
};

const crlf = Buffer.from("\r\n");
const finalDot = Buffer.from("\r\n.\r\n");
const none = Buffer.alloc(0);

/** One SMTP conversation (RFC 5321) as the sink holds it. Replies to pipelined commands leave in one write. */
export class SmtpConversation {
  readonly #options: ConversationOptions;
  readonly #accept: (message: SinkMessage, size: number) => void;
  #pending: Buffer = none;
  /** Where to go on looking for the final dot, so that a long message is searched once. */
  #searched = 0;
  #inData = false;
  #isBusy = false;
  #from = "";
  #to: string[] = [];
  #replies = "";
  #socket: Socket | undefined;

  constructor(options: ConversationOptions, accept: (message: SinkMessage, size: number) => void) {
    this.#options = options;
    this.#accept = accept;
  }

  attach(socket: Socket, secure: (plain: Socket, context: SecureContext) => Socket): void {
    this.#listenTo(socket, secure);
    void this.#answer("connect", "", "", "220 sink.test ESMTP").then(() => this.#flush());
  }

  #listenTo(socket: Socket, secure: (plain: Socket, context: SecureContext) => Socket): void {
    this.#socket = socket;
    socket.on("data", (chunk: Buffer) => {
      this.#pending = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
      if (!this.#isBusy) void this.#work(secure);
    });
  }

  async #work(secure: (plain: Socket, context: SecureContext) => Socket): Promise<void> {
    this.#isBusy = true;
    while (this.#socket && !this.#socket.destroyed) {
      const step = this.#inData ? this.#takeMessage() : this.#takeCommand(secure);
      if (step === "incomplete") break;
      if (step) await step; // only scripted replies wait; the usual ones stay in this turn
    }
    this.#flush();
    this.#isBusy = false;
  }

  #takeCommand(
    secure: (plain: Socket, context: SecureContext) => Socket,
  ): Promise<void> | "incomplete" | undefined {
    const end = this.#pending.indexOf(crlf);
    if (end < 0) return "incomplete";
    const line = this.#pending.toString("utf8", 0, end);
    this.#pending = this.#pending.subarray(end + 2);
    const address = /<([^>]*)>/.exec(line)?.[1] ?? "";
    switch (line.slice(0, 4).toUpperCase()) {
      case "EHLO":
      case "HELO":
        return this.#reply("ehlo", line, "", this.#greeting());
      case "MAIL":
        this.#to = [];
        this.#from = address;
        return this.#reply("mail", line, "", "250 2.1.0 ok");
      case "RCPT":
        return this.#reply("rcpt", line, address, "250 2.1.5 ok", () => this.#to.push(address));
      case "DATA":
        return this.#reply(
          "data",
          line,
          this.#to.at(-1) ?? "",
          this.#to.length ? "354 go" : "503 no recipient",
          () => {
            this.#inData = this.#to.length > 0;
            this.#searched = 0;
          },
        );
      case "STAR":
        return this.#startTls(secure);
      case "RSET":
      case "NOOP":
        return this.#reply("other", line, "", "250 2.0.0 ok");
      case "QUIT":
        return this.#reply("quit", line, "", "221 2.0.0 bye", () => {
          this.#flush();
          this.#socket?.end();
        });
      default:
        return this.#reply("other", line, "", "502 5.5.1 no such command");
    }
  }

  #greeting(): string {
    const words = ["sink.test", ...this.#options.extensions];
    return words.map((word, index) => `250${index === words.length - 1 ? " " : "-"}${word}`).join("\r\n");
  }

  #startTls(secure: (plain: Socket, context: SecureContext) => Socket): undefined {
    const { context } = this.#options;
    const plain = this.#socket;
    if (!context || !plain) {
      this.#replies += "502 5.5.1 no such command\r\n";
      return;
    }
    this.#replies += "220 2.0.0 go\r\n";
    this.#flush();
    plain.removeAllListeners("data");
    this.#pending = none; // what came before the handshake must not count (RFC 3207 section 4.2)
    this.#listenTo(secure(plain, context), secure);
  }

  #takeMessage(): Promise<void> | "incomplete" | undefined {
    const isEmpty = this.#pending.subarray(0, 3).equals(finalDot.subarray(2));
    const at = isEmpty ? -2 : this.#pending.indexOf(finalDot, this.#searched);
    if (at === -1) {
      this.#searched = Math.max(0, this.#pending.length - 4);
      return "incomplete";
    }
    const stuffed = this.#pending.subarray(0, at + 2);
    this.#pending = this.#pending.subarray(at + 5);
    this.#inData = false;
    const message: SinkMessage = {
      from: this.#from,
      to: this.#to,
      raw: this.#options.keep === undefined || this.#options.keep === "messages" ? unstuff(stuffed) : none,
      connection: this.#options.connection,
    };
    const to = this.#to.at(-1) ?? "";
    return this.#reply("message", "", to, "250 2.0.0 taken", () => this.#accept(message, stuffed.length));
  }

  /** Replies at once when no script is in the way; `then` happens when the reply is a good one. */
  #reply(
    stage: SinkStage,
    line: string,
    to: string,
    usual: string,
    then?: () => void,
  ): Promise<void> | undefined {
    if (this.#options.script) return this.#answer(stage, line, to, usual, then);
    this.#say(undefined, usual, then);
    return undefined;
  }

  async #answer(stage: SinkStage, line: string, to: string, usual: string, then?: () => void): Promise<void> {
    const moment = { stage, line, to, from: this.#from, connection: this.#options.connection };
    const answer = this.#options.script?.(moment);
    if (answer instanceof Promise) {
      this.#flush();
      this.#say(await answer, usual, then);
    } else this.#say(answer, usual, then);
  }

  #say(answer: SinkAnswer, usual: string, then: (() => void) | undefined): void {
    if (answer === "drop") {
      this.#flush();
      this.#socket?.destroy();
      return;
    }
    const words = answer ?? usual;
    this.#replies += `${words}\r\n`;
    if (words.startsWith("2") || words.startsWith("3")) then?.();
  }

  #flush(): void {
    if (this.#replies === "") return;
    this.#socket?.write(this.#replies);
    this.#replies = "";
  }
}

/** Takes away the dot that was put before each line that began with one (RFC 5321 section 4.5.2). */
function unstuff(stuffed: Buffer): Buffer {
  const text = stuffed.toString("latin1");
  return Buffer.from(
    text.startsWith("..") ? text.slice(1).replaceAll("\r\n..", "\r\n.") : text.replaceAll("\r\n..", "\r\n."),
    "latin1",
  );
}
