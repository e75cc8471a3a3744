const FIRST_MS = 100;
const LONGEST_MS = 5_000;
const MOST_DOUBLINGS = 16;
/** A subscription that was attached for so long is well again, though nothing came. */
const WELL_MS = 5_000;

/** Pauses of half to all of 100 ms · 2ⁿ, 5 s at most, so that clients do not come back in step; for so long as it is given. */
export class Retry {
  #ms;
  #attempts = 0;
  #since = null;
  #attachedAt = Infinity;
  #stop = () => {};
  #stopped = false;

  constructor(ms) {
    this.#ms = ms;
  }

  /** Rejects with the cause where nothing has come for so long since the first failure. */
  async pause(cause) {
    const now = performance.now();
    if (now - this.#attachedAt >= WELL_MS) {
      this.received();
    }
    this.#attachedAt = Infinity;
    this.#since ??= now;
    if (now - this.#since >= this.#ms) {
      throw cause;
    }
    const longest = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(this.#attempts++, MOST_DOUBLINGS));
    if (!this.#stopped) {
      await new Promise((resolve) => {
        const timer = setTimeout(resolve, longest * (0.5 + Math.random() / 2));
        this.#stop = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  attached() {
    this.#attachedAt = performance.now();
  }

  received() {
    this.#since = null;
    this.#attempts = 0;
  }

  /** Ends a pause, and those that follow. */
  stop() {
    this.#stopped = true;
    this.#stop();
  }
}
