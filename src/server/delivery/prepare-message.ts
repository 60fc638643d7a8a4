import { fail, ok, type Result } from "#core/kernel/result.ts";
import type { RecipientInput } from "#core/messages/mailing-context.ts";
import { ByteBuffer } from "#core/mime/byte-buffer.ts";
import { wireGate } from "#core/mime/wire-gate.ts";
import { signUrl } from "#core/tracking/signed-text.ts";
import type { Mac } from "#core/tracking/tokens.ts";
import { mintTokens } from "#core/tracking/tokens.ts";
import {
  type DomainKeys,
  type Envelope,
  type HeldDomain,
  makeEnvelope,
  type Outgoing,
  signMessage,
} from "../senders/index.ts";
import type { SendingMailing } from "./sending-mailing.ts";
import type { BatchStamp, RecipientSnapshot } from "./snapshot.ts";

/** The secrets behind links: what signs now, and what every key gives. `TrackingKeys` fits. */
export type TokenKeys = { readonly mac: Mac; readonly current: () => number };

/** Why a message could not be made; the recipient is skipped with this reason. */
export type Unmade = {
  readonly code: string;
  readonly message: string;
  /** Not its fault: all mail of this domain waits, and so does its recipient. */
  readonly held?: HeldDomain;
};

/** What `prepareMessage` needs beside the recipient. */
export type Workshop = {
  readonly keys: TokenKeys;
  readonly domainKeys: DomainKeys;
  /** VERP addresses at it; null: bounces go to the From address. */
  readonly bounceDomain: string | null;
};

type Subject = {
  readonly deliveryId: string;
  readonly mailing: SendingMailing;
  readonly recipient: RecipientSnapshot;
  readonly stamp: BatchStamp;
};

/** Everything that a renderer is told about one delivery; a pure function of its snapshot and the token keys. */
export function recipientInput(
  { deliveryId, kind, recipient, stamp }: Omit<Subject, "mailing"> & Pick<SendingMailing, "kind">,
  mac: Mac,
): RecipientInput {
  return {
    address: recipient.address,
    displayName: recipient.displayName,
    timeZone: recipient.timeZone,
    locale: recipient.locale,
    trackingConsent: recipient.trackingConsent,
    fields: recipient.fields,
    tokens: mintTokens(deliveryId, stamp.kid, mac),
    messageId: `${deliveryId}.${stamp.idSuffix}`,
    date: stamp.date,
    signUrl: (url) => signUrl(url, deliveryId, stamp.kid, mac),
    testMark: kind === "test",
  };
}

/** What becomes of making a message. */
export type Made = Result<PreparedMessage, Unmade>;

/**
 * Makes the bytes of one message: renders it, lets the wire gate look at it, signs it. Only a signature takes time; without one the
 * message is there at once. `buffer` is taken over; it is free again if the message cannot be made.
 */
export function prepareMessage(
  subject: Subject,
  workshop: Workshop,
  buffer: ByteBuffer,
  beforeDot: Outgoing["beforeDot"],
): Made | Promise<Made> {
  const input = recipientInput({ ...subject, kind: subject.mailing.kind }, workshop.keys.mac);
  const rendered = subject.mailing.renderer.render(input, buffer);
  if (!rendered.ok) return rendered;
  const bounds = rendered.value;
  const violations = wireGate(buffer.bytes, bounds);
  if (violations.length > 0)
    return fail({
      code: "wire-gate",
      message: `The message breaks a rule of mail: ${violations.join(", ")}.`,
    });
  const from = bounds.fromAddress;
  const returnPath = workshop.bounceDomain ? `b+${input.tokens.bounce}@${workshop.bounceDomain}` : from;
  const envelope = makeEnvelope(returnPath, subject.recipient.address);
  if (!envelope.ok)
    return fail({
      code: envelope.error.which === "to" ? "address-invalid" : "sender-invalid",
      message: envelope.error.message,
    });
  const domain = from.slice(from.lastIndexOf("@") + 1);
  const held = workshop.domainKeys.heldFor(domain);
  if (held) return fail({ code: "signing-held", message: held.reason, held });
  const prepared = (signature: string) =>
    ok(new PreparedMessage(envelope.value, buffer, bounds, signature, beforeDot, input.tokens.bounce));
  const keys = workshop.domainKeys.keysFor(domain);
  return keys.length === 0
    ? prepared("")
    : signMessage(keys, buffer.bytes, bounds, new Date(subject.stamp.date)).then(prepared);
}

/** A message as bytes, with the buffer it lies in, which goes back to the pool when its fate is known. */
export class PreparedMessage implements Outgoing {
  readonly envelope: Envelope;
  readonly buffer: ByteBuffer;
  readonly sizeBytes: number;
  readonly isSigned: boolean;
  readonly tag: string;
  readonly beforeDot: Outgoing["beforeDot"];
  readonly #wireEnd: number;
  #isLeaving = false;

  constructor(
    envelope: Envelope,
    buffer: ByteBuffer,
    bounds: { readonly end: number; readonly wireEnd: number },
    signature: string,
    beforeDot: Outgoing["beforeDot"],
    tag: string,
  ) {
    this.tag = tag;
    this.envelope = envelope;
    this.buffer = buffer;
    this.sizeBytes = signature.length + bounds.end;
    this.isSigned = signature !== "";
    this.beforeDot = beforeDot;
    this.#wireEnd = putInFront(signature, buffer, bounds.wireEnd);
  }

  get parts(): readonly Uint8Array[] {
    return [this.buffer.bytes.subarray(0, this.#wireEnd)];
  }

  withTail(text: string): Uint8Array | undefined {
    return appendTail(this.buffer, this.#wireEnd, text);
  }

  stillLeaving(): void {
    this.#isLeaving = true;
  }

  /** Whether the buffer may go back to the pool once the fate is known. */
  get mayReuse(): boolean {
    return !this.#isLeaving;
  }
}

/** Moves the message to make room for its signature: a move of 40 KB costs less than a second piece to send. */
function putInFront(signature: string, buffer: ByteBuffer, wireEnd: number): number {
  const { length } = signature;
  if (length === 0) return wireEnd;
  buffer.length = wireEnd;
  buffer.reserve(length);
  buffer.bytes.copyWithin(length, 0, wireEnd);
  for (let at = 0; at < length; at++) buffer.bytes[at] = signature.charCodeAt(at);
  return wireEnd + length;
}

/** Writes the next envelope behind the message; undefined for one that is not ASCII. */
function appendTail(buffer: ByteBuffer, wireEnd: number, text: string): Uint8Array | undefined {
  buffer.length = wireEnd;
  buffer.reserve(text.length);
  const { bytes } = buffer;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code > 127) return undefined;
    bytes[wireEnd + at] = code;
  }
  return bytes.subarray(0, wireEnd + text.length);
}

/** Buffers that go round: as many as messages are under way at once, and no more. */
export class BufferPool {
  readonly #free: ByteBuffer[] = [];

  take(): ByteBuffer {
    return this.#free.pop() ?? new ByteBuffer();
  }

  give(buffer: ByteBuffer): void {
    if (this.#free.length < 256) this.#free.push(buffer);
  }
}
