import type { Capabilities } from "#core/smtp/capabilities.ts";
import { judgeBreak, judgeReply, type Outcome } from "#core/smtp/outcome.ts";
import { describeReply } from "#core/smtp/reply-parser.ts";
import type { Envelope } from "./envelope.ts";
import { judgeFit } from "./judge-fit.ts";
import type { Timeouts } from "./timeouts.ts";
import type { Answer, Wire } from "./wire.ts";

/** A message that is ready to be handed over. */
export type Outgoing = {
  readonly envelope: Envelope;
  /** The message as it goes on the wire, dot-stuffed, with CRLF.CRLF at the end. */
  readonly parts: readonly Uint8Array[];
  /** The same with a text behind it in one piece, if there is room for that: one run of bytes leaves at a third of the cost of two. */
  readonly withTail?: (text: string) => Uint8Array | undefined;
  /** Called if the tail is still leaving when the fate of the message is known: its memory must not be used again. */
  readonly stillLeaving?: () => void;
  readonly sizeBytes: number;
  /** [S12] A text of ours by which a provider can say later which message it means: the bounce token. */
  readonly tag?: string;
  /** Called just before the bytes with the final dot are written. False: they must not be written any more. */
  readonly beforeDot: () => boolean | Promise<boolean>;
};

/** RCPT was refused and yet DATA was allowed: an empty message takes the server out of it. */
const loneDot = ".\r\n";

/**
 * A connection on which messages are handed over one after the other. Where the server offers PIPELINING (RFC 2920),
 * MAIL, RCPT and DATA leave together, and the envelope of the next message leaves with the content of this one: one
 * round trip per message. What became of a message is known by phase, never guessed from an error.
 */
export class SmtpConnection {
  readonly capabilities: Capabilities;
  readonly #wire: Wire;
  readonly #timeouts: Timeouts;
  #announced: Outgoing | undefined;
  #mustReset = false;
  #isSpent = false;
  #delivered = 0;

  constructor(wire: Wire, capabilities: Capabilities, timeouts: Timeouts) {
    this.#wire = wire;
    this.capabilities = capabilities;
    this.#timeouts = timeouts;
  }

  /** False once the connection broke or the server said goodbye. */
  get isUsable(): boolean {
    return !this.#isSpent && this.#wire.broken === undefined;
  }

  /** How many messages were tried on it. */
  get delivered(): number {
    return this.#delivered;
  }

  /**
   * Hands over one message. `next`, if given, must be the message of the next call; it may be announced already.
   * If it never comes to that call, it was surely not sent.
   */
  async deliver(message: Outgoing, next?: Outgoing): Promise<Outcome> {
    const unfit = judgeFit(this.capabilities, message);
    if (unfit) return unfit;
    const isFirstUse = this.#delivered === 0;
    this.#delivered++;
    const wasPipelined = this.#announced === message;
    if (this.#announced && !wasPipelined) this.abandon("Another message was announced.");
    this.#announced = undefined;
    const stopped =
      this.capabilities.pipelining || wasPipelined
        ? await this.#announceAtOnce(message, wasPipelined, isFirstUse)
        : await this.#announceStepwise(message, isFirstUse);
    return stopped ?? this.#handOver(message, next);
  }

  /** Says goodbye. Nothing that was answered is lost by it. */
  async close(): Promise<void> {
    // An announced message is answered by a go-ahead for its content: a QUIT would be taken for that content.
    if (this.#announced) this.abandon("A message was announced and not handed over.");
    else if (this.isUsable) {
      this.#wire.write(["QUIT\r\n"], 1);
      await this.#wire.answer(this.#timeouts.quit);
    }
    this.#wire.end();
  }

  /** Cuts the connection without a word: a content under way is thus never completed. */
  abandon(reason: string): void {
    this.#wire.break({ broken: reason });
  }

  #mailCommand({ envelope, sizeBytes }: Outgoing): string {
    const size = this.capabilities.size === null ? "" : ` SIZE=${sizeBytes}`;
    const utf8 = envelope.needsUtf8 ? " SMTPUTF8" : "";
    return `MAIL FROM:<${envelope.from}>${size}${utf8}\r\n`;
  }

  /** The envelope in one write, with a RSET in front if a refused envelope is still open. */
  #announcement(message: Outgoing): { readonly text: string; readonly replies: number } {
    const reset = this.#mustReset ? "RSET\r\n" : "";
    const text = `${reset}${this.#mailCommand(message)}RCPT TO:<${message.envelope.to}>\r\nDATA\r\n`;
    return { text, replies: reset ? 4 : 3 };
  }

