/** Consumed bytes after which an ack goes out at once: a part of the hub's first window, and a slow link's whole one. */
export const ACK_BYTES = 4096;
/** Consumed bytes wait so long for more before they are acked. */
export const ACK_DELAY_MS = 50;

/** Acks consumed deliveries in batches. One per subscriber. */
export class AckBatcher {
  #send;
  #timers;
  #seq = 0;
  #acked = 0;
  #bytes = 0;
  #timer = null;
  #closed = false;

  /** @param send takes the sequence number up to which everything is consumed */
  constructor(send, timers = globalThis) {
    this.#send = send;
    this.#timers = timers;
  }

  /** Deliveries are consumed in order, so the highest number stands for all before it. */
  consumed(seq, bytes) {
    if (this.#closed) {
      return;
    }
    this.#seq = Math.max(this.#seq, seq);
    this.#bytes += bytes;
    if (this.#bytes >= ACK_BYTES) {
      this.flush();
    } else if (this.#timer === null) {
      this.#timer = this.#timers.setTimeout(() => this.flush(), ACK_DELAY_MS);
    }
  }

  flush() {
    this.#stopTimer();
    this.#bytes = 0;
    if (!this.#closed && this.#seq > this.#acked) {
      this.#acked = this.#seq;
      this.#send(this.#seq);
    }
  }

  /** Acks nothing more: the subscriber is gone. */
  close() {
    this.#closed = true;
    this.#stopTimer();
  }

  #stopTimer() {
    if (this.#timer !== null) {
      this.#timers.clearTimeout(this.#timer);
      this.#timer = null;
    }
  }
}
