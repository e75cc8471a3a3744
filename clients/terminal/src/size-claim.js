import { sameSize } from './geometry.js';

/**
 * Tracks whose size a session has. It belongs to the last one who typed or resized: this window holds it from
 * the moment it gets the size that was asked for here until it gets another one.
 */
export class SizeClaim {
  #asked = null;
  #pending = false;
  #held = false;

  get held() {
    return this.#held;
  }

  /** The session began with a size of this window. */
  own({ cols, rows }) {
    this.#asked = { cols, rows };
    this.#held = true;
  }

  /** A request for that size goes out. */
  ask(size) {
    this.own(size);
    this.#pending = true;
  }

  /** The last request was answered, or refused. */
  answered(taken) {
    this.#pending = false;
    this.#held &&= taken;
  }

  /** The session has this size now, whoever asked for it. */
  settled(size) {
    this.#held = sameSize(this.#asked, size);
  }

  /** True where the size is to be asked for: the session has another one, and this one is not on its way. */
  wants(size, session) {
    return size !== null && !sameSize(size, session) && !(this.#pending && sameSize(this.#asked, size));
  }
}
