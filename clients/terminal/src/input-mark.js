import { openInputInWords } from './words.js';

/** Input is marked when it is open for so long: less is the way here and back. */
const MARK_MS = 1_000;
/** The arrival of marked input is told for so long. */
const CONFIRMED_MS = 3_000;

/** Words on input that was typed and is not confirmed. Local times in ms. */
export class InputMark {
  #marked = false;
  #confirmedAt = -Infinity;

  /** Some of it will never be confirmed, which is told elsewhere. */
  lost() {
    this.#marked = false;
  }

  /** @param open as an InputQueue tells it; → words, or empty where there is nothing to say */
  read(open, now) {
    if (now - open.at >= MARK_MS) {
      this.#marked = true;
      return openInputInWords(open);
    }
    if (this.#marked) {
      this.#marked = false;
      this.#confirmedAt = now;
    }
    return now - this.#confirmedAt < CONFIRMED_MS ? 'input confirmed' : '';
  }
}
