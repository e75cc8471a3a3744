import { LinkHealth } from './link-health.js';

/** The link is checked so often. */
const LOOK_MS = 250;

/**
 * Asks the hub for a sign each second while the page is looked at and the connection is open, and tells
 * when none comes. Events: `change` when `stalled` has changed, `look` a few times a second while visible.
 */
export class LinkWatch extends EventTarget {
  #bus;
  #ask;
  #timers;
  #now;
  #visible;
  #health;
  #stalled = false;

  /**
   * @param bus tells `isOpen` and `heardAt`, and of `open`
   * @param ask sends something that is answered
   * @param visible → whether the page is looked at: the timers of one that is not are slow
   */
  constructor(bus, ask, { timers = globalThis, now = () => performance.now(), visible = () => true } = {}) {
    super();
    this.#bus = bus;
    this.#ask = ask;
    this.#timers = timers;
    this.#now = now;
    this.#visible = visible;
    this.#health = new LinkHealth(now());
    bus.addEventListener('open', () => {
      this.#health = new LinkHealth(now());
      this.#tell(false);
    });
  }

  /** The connection says nothing, and has not been replaced since. */
  get stalled() {
    return this.#stalled;
  }

  /** The time since the hub was heard last, in ms. */
  get silentMs() {
    return this.#health.silentMs(this.#now());
  }

  start() {
    this.look();
    this.#timers.setTimeout(() => this.start(), LOOK_MS);
  }

  /** Checks the link; to be called also when there is a reason to know at once. */
  look() {
    if (this.#bus.isOpen) {
      this.#health.heard(this.#bus.heardAt);
      if (this.#visible()) {
        this.#judge(this.#now());
      }
      this.#tell(this.#health.stalled);
    }
    if (this.#visible()) {
      this.dispatchEvent(new Event('look'));
    }
  }

  #judge(now) {
    this.#health.look(now);
    if (this.#health.wantsQuestion(now)) {
      this.#health.asked(now);
      this.#ask();
    }
  }

  #tell(stalled) {
    if (this.#stalled !== stalled) {
      this.#stalled = stalled;
      this.dispatchEvent(new Event('change'));
    }
  }
}
