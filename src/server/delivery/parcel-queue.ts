import type { ByteBuffer } from "#core/mime/byte-buffer.ts";
import type { Parcel } from "./parcel.ts";
import { BufferPool, type Made, type PreparedMessage, type Unmade } from "./prepare-message.ts";

/** A parcel whose message is made and waits for a connection. */
export type Ready = { readonly parcel: Parcel; readonly message: PreparedMessage };

export type QueueHost = {
  /** How many messages to have ready where they are signed: one per connection, and some for the thread pool meanwhile. */
  readonly aheadSigned: number;
  readonly prepare: (parcel: Parcel, buffer: ByteBuffer) => Made | Promise<Made>;
  readonly unmade: (parcel: Parcel, problem: Unmade) => void;
};

const idleMilliseconds = 10_000;
/** Unsigned ones are made in no time, and leave best while the processor still has their bytes at hand. */
const aheadUnsigned = 1;

/** [D22] Transactional mail passes what waits for a connection. */
const isUrgent = ({ mailing }: Parcel) => mailing.compiled.designation === "transactional";

/**
 * The parcels of one lane between their intent and a connection. Messages are made ahead, but only a few, so that memory does not
 * grow with the audience; RSA signatures are made in the thread pool while other messages are on the wire.
 */
export class ParcelQueue {
  readonly #host: QueueHost;
  readonly #buffers = new BufferPool();
  readonly #waiting: Parcel[] = [];
  readonly #ready: Ready[] = [];
  readonly #takers = new Set<(ready: Ready | undefined) => void>();
  readonly #room = new Set<() => void>();
  #preparing = 0;
  #ahead = aheadUnsigned;
  /** With so few left the next batch is begun, so that connections do not wait for its intent. */
  #fewLeft = 0;
  #isOpen = true;

  constructor(host: QueueHost) {
    this.#host = host;
  }

  /** How many parcels wait for a connection. */
  get length(): number {
    return this.#waiting.length + this.#ready.length + this.#preparing;
  }

  /** How many connections wait for a parcel. */
  get idle(): number {
    return this.#takers.size;
  }

  open(): void {
    this.#isOpen = true;
  }

  /** Resolves when most parcels offered so far are taken or being made, or when there will be no more. */
  async room(): Promise<void> {
    while (this.#isOpen && this.#waiting.length > this.#fewLeft)
      await new Promise<void>((resolve) => this.#room.add(resolve));
  }

  offer(parcels: readonly Parcel[]): void {
    if (!this.#isOpen) for (const parcel of parcels) parcel.holder.returned(parcel);
    else if (parcels.some(isUrgent)) this.#waiting.unshift(...parcels);
    else {
      this.#waiting.push(...parcels);
      this.#fewLeft = parcels.length >> 2;
    }
    this.#pump();
  }

  /** Gives everything back that no connection has, and sends waiting connections home. Nothing is taken until `open`. */
  close(): void {
    this.#isOpen = false;
    for (const parcel of this.#waiting.splice(0)) parcel.holder.returned(parcel);
    for (const ready of this.#ready.splice(0)) this.giveBack(ready);
    for (const wake of this.#room) wake();
    this.#room.clear();
    for (const take of this.#takers) take(undefined);
    this.#takers.clear();
  }

  /** Gives back what may not leave any more and no connection has. */
  recall(): void {
    for (const parcel of this.#waiting.splice(0))
      if (parcel.holder.mayFinish()) this.#waiting.push(parcel);
      else parcel.holder.returned(parcel);
    for (const ready of this.#ready.splice(0))
      if (ready.parcel.holder.mayFinish()) this.#ready.push(ready);
      else this.giveBack(ready);
    this.#pump();
  }

  takeNow(): Ready | undefined {
    const ready = this.#ready.shift();
    this.#pump();
    return ready;
  }

  /** The next message; undefined when none came for a while or the queue is closed. */
  take(): Promise<Ready | undefined> {
    const ready = this.takeNow();
    if (ready || !this.#isOpen) return Promise.resolve(ready);
    return new Promise((resolve) => {
      const take = (given: Ready | undefined) => {
        clearTimeout(timer);
        this.#takers.delete(take);
        resolve(given);
      };
      const timer = setTimeout(() => take(undefined), idleMilliseconds);
      this.#takers.add(take);
    });
  }

  /** A connection did not touch it: the next one has it first. */
  putBack(ready: Ready): void {
    if (!this.#isOpen || !ready.parcel.holder.mayFinish()) this.giveBack(ready);
    else this.#hand(ready, true);
  }

  /** It goes back to whoever gave it. */
  giveBack(ready: Ready): void {
    this.done(ready);
    ready.parcel.holder.returned(ready.parcel);
  }

  /** Its bytes are not needed any more. */
  done({ message }: Ready): void {
    if (message.mayReuse) this.#buffers.give(message.buffer);
  }

  #hand(ready: Ready, first: boolean): void {
    const [taker] = this.#takers;
    if (taker) taker(ready);
    else if (first) this.#ready.unshift(ready);
    else this.#ready.push(ready);
  }

  #pump(): void {
    while (this.#isOpen && this.#preparing + this.#ready.length < this.#ahead) {
      const parcel = this.#waiting.shift();
      if (!parcel) break;
      this.#prepare(parcel);
    }
    if (this.#waiting.length > this.#fewLeft) return;
    for (const wake of this.#room) wake();
    this.#room.clear();
  }

  #prepare(parcel: Parcel): void {
    const buffer = this.#buffers.take();
    let made: Made | Promise<Made>;
    try {
      made = this.#host.prepare(parcel, buffer);
    } catch (error) {
      made = notMade(error);
    }
    if (!(made instanceof Promise)) {
      this.#keep(parcel, buffer, made);
      return;
    }
    this.#preparing++;
    void made.catch(notMade).then((late) => {
      this.#preparing--;
      this.#keep(parcel, buffer, late);
      if (!late.ok) this.#pump();
    });
  }

  #keep(parcel: Parcel, buffer: ByteBuffer, made: Made): void {
    if (!made.ok) {
      this.#buffers.give(buffer);
      this.#host.unmade(parcel, made.error);
      return;
    }
    const ready: Ready = { parcel, message: made.value };
    this.#ahead = ready.message.isSigned ? this.#host.aheadSigned : aheadUnsigned;
    if (this.#isOpen) this.#hand(ready, isUrgent(parcel));
    else this.giveBack(ready);
  }
}

function notMade(error: unknown): Made {
  return { ok: false, error: { code: "not-made", message: String(error) } };
}
