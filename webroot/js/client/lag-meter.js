/** The age of the output painted last stands for the next for so long: output that goes on comes more often. */
const STEADY_MS = 1_200;

/**
 * Measures the age of what a window shows: by its own stream, which tells with each delivery when its newest
 * byte came from the program, and from what the hub says it holds. Grows while something waits, also
 * when nothing comes. Local times in ms throughout, of the clock that `now` values are from.
 */
export class LagMeter {
  #clock;
  /** Arrived, not painted: {offset, bornAt}, oldest first. */
  #waiting = [];
  /** {offset, bornAt, at} of the newest that is painted. */
  #painted = null;
  /** The hub's figures: output up to `end`, of which the oldest that it knew to be missing here was born `since`. */
  #told = null;

  /** @param clock a HubClock */
  constructor(clock) {
    this.#clock = clock;
  }

  /** Another subscription: what the one before had on its way will not come. */
  begin() {
    this.#waiting = [];
    this.#told = null;
  }

  /**
   * A delivery has arrived.
   * @param offset bytes of the session up to its end
   * @param time the hub's, of its newest byte; undefined where the hub does not tell
   */
  received({ offset, time }, now) {
    if (time !== undefined) {
      this.#clock.arrived(time, now);
    }
    const bornAt = time === undefined ? null : this.#clock.local(time);
    this.#waiting.push({ offset, bornAt: Math.min(bornAt ?? now, now) });
  }

  /** The oldest that waited is on the screen. */
  painted(now) {
    const delivery = this.#waiting.shift();
    if (delivery !== undefined) {
      this.#painted = { ...delivery, at: now };
    }
  }

  /** A reply of the `status` action. */
  status({ offset, lagBytes = 0, lagMs = 0, time }, now) {
    if (offset === undefined) {
      return;
    }
    const toldAt = time === undefined ? now : Math.min(this.#clock.local(time) ?? now, now);
    this.#told = { end: offset + lagBytes, since: toldAt - lagMs, at: now };
  }

  /** The age of the oldest output that is not on the screen, in ms; 0 where all is. */
  lag(now) {
    const born = [this.#waiting[0]?.bornAt, this.#missingSince(), this.#steadily(now)];
    return Math.max(0, ...born.filter((at) => at !== undefined && at !== null).map((at) => now - at));
  }

  /** Output that is missing came after what is painted. */
  #missingSince() {
    const missing = this.#told !== null && this.#told.end > (this.#painted?.offset ?? -1);
    return missing ? Math.max(this.#told.since, this.#painted?.bornAt ?? -Infinity) : null;
  }

  /** Between two deliveries of a steady flow the lag is that of the last one, until the hub says that this was all. */
  #steadily(now) {
    if (this.#painted === null || now - this.#painted.at > STEADY_MS) {
      return null;
    }
    const { at, bornAt, offset } = this.#painted;
    const wasAll = this.#told !== null && this.#told.at >= at && this.#told.end <= offset;
    return wasAll ? null : now - (at - bornAt);
  }
}
