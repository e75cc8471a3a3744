/** Two clocks drift apart by at most so much in a millisecond: the system's is slewed by up to 500 ppm. */
const DRIFT = 0.0005;

/**
 * An estimate of the hub's clock. The difference to the local clock lies within
 * bounds that every message narrows: none arrives before it was sent. A queue on the way makes bounds
 * wider, never wrong. All times in ms; local ones of any steady clock.
 */
export class HubClock {
  #low = -Infinity;
  #high = Infinity;
  #at = 0;

  /** A reply that the hub made between these two local times. */
  replied(sentAt, hubTime, heardAt) {
    this.#narrow(sentAt - hubTime, heardAt - hubTime, heardAt);
  }

  /** Something that the hub had at `hubTime` has arrived. */
  arrived(hubTime, heardAt) {
    this.#narrow(-Infinity, heardAt - hubTime, heardAt);
  }

  /** A time of the hub's clock on the local one, or null while nothing is known. */
  local(hubTime) {
    if (this.#high === Infinity) {
      return null;
    }
    return hubTime + (this.#low === -Infinity ? this.#high : (this.#low + this.#high) / 2);
  }

  #narrow(low, high, at) {
    const drift = Math.max(0, at - this.#at) * DRIFT;
    this.#at = at;
    this.#low = Math.max(low, this.#low - drift);
    this.#high = Math.min(high, this.#high + drift);
    const clockWasSet = this.#low > this.#high;
    if (clockWasSet) {
      this.#low = low;
      this.#high = high;
    }
  }
}
