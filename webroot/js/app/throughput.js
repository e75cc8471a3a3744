/** Seconds that are kept. */
export const SECONDS = 60;

/** Bytes a second over the last minute, from a count that only grows. */
export class Throughput {
  #perSecond = new Float64Array(SECONDS);
  #total = null;
  #second = 0;

  /**
   * Spreads the bytes since the last count evenly over the seconds since then. A count that shrank
   * has begun anew.
   */
  note(total, nowMs) {
    const second = Math.floor(nowMs / 1000);
    if (this.#total !== null) {
      this.#add(Math.max(0, total - this.#total), second);
    }
    this.#total = total;
    this.#second = second;
  }

  #add(bytes, second) {
    const seconds = Math.max(0, second - this.#second);
    if (seconds === 0) {
      this.#perSecond[second % SECONDS] += bytes;
      return;
    }
    for (let i = 0; i < Math.min(seconds, SECONDS); i++) {
      this.#perSecond[(second - i) % SECONDS] = bytes / seconds;
    }
  }

  /** Bytes in each second, oldest first; the last one may not be over. */
  get values() {
    return Array.from({ length: SECONDS }, (_, i) => this.#perSecond[(this.#second + 1 + i) % SECONDS]);
  }

  /** Bytes a second of late: the mean of the last three seconds. */
  get rate() {
    const last = this.values.slice(-3);
    return last.reduce((sum, each) => sum + each, 0) / last.length;
  }
}
