/** A complete reply of an SMTP server (RFC 5321, section 4.2). */
export type Reply = {
  /** 200 to 599. */
  readonly code: number;
  /** RFC 3463 status such as "5.1.1"; null if the server gave none that fits the code. */
  readonly enhanced: string | null;
  /** The texts of all lines, without codes. Bytes above 127 are read as Latin-1: nothing is lost, nothing is decoded. */
  readonly lines: readonly string[];
};

export type ReplyProblem = "not-a-reply" | "codes-differ" | "too-long";

const lineFeed = 10;
const carriageReturn = 13;
const keptReplies = 16;
const keptLength = 64;

/**
 * Cuts a stream of bytes into replies. Bytes may arrive in any portions; a line feed alone ends a line too, since
 * some servers send it. Memory is bounded: a reply above `limitBytes` is a problem. After a problem the parser
 * stays in it, because nobody knows where the next reply would start.
 */
export class ReplyParser {
  readonly #limitBytes: number;
  /** Replies of one line, whole, with the bytes that they came as. */
  readonly #known: { readonly bytes: Uint8Array; readonly reply: Reply }[] = [];
  /** The one that was said last: a server says the same few in the same order. */
  #last = 0;
  #line = "";
  #lines: string[] = [];
  #code = 0;
  #held = 0;
  #problem: ReplyProblem | undefined;

  constructor(limitBytes = 65_536) {
    this.#limitBytes = limitBytes;
  }

  /** True between replies: not a byte of the next one has come. */
  get isBetweenReplies(): boolean {
    return this.#held === 0;
  }

  /** Takes bytes and hands over each reply that they complete. Returns what is wrong, if anything. */
  push(bytes: Uint8Array, take: (reply: Reply) => void): ReplyProblem | undefined {
    let start = 0;
    while (this.#problem === undefined && start < bytes.length) {
      const found = bytes.indexOf(lineFeed, start);
      const end = found < 0 ? bytes.length : found;
      const known = found >= 0 && this.#held === 0 ? this.#knownAt(bytes, start, end) : undefined;
      if (known) {
        start = end + 1;
        take(known);
        continue;
      }
      this.#held += end - start + 1;
      if (this.#held > this.#limitBytes) this.#problem = "too-long";
      else {
        this.#line += latin1(bytes, start, end);
        if (found >= 0) this.#endLine(take, bytes, start, end);
      }
      start = end + 1;
    }
    return this.#problem;
  }

  #knownAt(bytes: Uint8Array, start: number, end: number): Reply | undefined {
    const known = this.#known;
    for (let i = 1; i <= known.length; i++) {
      const place = (this.#last + i) % known.length;
      const each = known[place];
      if (!each || !isAt(each.bytes, bytes, start, end)) continue;
      this.#last = place;
      return each.reply;
    }
    return undefined;
  }

  #endLine(take: (reply: Reply) => void, bytes: Uint8Array, start: number, end: number): void {
    const line =
      this.#line.charCodeAt(this.#line.length - 1) === carriageReturn ? this.#line.slice(0, -1) : this.#line;
    this.#line = "";
    const match = /^([2-5][0-9]{2})(?:([ -])(.*))?$/s.exec(line);
    if (!match) {
      this.#problem = "not-a-reply";
      return;
    }
    const code = Number(match[1]);
    if (this.#lines.length > 0 && code !== this.#code) {
      this.#problem = "codes-differ";
      return;
    }
    this.#code = code;
    this.#lines.push(match[3] ?? "");
    if (match[2] === "-") return;
    const lines = this.#lines;
    const isWhole = this.#held === end - start + 1;
    this.#lines = [];
    this.#held = 0;
    const reply = { code, enhanced: enhancedOf(code, lines[0] ?? ""), lines };
    // A server says the same few things again and again: nothing of them is read twice.
    if (isWhole && line.length <= keptLength && this.#known.length < keptReplies)
      this.#known.push({ bytes: Uint8Array.from(bytes.subarray(start, end)), reply });
    take(reply);
  }
}

function isAt(line: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (line.length !== end - start) return false;
  for (let i = 0; i < line.length; i++) if (line[i] !== bytes[start + i]) return false;
  return true;
}

/** An enhanced code counts only if its class agrees with the reply code (RFC 2034, section 4). */
function enhancedOf(code: number, text: string): string | null {
  const match = /^([245])\.([0-9]{1,3})\.([0-9]{1,3})(?![0-9.])/.exec(text);
  return match && Number(match[1]) === Math.floor(code / 100) ? match[0] : null;
}

function latin1(bytes: Uint8Array, start: number, end: number): string {
  let text = "";
  for (let at = start; at < end; at++) text += String.fromCharCode(bytes[at] ?? 0);
  return text;
}

const control = /\p{Cc}/u;
const controls = /\p{Cc}/gu;

/** A reply in one line, cut to a length that is fit for a log row, with control characters replaced. */
export function describeReply(reply: Reply, maxLength = 500): string {
  const text = `${reply.code} ${reply.lines.join(" ")}`.trim();
  return (control.test(text) ? text.replace(controls, "\ufffd") : text).slice(0, maxLength);
}
