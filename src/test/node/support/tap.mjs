/** After so many failures the rest would only wait for what cannot come. */
const MAX_FAILED = 4;

/** Runs steps one after the other and reports them as TAP. Many failed steps stop the rest. */
export class Tap {
  #passed = 0;
  #failed = 0;

  /** @param onFailure is awaited after a failed step, with its number */
  constructor(onFailure = async () => {}) {
    this.onFailure = onFailure;
  }

  async step(name, act) {
    if (this.#failed >= MAX_FAILED) {
      return;
    }
    const number = this.#passed + this.#failed + 1;
    const started = performance.now();
    try {
      await act();
      this.#passed++;
      console.log(`ok ${number} - ${name} # ${Math.round(performance.now() - started)} ms`);
    } catch (error) {
      this.#failed++;
      console.log(`not ok ${number} - ${name}`);
      console.log(String(error?.stack ?? error).replace(/^/gm, '  # '));
      await this.onFailure(number).catch((problem) => console.log(`  # no picture: ${problem.message}`));
    }
  }

  /** Prints the plan and the sum; true if all passed. */
  finish() {
    console.log(`1..${this.#passed + this.#failed}`);
    console.log(`${this.#passed} passed, ${this.#failed} failed`);
    return this.#failed === 0;
  }
}
