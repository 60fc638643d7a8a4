/** What a conversation tells about each message that is complete. `id` is the number its Message-ID begins with, NaN if it has none. */
export type Arrived = (id: number, bytes: number) => void;

const finalDot = Buffer.from("\r\n.\r\n");
const idHeader = Buffer.from("\r\nMessage-ID: <", "latin1");
/** A header section is looked at so far. */
const headBytes = 16_384;
const none = Buffer.alloc(0);
const lineFeed = 0x0a;
/** So much of `finalDot` is the end of a line. */
const lineEndLength = 2;

/**
 * One SMTP conversation of the counting sink, as cheap as possible: the content is searched for its end and never copied, and only
 * the first letter of a command counts. It takes what clients of a bench send; it is no judge of SMTP.
 */
export class CountingConversation {
  readonly #arrived: Arrived;
  /** How many bytes of the end the pieces before ended with. */
  #matched = lineEndLength;
  #command = "";
  #inContent = false;
  #bytes = 0;
  #id = Number.NaN;
  #head: Buffer = none;

  constructor(arrived: Arrived) {
    this.#arrived = arrived;
  }

  /** Takes what came and gives what is to be answered; the conversation is over after `QUIT`. */
  take(piece: Buffer): { readonly replies: string; readonly isOver: boolean } {
    let replies = "";
    let at = 0;
    while (at < piece.length) {
      if (this.#inContent) {
        const end = this.#findEnd(piece, at);
        if (end < 0) break;
        at = end;
        replies += "250 2.0.0 taken\r\n";
        continue;
      }
      const end = piece.indexOf(lineFeed, at);
      if (end < 0) {
        this.#command += piece.toString("latin1", at);
        break;
      }
      const line = this.#command + piece.toString("latin1", at, end);
      this.#command = "";
      at = end + 1;
      const reply = this.#answer(line);
      replies += reply;
      if (reply.startsWith("221")) return { replies, isOver: true };
    }
    return { replies, isOver: false };
  }

  #answer(line: string): string {
    switch (line.slice(0, 4).toUpperCase()) {
      case "EHLO":
        return "250-sink.bench\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250-ENHANCEDSTATUSCODES\r\n250 SIZE 52428800\r\n";
      case "MAIL":
        return "250 2.1.0 ok\r\n";
      case "RCPT":
        return "250 2.1.5 ok\r\n";
      case "DATA":
        this.#inContent = true;
        this.#bytes = 0;
        this.#id = Number.NaN;
        this.#head = none;
        this.#matched = lineEndLength;
        return "354 go\r\n";
      case "QUIT":
        return "221 2.0.0 bye\r\n";
      case "HELO":
      case "RSET":
      case "NOOP":
        return "250 2.0.0 ok\r\n";
      default:
        return "502 5.5.1 no such command\r\n";
    }
  }

  /** Where the command after the content begins; -1 if the content goes on in the next piece. */
  #findEnd(piece: Buffer, from: number): number {
    const end = this.#endAcross(piece, from) ?? endWithin(piece, from);
    const to = end ?? piece.length;
    if (Number.isNaN(this.#id) && this.#bytes < headBytes) this.#readId(piece, from, to);
    this.#bytes += to - from;
    if (end === undefined) {
      // The end is not in it, so what it may have begun lies in the last four bytes.
      if (to - from >= finalDot.length) this.#matched = 0;
      for (let at = Math.max(from, to - finalDot.length + 1); at < to; at++) this.#match(piece[at]);
      return -1;
    }
    this.#inContent = false;
    this.#arrived(this.#id, this.#bytes - 3);
    return end;
  }

  /** The end if it lies across the border between the pieces before and this one. */
  #endAcross(piece: Buffer, from: number): number | undefined {
    const before = this.#matched;
    const last = Math.min(piece.length, from + finalDot.length - before);
    for (let at = from; at < last && this.#matched > at - from; at++) {
      this.#match(piece[at]);
      if (this.#matched === finalDot.length) return at + 1;
    }
    this.#matched = before;
    return undefined;
  }

  /** Takes one more byte: how much of the end do the bytes so far end with? */
  #match(byte: number | undefined): void {
    if (byte === finalDot[this.#matched]) this.#matched++;
    // The end repeats itself only in its line end: after "\r\n." or less a "\r" begins anew.
    else this.#matched = byte === finalDot[0] ? 1 : 0;
  }

  /** Reads the number in the Message-ID, once it is there with the character that ends it. */
  #readId(piece: Buffer, from: number, to: number): void {
    const isFirst = this.#head.length === 0;
    const head = isFirst ? piece : Buffer.concat([this.#head, piece.subarray(from, to)]);
    const limit = isFirst ? to : head.length;
    const found = head.indexOf(idHeader, isFirst ? from : 0);
    let at = found + idHeader.length;
    let id = 0;
    while (found >= 0 && at < limit && isDigit(head[at])) id = id * 10 + (head[at++] ?? 0) - zero;
    if (found >= 0 && at < limit && at > found + idHeader.length) this.#id = id;
    else this.#head = isFirst ? Buffer.from(head.subarray(from, to)) : head;
  }
}

const zero = 0x30;

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= zero && byte < zero + 10;
}

function endWithin(piece: Buffer, from: number): number | undefined {
  const found = piece.indexOf(finalDot, from);
  return found < 0 ? undefined : found + finalDot.length;
}
