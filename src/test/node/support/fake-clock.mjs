/** Timers that fire when a test says so. */
export class FakeClock {
  now = 0;
  #timers = new Map();
  #next = 1;

  setTimeout = (act, delayMs) => {
    const id = this.#next++;
    this.#timers.set(id, { at: this.now + delayMs, act });
    return id;
  };

  clearTimeout = (id) => {
    this.#timers.delete(id);
  };

  get pending() {
    return this.#timers.size;
  }

  /** Fires what is due within that time, in order. */
  advance(ms) {
    const end = this.now + ms;
    for (;;) {
      const due = [...this.#timers].filter(([, timer]) => timer.at <= end).sort((a, b) => a[1].at - b[1].at)[0];
      if (!due) {
        break;
      }
      this.#timers.delete(due[0]);
      this.now = Math.max(this.now, due[1].at);
      due[1].act();
    }
    this.now = end;
  }

  /** Time passes without a timer being fired in time: what is due fires at the end of it. */
  sleep(ms) {
    this.now += ms;
    this.advance(0);
  }
}
