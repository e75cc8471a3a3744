/** Growing delays between attempts to connect, with jitter so that clients do not return in step. */
export class Backoff {
  #minMs;
  #maxMs;
  #random;
  #attempts = 0;

  constructor({ minMs = 300, maxMs = 5_000, random = Math.random } = {}) {
    this.#minMs = minMs;
    this.#maxMs = maxMs;
    this.#random = random;
  }

  /** The next delay in milliseconds: between half and all of min·2ⁿ, never above max. */
  next() {
    const ceiling = Math.min(this.#maxMs, this.#minMs * 2 ** Math.min(this.#attempts, 16));
    this.#attempts++;
    return Math.round(ceiling * (0.5 + this.#random() / 2));
  }

  reset() {
    this.#attempts = 0;
  }
}
