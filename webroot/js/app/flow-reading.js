import { LagMeter } from '../client/lag-meter.js';
import { flowInWords, secondsInWords, silenceInWords } from './words.js';

/** A reading that is older is told as old, never as what is. */
export const OLD_MS = 3_000;
/** A window that lacks older output is late, whatever its zone. */
const LATE_MS = 1_000;

/**
 * The state of a page's own subscription, as far as it is known now: the lag by its own stream, zone and figures as the
 * hub told them last, and how old that is. Local times in ms.
 */
export class FlowReading {
  #meter;
  /** The text in place of a reading while not attached, null while attached. */
  #off = 'Attaching…';
  #facts = {};
  #statusAt = -Infinity;
  #newsAt = null;

  /** @param clock a HubClock */
  constructor(clock) {
    this.#meter = new LagMeter(clock);
  }

  /** Is not attached: the text stands for the reading. */
  off(text) {
    this.#off = text;
  }

  /** A new subscription, of which nothing was heard yet. */
  attached() {
    this.#off = null;
    this.#facts = { zone: 'green' };
    this.#statusAt = -Infinity;
    this.#newsAt = null;
    this.#meter.begin();
  }

  /** A reply of the `status` action. */
  status(status, now) {
    this.#facts = status;
    this.#statusAt = now;
    this.#newsAt = now;
    this.#meter.status(status, now);
  }

  /** A `warning` delivery: fresher than the last status. */
  warning({ level, queueSize, queueBytes }, now) {
    this.#facts = { ...this.#facts, zone: level, unackedDeliveries: queueSize, unackedBytes: queueBytes };
    this.#statusAt = now;
    this.#newsAt = now;
  }

  /** A delivery has arrived; @param place {offset, time?} */
  received(place, now) {
    this.#newsAt = now;
    this.#meter.received(place, now);
  }

  /** The oldest delivery that waited is on the screen. */
  painted(now) {
    this.#meter.painted(now);
  }

  /**
   * @param silentMs how long the hub has been silent, null while the link is not stalled
   * @return {zone: a zone, "off" or "old"; text; late; and, where they are known, lagMs, unacked: {deliveries, bytes},
   *     unsentBytes, skippedBytes}
   */
  read(now, silentMs = null) {
    if (this.#off !== null || this.#newsAt === null) {
      return { zone: 'off', text: this.#off ?? 'Attached', late: false };
    }
    if (silentMs !== null) {
      return { zone: 'old', text: silenceInWords(silentMs), late: true };
    }
    if (now - this.#newsAt > OLD_MS) {
      return { zone: 'old', text: `As of ${secondsInWords(now - this.#newsAt)} ago`, late: false };
    }
    return this.#current(now);
  }

  #current(now) {
    const lagMs = this.#meter.lag(now);
    const known = now - this.#statusAt <= OLD_MS;
    const { zone, unackedDeliveries = 0, unackedBytes = 0, lagBytes = 0, skippedBytes = 0 } = this.#facts;
    return {
      zone,
      text: flowInWords({ ...this.#facts, lagMs }),
      late: lagMs >= LATE_MS,
      lagMs,
      skippedBytes,
      ...(known ? { unacked: { deliveries: unackedDeliveries, bytes: unackedBytes }, unsentBytes: lagBytes } : {}),
    };
  }
}
