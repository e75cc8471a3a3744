/** What waits for one consumer, in order. The hub bounds it: it sends no more than `flow.maxUnackedBytes` beyond what was acked. */
export class Inbox {
  #waiting = [];
  #taken = 0;
  #error = null;
  #wake = null;

  get isEmpty() {
    return this.#taken === this.#waiting.length;
  }

  put(item) {
    if (this.#error === null) {
      this.#waiting.push(item);
      this.#wake?.();
    }
  }

  /** Nothing follows what is here. */
  fail(error) {
    this.#error ??= error;
    this.#wake?.();
  }

  /** The next one; rejects where nothing follows. One at a time. */
  async next() {
    while (this.isEmpty) {
      if (this.#error !== null) {
        throw this.#error;
      }
      await new Promise((resolve) => {
        this.#wake = resolve;
      });
    }
    const item = this.#waiting[this.#taken++];
    if (this.isEmpty) {
      this.#waiting = [];
      this.#taken = 0;
    }
    return item;
  }
}
