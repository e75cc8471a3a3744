/** The hub is asked for a sign so often. */
export const QUESTION_MS = 1_000;
/** A longer silence is told. With a second between questions it leaves half a second of the three that a user may be in doubt. */
export const SILENT_MS = 2_500;
/** An answer may take so long: on a slow or far link it is on its way. Questions do not wait for answers to those before. */
export const ANSWER_MS = 1_200;
/** A look that comes later than this was late itself: the page was hidden, or the computer slept. */
export const LATE_LOOK_MS = 1_000;

/**
 * Judges whether the hub still answers: decides, by local times in ms, when to ask and when silence is a
 * stalled link. A page that did not run itself knows nothing and judges anew. A link that was found
 * stalled stays so until something is heard.
 */
export class LinkHealth {
  #heardAt;
  /** Silence before that says nothing. */
  #judgedFrom;
  #lookedAt;
  /** When the first question was asked that nothing has come after, and the last one. */
  #askedAt = null;
  #lastAskedAt = -Infinity;
  #stalled = false;

  /** @param now when the connection was made */
  constructor(now) {
    this.#heardAt = now;
    this.#resumed(now);
  }

  get stalled() {
    return this.#stalled;
  }

  /** Anything at all came, at that time. */
  heard(at) {
    if (at > this.#heardAt) {
      this.#heardAt = at;
      this.#askedAt = null;
      this.#stalled = false;
    }
  }

  asked(now) {
    this.#askedAt ??= now;
    this.#lastAskedAt = now;
  }

  /** To be called a few times a second while the page is looked at. */
  look(now) {
    if (now - this.#lookedAt > LATE_LOOK_MS) {
      this.#resumed(now);
    }
    this.#lookedAt = now;
    const silentMs = now - Math.max(this.#heardAt, this.#judgedFrom);
    if (this.#askedAt !== null && now - this.#askedAt >= ANSWER_MS && silentMs >= SILENT_MS) {
      this.#stalled = true;
    }
  }

  wantsQuestion(now) {
    return now - this.#lastAskedAt >= QUESTION_MS;
  }

  silentMs(now) {
    return now - this.#heardAt;
  }

  #resumed(now) {
    this.#lookedAt = now;
    this.#judgedFrom = now;
    this.#askedAt = null;
    this.#lastAskedAt = -Infinity;
  }
}
