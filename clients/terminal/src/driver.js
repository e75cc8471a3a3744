import { driverInWords } from './words.js';

/** Whoever takes over drives for so long, and goes on by typing. */
const TTL_MS = 60_000;
const RENEWED_AT_MS = 30_000;
/** The line stands out for so long when something was typed in vain. */
const REFUSED_MS = 1_500;
export const TAKE_OVER = 'Take over';
export const LET_GO = 'Let go';

/** Who drives a session, so that others may not type, and what this page does about it. Local times in ms. */
export class Driver {
  #ask;
  #mayDrive;
  #changed;
  #problem;
  #now;
  #lease = null;
  #endsAt = 0;
  /** The connection over which this page drives, or drove last. */
  #own = null;
  #refusedAt = -Infinity;

  /**
   * @param ask sends the session an action with a body → a promise
   * @param options {mayDrive() whether this page may type, changed(), problem(error), now()}
   */
  constructor(ask, { mayDrive, changed, problem, now }) {
    this.#ask = ask;
    this.#mayDrive = mayDrive;
    this.#changed = changed;
    this.#problem = problem;
    this.#now = now;
  }

  /** @param lease as the hub tells it; none: nobody drives */
  told(lease) {
    this.#lease = lease ?? null;
    this.#endsAt = this.#now() + (lease?.leftMs ?? 0);
    this.#changed();
  }

  /** What was typed here was refused, as somebody else drives: → false where nobody is known to. */
  refused() {
    this.#refusedAt = this.#now();
    this.#changed();
    return this.#isHeld;
  }

  /** Somebody types here: who drives goes on. */
  typed() {
    if (this.#isHeld && this.#isOwn && this.#endsAt - this.#now() < RENEWED_AT_MS) {
      this.#endsAt = this.#now() + TTL_MS; // asked for once
      this.#take();
    }
  }

  /** {text, left, action, refused}: who drives, for how long, the button, and whether it is to stand out; no text: nobody. */
  get line() {
    if (!this.#isHeld) {
      return { text: '', left: '', action: '', refused: false };
    }
    const now = this.#now();
    const action = this.#isOwn ? LET_GO : TAKE_OVER;
    return {
      text: this.#isOwn ? 'You drive' : driverInWords(this.#lease),
      left: `${Math.ceil((this.#endsAt - now) / 1_000)} s`,
      action: this.#mayDrive() ? action : '',
      refused: !this.#isOwn && now - this.#refusedAt < REFUSED_MS,
    };
  }

  /** The button was pressed. */
  async act() {
    if (this.line.action === LET_GO) {
      await this.#settle(this.#ask('release', {}));
    } else if (this.line.action === TAKE_OVER) {
      await this.#take();
    }
  }

  async #take() {
    const answer = await this.#settle(this.#ask('lease', { take: true, ttlMs: TTL_MS }));
    this.#own = answer?.connection ?? this.#own;
    this.#changed();
  }

  async #settle(request) {
    try {
      return await request;
    } catch (error) {
      this.#problem(error);
      return null;
    }
  }

  get #isHeld() {
    return this.#lease !== null && this.#now() < this.#endsAt;
  }

  get #isOwn() {
    return this.#lease.connection === this.#own;
  }
}