  async #announceAtOnce(
    message: Outgoing,
    isSent: boolean,
    isFirstUse: boolean,
  ): Promise<Outcome | undefined> {
    if (!isSent) {
      const { text, replies } = this.#announcement(message);
      this.#wire.write([text], replies);
    }
    if (this.#mustReset) {
      const reset = await this.#wire.answer(this.#timeouts.command);
      if (!("code" in reset)) return this.#judgeBroken("mail", isFirstUse, reset);
      this.#mustReset = false;
    }
    const wire = this.#wire;
    // They come together, most often with the answer to the message before: then nothing is waited for.
    const mail = wire.arrived() ?? (await wire.answer(this.#timeouts.command));
    const rcpt = wire.arrived() ?? (await wire.answer(this.#timeouts.command));
    const data = wire.arrived() ?? (await wire.answer(this.#timeouts.data));
    const refusal =
      this.#refusal("mail", mail, isFirstUse) ??
      this.#refusal("rcpt", rcpt, isFirstUse) ??
      this.#refusal("data", data, isFirstUse);
    if (!refusal) return undefined;
    if ("code" in data && data.code === 354) await this.#leaveEmpty();
    else this.#mustReset = true;
    return refusal;
  }

  async #announceStepwise(message: Outgoing, isFirstUse: boolean): Promise<Outcome | undefined> {
    const steps = [
      ["mail", this.#mailCommand(message), this.#timeouts.command],
      ["rcpt", `RCPT TO:<${message.envelope.to}>\r\n`, this.#timeouts.command],
      ["data", "DATA\r\n", this.#timeouts.data],
    ] as const;
    if (this.#mustReset) {
      this.#wire.write(["RSET\r\n"], 1);
      const reset = await this.#wire.answer(this.#timeouts.command);
      if (!("code" in reset)) return this.#judgeBroken("mail", isFirstUse, reset);
      this.#mustReset = false;
    }
    for (const [phase, command, timeoutMs] of steps) {
      this.#wire.write([command], 1);
      const refusal = this.#refusal(phase, await this.#wire.answer(timeoutMs), isFirstUse);
      if (!refusal) continue;
      this.#mustReset = true;
      return refusal;
    }
    return undefined;
  }

  /** Undefined if the answer lets us go on. */
  #refusal(phase: "mail" | "rcpt" | "data", answer: Answer, isFirstUse: boolean): Outcome | undefined {
    if (!("code" in answer)) return this.#judgeBroken(phase, isFirstUse, answer);
    if (phase === "data" ? answer.code === 354 : Math.floor(answer.code / 100) === 2) return undefined;
    if (answer.code === 421) {
      this.#isSpent = true;
      if (phase === "mail")
        return {
          kind: "untouched",
          phase,
          message: describeReply(answer),
          ...(isFirstUse ? { reply: answer } : {}),
        };
    }
    // A go-ahead where none is due leaves the conversation out of step.
    if (Math.floor(answer.code / 100) === 3 || (phase === "data" && answer.code < 300))
      this.abandon(describeReply(answer));
    return judgeReply(phase, answer, describeReply(answer));
  }

  #judgeBroken(
    phase: "mail" | "rcpt" | "data" | "dot",
    isFirstUse: boolean,
    answer: Exclude<Answer, { code: number }>,
  ): Outcome {
    return judgeBreak(phase, isFirstUse, answer.broken);
  }

  async #leaveEmpty(): Promise<void> {
    this.#wire.write([loneDot], 1);
    const answer = await this.#wire.answer(this.#timeouts.dot);
    if ("code" in answer && answer.code === 421) this.#isSpent = true;
  }

  async #handOver(message: Outgoing, next: Outgoing | undefined): Promise<Outcome> {
    if (this.#wire.hasSurplus) {
      this.abandon("The server answered before it was asked.");
      return judgeBreak("content", true, "The server answered before it was asked.");
    }
    const may = message.beforeDot();
    if (!(typeof may === "boolean" ? may : await may)) {
      this.abandon("The lease ran out before the message could be completed.");
      return {
        kind: "untouched",
        phase: "content",
        message: "The lease ran out before the message could be completed.",
      };
    }
    const { broken } = this.#wire;
    if (broken) return judgeBreak("content", true, broken.broken);
    let isFlushed = false;
    const announceNext =
      next && this.capabilities.pipelining && !judgeFit(this.capabilities, next) ? next : undefined;
    const { text, replies } = announceNext ? this.#announcement(announceNext) : { text: "", replies: 0 };
    this.#announced = announceNext;
    const whole = announceNext && message.withTail?.(text);
    const parts = whole ? [whole] : announceNext ? [...message.parts, text] : message.parts;
    this.#wire.write(parts, 1 + replies, () => {
      isFlushed = true;
      this.#wire.extend(this.#timeouts.dot);
    });
    const answer = await this.#wire.answer(this.#timeouts[isFlushed ? "dot" : "content"]);
    // Without an announcement behind it the dot is the very last byte: not flushed means that it did not leave.
    if (!("code" in answer))
      return judgeBreak(isFlushed || announceNext ? "dot" : "content", true, answer.broken);
    if (!isFlushed && !announceNext) {
      this.abandon("The server answered before it had the whole message.");
      return judgeBreak("content", true, "The server answered before it had the whole message.");
    }
    if (!isFlushed) message.stillLeaving?.();
    if (answer.code === 421) this.#isSpent = true;
    const outcome = judgeReply("dot", answer, describeReply(answer));
    if (outcome.kind === "in-doubt") this.abandon(outcome.message);
    return outcome;
  }
}
