import type { Result } from "../kernel/result.ts";
import { headerAddress, mailboxHeader } from "../mime/address.ts";
import { asciiBytes, ByteBuffer } from "../mime/byte-buffer.ts";
import { fitsLines, foldedHeader, mailDate, textHeader } from "../mime/headers.ts";
import { oneLine } from "../template/escape.ts";
import { fixedText, type LinkedProgram, linkProgram } from "../template/link-program.ts";
import { runProgram, type Sink, TextSink } from "../template/run-program.ts";
import type { CompiledMessage } from "./compiled-message.ts";
import type {
  MailingContext,
  MessageParts,
  RecipientInput,
  RenderedBounds,
  RenderProblem,
} from "./mailing-context.ts";
import {
  boundary,
  checkedMessageId,
  fixedHeaders,
  type Senders,
  shown,
  tidyLine,
  type WrittenSender,
  writtenSender,
} from "./message-headers.ts";
import { MessageOutlets } from "./message-outlets.ts";
import { QuotedSink } from "./quoted-sink.ts";
import { bindMessage, RecipientFrame } from "./recipient-frame.ts";
import { Refusal, refusing } from "./refusal.ts";
import { Weaver } from "./weave-run.ts";

export type MessageRenderer = {
  /**
   * Writes the whole message for one recipient into the buffer, which it clears first. The bytes are 7-bit, need no
   * dot-stuffing and end with the terminator; `wireGate` should still look at them.
   */
  readonly render: (recipient: RecipientInput, out: ByteBuffer) => Result<RenderedBounds, RenderProblem>;
  /** The same message in readable pieces, by the same program; an empty subject is no problem here. */
  readonly renderParts: (recipient: RecipientInput) => Result<MessageParts, RenderProblem>;
};

/** Makes the renderer of one mailing: binds names, writes out what is the same for everyone and encodes it once. */
export function createRenderer(compiled: CompiledMessage, mailing: MailingContext): MessageRenderer {
  const renderer = new Renderer(compiled, mailing);
  return {
    render: (recipient, out) => refusing(() => renderer.render(recipient, out)),
    renderParts: (recipient) => refusing(() => renderer.parts(recipient)),
  };
}

type ProgramName = keyof CompiledMessage["programs"];

const partHead = (type: string) =>
  `--${boundary}\r\nContent-Type: text/${type}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n`;
const textHead = asciiBytes(partHead("plain"));
const htmlHead = asciiBytes(`\r\n${partHead("html")}`);
const bodyTail = asciiBytes(`\r\n--${boundary}--\r\n`);

class Renderer {
  readonly #mailing: MailingContext;
  readonly #publicUrl: string;
  readonly #frame: RecipientFrame;
  readonly #programs: { readonly [name in ProgramName]: LinkedProgram };
  readonly #fixed: { readonly [name in ProgramName]: string | undefined };
  readonly #fixedHeaders: string;
  /** The same with the empty line behind it. */
  readonly #fixedHeaderBytes: Uint8Array;
  readonly #outlets: MessageOutlets;
  readonly #weaver: Weaver;
  readonly #sink: QuotedSink;
  /** From and Reply-To where no recipient changes them. */
  readonly #fixedSender: WrittenSender | undefined;
  #rendered = 0;
  #date = { instant: Number.NaN, text: "" };

