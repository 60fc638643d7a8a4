/** A status with the answer's last byte, or undefined while the answer is incomplete. */
export type Answered = number | undefined;

/**
 * Reads answers of HTTP/1.1 that say their length, one outstanding at a time, as cheaply as possible. It takes what servers of a
 * bench send; it is no judge of HTTP.
 */
export class HttpAnswers {
  #head = "";
  #missing = 0;
  #status: Answered;

  take(piece: Buffer): Answered {
    if (this.#status === undefined) {
      this.#head += piece.toString("latin1");
      const end = this.#head.indexOf("\r\n\r\n");
      if (end < 0) return undefined;
      const length = /\r\ncontent-length: *(\d+)/i.exec(this.#head.slice(0, end + 2))?.[1];
      if (length === undefined) throw new Error("An answer does not say how long it is");
      this.#status = Number(this.#head.slice(9, 12));
      this.#missing = Number(length) - (this.#head.length - end - 4);
      this.#head = "";
    } else this.#missing -= piece.length;
    if (this.#missing > 0) return undefined;
    const status = this.#status;
    this.#status = undefined;
    return status;
  }
}
