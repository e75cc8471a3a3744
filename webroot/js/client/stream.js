/** A client's place in a session's output; checks that what arrives continues from there. */
export class SessionStream {
  #offset = null;
  #seq = 0;
  #gaps = 0;

  /** Bytes of session output that the terminal has; null before the first snapshot. */
  get offset() {
    return this.#offset;
  }

  /** The fields to add to an `attach`: resume from here, or nothing where a snapshot is wanted. */
  resumption() {
    return this.#offset === null ? {} : { from: this.#offset };
  }

  /** A new subscriber: its numbers begin at 1, the place in the output stays. */
  begin() {
    this.#seq = 0;
  }

  /** The terminal has been given an earlier state. */
  goBackTo(offset) {
    this.#offset = offset;
  }

  /** The next attach asks for a snapshot. */
  forget() {
    this.#offset = null;
  }

  /** Takes note of a snapshot. False: deliveries were lost, attach again. */
  snapshot(seq, offset) {
    return this.#follows(seq) && this.#accept(seq, offset);
  }

  /** Takes note of output that ends at `offset`. False: bytes or deliveries were lost, attach again. */
  output(seq, offset, length) {
    if (!this.#follows(seq)) {
      return false;
    }
    return offset - length === this.#offset ? this.#accept(seq, offset) : this.#gap();
  }

  #follows(seq) {
    return seq === this.#seq + 1 || this.#gap();
  }

  #accept(seq, offset) {
    this.#seq = seq;
    this.#offset = offset;
    this.#gaps = 0;
    return true;
  }

  /** A second gap in a row means that resuming does not work: a snapshot will. */
  #gap() {
    if (++this.#gaps > 1) {
      this.forget();
    }
    return false;
  }
}