  constructor(compiled: CompiledMessage, mailing: MailingContext) {
    this.#mailing = mailing;
    this.#publicUrl = mailing.publicUrl.replace(/\/+$/, "");
    this.#frame = new RecipientFrame(compiled.fields, this.#publicUrl);
    const tracks = {
      clicks: compiled.trackClicks && mailing.trackClicks,
      opens: compiled.trackOpens && mailing.trackOpens,
      hiddenLink: compiled.hiddenLink ?? false,
    };
    this.#outlets = new MessageOutlets(this.#publicUrl, tracks);
    this.#weaver = new Weaver(
      new RecipientFrame(compiled.fields, this.#publicUrl),
      new MessageOutlets(this.#publicUrl, tracks),
    );
    this.#sink = new QuotedSink(new ByteBuffer(0), this.#weaver.write);
    const bind = bindMessage(compiled.fields, compiled.name, mailing);
    const { subject, preheader, fromName, fromAddress, replyTo, html, text } = compiled.programs;
    this.#programs = {
      subject: linkProgram(subject, bind),
      preheader: linkProgram(preheader, bind),
      fromName: linkProgram(fromName, bind),
      fromAddress: linkProgram(fromAddress, bind),
      replyTo: linkProgram(replyTo, bind),
      html: linkProgram(html, bind),
      text: linkProgram(text, bind),
    };
    const programs = this.#programs;
    this.#fixed = {
      subject: fixedText(programs.subject),
      preheader: fixedText(programs.preheader),
      fromName: fixedText(programs.fromName),
      fromAddress: fixedText(programs.fromAddress),
      replyTo: fixedText(programs.replyTo),
      html: undefined,
      text: undefined,
    };
    this.#fixedHeaders = fixedHeaders(mailing);
    this.#fixedHeaderBytes = asciiBytes(`${this.#fixedHeaders}\r\n`);
    this.#fixedSender = this.#makeFixedSender();
  }

  render(recipient: RecipientInput, out: ByteBuffer): RenderedBounds {
    this.#turnTo(recipient);
    out.clear();
    const fromAddress = this.#writeHeaders(recipient, out);
    const bodyStart = out.length;
    this.#weaver.turnTo(recipient);
    const sink = this.#sink;
    sink.turnTo(out);
    out.append(textHead);
    this.#run("text", sink);
    out.append(htmlHead);
    this.#run("html", sink);
    out.append(bodyTail);
    const end = out.length;
    out.appendAscii(".\r\n");
    // The first message and one in 64 is looked at all through, in case what is called proven is not.
    const proven = this.#rendered++ % 64 === 0 ? undefined : out.proven;
    return { bodyStart, end, wireEnd: out.length, fromAddress, proven };
  }

  parts(recipient: RecipientInput): MessageParts {
    this.#turnTo(recipient);
    const subject = this.#subject(recipient);
    const senders = this.#senders();
    const preheader = this.#line("preheader");
    const text = this.#text("text");
    const html = this.#text("html");
    return {
      subject,
      preheader,
      ...senders,
      html,
      text,
      headers: this.#readableHeaders(recipient, subject, senders),
    };
  }

  #turnTo(recipient: RecipientInput): void {
    this.#outlets.recipient = recipient;
    this.#frame.point(recipient);
  }

  #run(name: ProgramName, sink: Sink): void {
    runProgram(this.#programs[name], this.#frame, sink, this.#outlets);
  }

  #text(name: ProgramName): string {
    const sink = new TextSink();
    this.#run(name, sink);
    return sink.text;
  }

  /** A field of one line. */
  #line(name: ProgramName): string {
    return tidyLine(this.#fixed[name] ?? this.#text(name));
  }

  #subject(recipient: RecipientInput): string {
    const subject = this.#line("subject");
    this.#frame.subject = subject;
    return recipient.testMark ? `[Test] ${subject}` : subject;
  }

  #senders(): Senders {
    const { defaults } = this.#mailing;
    return {
      fromName: this.#line("fromName") || oneLine(defaults.fromName).trim(),
      fromAddress: this.#line("fromAddress") || defaults.fromAddress.trim(),
      replyTo: this.#line("replyTo") || defaults.replyTo.trim(),
    };
  }

  /** Writes the headers with the empty line behind them, and gives the address in From. */
  #writeHeaders(recipient: RecipientInput, out: ByteBuffer): string {
    const subject = this.#subject(recipient);
    if (this.#frame.subject === "")
      throw new Refusal("subject-empty", "The subject is empty for this recipient.");
    const to = headerAddress(recipient.address);
    if (to === undefined)
      throw new Refusal("address-invalid", "The recipient's address cannot be written in a header.");
    const sender = this.#fixedSender ?? writtenSender(this.#senders());
    for (const header of [
      sender.headers,
      mailboxHeader("To", oneLine(recipient.displayName), to),
      textHeader("Subject", subject),
      `Date: ${this.#dateText(recipient.date)}\r\nMessage-ID: <${checkedMessageId(recipient.messageId)}>\r\n`,
      this.#unsubscribeHeader(recipient),
    ]) {
      if (!fitsLines(header)) throw new Refusal("header-too-long", "A header is longer than mail allows.");
      out.appendAscii(header);
    }
    out.append(this.#fixedHeaderBytes);
    return sender.address;
  }

  /** Messages of one batch have one date. */
  #dateText(instant: number): string {
    if (instant !== this.#date.instant) this.#date = { instant, text: mailDate(instant) };
    return this.#date.text;
  }

  #unsubscribeHeader(recipient: RecipientInput): string {
    if (!this.#mailing.commercial) return "";
    const ways = [`<${this.#publicUrl}/u/${recipient.tokens.manage}>`];
    const mailto = this.#mailing.unsubscribeMailto;
    if (mailto) {
      const address = headerAddress(mailto.replace("{token}", recipient.tokens.bounce));
      if (address) ways.push(`<mailto:${address}?subject=unsubscribe>`);
    }
    return foldedHeader(
      "List-Unsubscribe",
      ways.map((way, i) => (i < ways.length - 1 ? `${way},` : way)),
    );
  }

  #makeFixedSender(): WrittenSender | undefined {
    const { fromName, fromAddress, replyTo } = this.#fixed;
    if (fromName === undefined || fromAddress === undefined || replyTo === undefined) return undefined;
    try {
      return writtenSender(this.#senders());
    } catch {
      // Refused again, with its reason, for each recipient.
      return undefined;
    }
  }

  #readableHeaders(recipient: RecipientInput, subject: string, senders: Senders): MessageParts["headers"] {
    const list = [
      ["From", shown(senders.fromName, senders.fromAddress)],
      ["To", shown(oneLine(recipient.displayName), recipient.address)],
      ["Subject", subject],
      ["Date", mailDate(recipient.date)],
      ["Message-ID", `<${recipient.messageId}>`],
      ...(senders.replyTo === "" ? [] : [["Reply-To", senders.replyTo]]),
      ...(this.#unsubscribeHeader(recipient) + this.#fixedHeaders)
        .replace(/\r\n /g, " ")
        .split("\r\n")
        .filter((line) => line !== "")
        .map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1).trim()]),
    ];
    return list.map(([name = "", value = ""]) => ({ name, value }));
  }
}
