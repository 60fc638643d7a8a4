import { ByteBuffer } from "../mime/byte-buffer.ts";
import { areSoundLines } from "../mime/wire-gate.ts";
import type { SteadyRun, Woven } from "../template/link-program.ts";
import { writeSteady } from "../template/run-program.ts";
import type { RecipientInput } from "./mailing-context.ts";
import type { MessageOutlets } from "./message-outlets.ts";
import { QuotedSink } from "./quoted-sink.ts";
import type { RecipientFrame } from "./recipient-frame.ts";

/** The letters of base64url: nothing escapes them, and they take one column each. */
const isTokenLetter = Uint8Array.from({ length: 128 }, (_, code) =>
  /[\w-]/.test(String.fromCharCode(code)) ? 1 : 0,
);

/**
 * Writes steady runs in one piece: what is the same for all is encoded once for each mailing, with holes into which the
 * tokens of a recipient are copied.
 */
export class Weaver {
  readonly #frame: RecipientFrame;
  readonly #outlets: MessageOutlets;
  #filling = new Uint8Array(102);
  #lengths: readonly number[] = [0, 0, 0];
  #hasConsent = false;
  #canWeave = false;

  /** Both are used for made-up recipients, so they must be its own. */
  constructor(frame: RecipientFrame, outlets: MessageOutlets) {
    this.#frame = frame;
    this.#outlets = outlets;
  }

  /** Turns to the next recipient. */
  turnTo({ tokens, trackingConsent }: RecipientInput): void {
    this.#hasConsent = trackingConsent;
    const [a, b, c] = this.#lengths;
    const { read, manage, forward } = tokens;
    if (read.length !== a || manage.length !== b || forward.length !== c) {
      this.#lengths = [read.length, manage.length, forward.length];
      this.#filling = new Uint8Array(read.length + manage.length + forward.length);
    }
    this.#canWeave =
      this.#fill(read, 0) &&
      this.#fill(manage, read.length) &&
      this.#fill(forward, read.length + manage.length);
  }

  /** Writes a run and gives the length of its text; -1 where tokens hold what tokens never hold. */
  readonly write = (run: SteadyRun, out: ByteBuffer): number => {
    if (!this.#canWeave) return -1;
    const variant = this.#hasConsent ? 1 : 0;
    let woven = run.woven[variant];
    if (woven?.lengths !== this.#lengths) {
      woven = weave(this.#lengths, (letters) => this.#written(run, letters));
      run.woven[variant] = woven;
    }
    const start = out.length;
    if (woven.isSound) out.appendProven(woven.bytes);
    else out.append(woven.bytes);
    fillHoles(out.bytes, start, woven.holes, this.#filling);
    return woven.length;
  };

  #fill(token: string, start: number): boolean {
    for (let i = 0; i < token.length; i++) {
      const code = token.charCodeAt(i);
      if (isTokenLetter[code] !== 1) return false;
      this.#filling[start + i] = code;
    }
    return true;
  }

  #written(run: SteadyRun, letters: string): Written {
    const recipient = madeUp(this.#lengths, letters, this.#hasConsent);
    this.#frame.point(recipient);
    this.#outlets.recipient = recipient;
    const out = new ByteBuffer(1024);
    const sink = new QuotedSink(out);
    let length = 0;
    for (const step of run.steps) length += writeSteady(step, this.#frame, sink, this.#outlets);
    return { bytes: out.view().slice(), length };
  }
}

function fillHoles(bytes: Uint8Array, start: number, holes: readonly number[], filling: Uint8Array): void {
  for (let i = 0; i < holes.length; i += 3) {
    const from = holes[i + 1] ?? 0;
    const length = holes[i + 2] ?? 0;
    const to = start + (holes[i] ?? 0);
    for (let at = 0; at < length; at++) bytes[to + at] = filling[from + at] ?? 0;
  }
}

type Written = { readonly bytes: Uint8Array; readonly length: number };

/**
 * Writes a run twice, for two made-up recipients that share no letter of a token: where the bytes differ, the token
 * goes. What is woven is so the very bytes that its steps would write.
 */
function weave(lengths: readonly number[], written: (letters: string) => Written): Woven {
  const one = written("ABC");
  const other = written("XYZ");
  const { bytes } = one;
  const holes: number[] = [];
  const filled = [0, 0, 0];
  for (let at = 0; at < bytes.length; ) {
    const which = (bytes[at] ?? 0) - firstLetter;
    if (bytes[at] === other.bytes[at]) {
      at++;
      continue;
    }
    const start = at;
    const done = filled[which] ?? 0;
    const length = lengths[which] ?? 0;
    // A hole ends with its token, or where a line breaks in the middle of one.
    while (at - start < length - done && bytes[at] !== other.bytes[at]) at++;
    const before = lengths.slice(0, which).reduce((sum, each) => sum + each, 0);
    holes.push(start, before + done, at - start);
    filled[which] = (done + at - start) % length;
  }
  return { bytes, isSound: bytes.length > 0 && areSoundLines(bytes), holes, length: one.length, lengths };
}

const firstLetter = "A".charCodeAt(0);

function madeUp(lengths: readonly number[], letters: string, trackingConsent: boolean): RecipientInput {
  const [read = "", manage = "", forward = ""] = [...letters].map((letter, i) =>
    letter.repeat(lengths[i] ?? 0),
  );
  return {
    address: "",
    displayName: "",
    fields: [],
    tokens: { read, manage, forward, bounce: "" },
    messageId: "",
    date: 0,
    timeZone: "UTC",
    locale: "en",
    trackingConsent,
    signUrl: (url) => url,
  };
}
