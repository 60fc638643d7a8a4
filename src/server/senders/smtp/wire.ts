import { once } from "node:events";
import type { Socket } from "node:net";
import { type ConnectionOptions, connect as connectTls } from "node:tls";
import { describeReply, type Reply, ReplyParser } from "#core/smtp/reply-parser.ts";
import type { Landing } from "./landing.ts";

/** Why nothing more can be read. `reply` is there if the server said goodbye itself (421). */
export type Broken = { readonly broken: string; readonly reply?: Reply };

export type Answer = Reply | Broken;

/**
 * The two ends of an SMTP connection: bytes out, replies in. It knows how many replies are owed, so that a reply
 * that nobody asked for (an early 250, a smuggled one) breaks the connection and never counts as an answer.
 * Problems are values: after the first one every answer is that problem.
 */
export class Wire {
  #socket: Socket;
  #parser = new ReplyParser();
  #owed = 0;
  readonly #arrived: Reply[] = [];
  #waiter: ((answer: Answer) => void) | undefined;
  /** One timer for all answers: it looks when it fires whether the answer waited for now is overdue. */
  #timer: NodeJS.Timeout | undefined;
  /** By `performance.now()`. */
  #deadline = 0;
  #timeoutMs = 0;
  #broken: Broken | undefined;

  /** Takes an open socket that has not been read from yet; its bytes come by the landing, if there is one. */
  constructor(socket: Socket, landing?: Landing) {
    this.#socket = socket;
    this.#attach(landing);
  }

  get broken(): Broken | undefined {
    return this.#broken;
  }

  /** True if bytes or replies are here that nobody has asked for. */
  get hasSurplus(): boolean {
    return this.#arrived.length > 0 || !this.#parser.isBetweenReplies;
  }

  /** Says that so many more replies will come, for instance the greeting. */
  expect(replies: number): void {
    this.#owed += replies;
  }

  /**
   * Writes in one go. `flushed` is called once the system has taken over every byte; if it never is, the last
   * bytes surely did not leave.
   */
  write(parts: readonly (string | Uint8Array)[], replies: number, flushed?: () => void): void {
    if (this.#broken) return;
    this.#owed += replies;
    const done = flushed && ((error?: Error | null) => error ?? flushed());
    const [only] = parts;
    if (parts.length === 1 && only !== undefined) {
      this.#socket.write(typeof only === "string" ? Buffer.from(only, "utf8") : only, done);
      return;
    }
    // One system call for all parts. Texts become bytes first: a mixture is gathered slower than buffers are.
    this.#socket.cork();
    for (const [index, part] of parts.entries())
      this.#socket.write(
        typeof part === "string" ? Buffer.from(part, "utf8") : part,
        index === parts.length - 1 ? done : undefined,
      );
    this.#socket.uncork();
  }

  /** The next reply, or why there is none. Times out counting from now, however slowly bytes trickle in. */
  answer(timeoutMs: number): Promise<Answer> {
    const ready = this.arrived();
    if (ready) return Promise.resolve(ready);
    return new Promise((resolve) => {
      this.#waiter = resolve;
      this.extend(timeoutMs);
    });
  }

  /** The next answer if it is here already, without waiting a turn for it. */
  arrived(): Answer | undefined {
    return this.#arrived.shift() ?? this.#broken;
  }

  /** Gives the answer that is being waited for so much time from now. */
  extend(timeoutMs: number): void {
    if (!this.#waiter) return;
    const deadline = performance.now() + timeoutMs;
    // One that fires too late has to be set anew; one that fires too early looks again.
    if (deadline < this.#deadline) this.#stopTimer();
    this.#deadline = deadline;
    this.#timeoutMs = timeoutMs;
    this.#timer ??= setTimeout(() => this.#look(), timeoutMs);
  }

  #look(): void {
    this.#timer = undefined;
    if (!this.#waiter) return;
    const left = this.#deadline - performance.now();
    if (left > 0) this.#timer = setTimeout(() => this.#look(), left);
    else this.break({ broken: `There was no answer for ${this.#timeoutMs / 1000} seconds.` });
  }

  #stopTimer(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Ends the connection hard; bytes that have not left never will. */
  break(broken: Broken): void {
    this.#broken ??= broken;
    this.#socket.destroy();
    this.#stopTimer();
    if (this.#arrived.length === 0) this.#hand(this.#broken);
  }

  /**
   * Puts TLS between (RFC 3207). The caller has checked `hasSurplus`: bytes that came in clear text behind the go-ahead
   * must not be taken for answers inside the tunnel.
   */
  async upgrade({ timeoutMs, ...options }: ConnectionOptions & { timeoutMs: number }): Promise<void> {
    const plain = this.#socket;
    plain.removeAllListeners("data").removeAllListeners("close").removeAllListeners("end");
    const secure = connectTls({ ...options, socket: plain });
    this.#parser = new ReplyParser();
    this.#socket = secure;
    try {
      await once(secure, "secureConnect", { signal: AbortSignal.timeout(timeoutMs) });
    } catch (error) {
      secure.on("error", () => undefined);
      this.break({ broken: `The TLS handshake failed: ${error instanceof Error ? error.message : error}` });
      return;
    }
    this.#attach();
  }

  /** Closes softly: pending bytes leave first. */
  end(): void {
    this.#broken ??= { broken: "The connection was closed by us." };
    this.#socket.end();
    this.#socket.destroySoon();
    this.#stopTimer();
  }

  #attach(landing?: Landing): void {
    if (landing) {
      landing.attach((bytes) => this.#receive(bytes));
      this.#socket.resume();
    } else this.#socket.on("data", (bytes) => this.#receive(bytes));
    this.#socket.on("error", (error) => this.break({ broken: `The connection broke: ${error.message}` }));
    this.#socket.on("close", () => this.break({ broken: "The server closed the connection." }));
    // A half-closed server can neither take a message nor answer for one.
    this.#socket.on("end", () => this.break({ broken: "The server closed the connection." }));
  }

  #receive(bytes: Uint8Array): void {
    const problem = this.#parser.push(bytes, (reply) => this.#take(reply));
    if (problem) this.break({ broken: `The server's answer cannot be understood (${problem}).` });
  }

  #take(reply: Reply): void {
    if (this.#broken) return;
    if (this.#owed === 0) {
      this.break({ broken: `The server said unasked: ${describeReply(reply)}`, reply });
      return;
    }
    this.#owed--;
    if (this.#waiter) this.#hand(reply);
    else this.#arrived.push(reply);
  }

  #hand(answer: Answer): void {
    const waiter = this.#waiter;
    this.#waiter = undefined;
    waiter?.(answer);
  }
}
