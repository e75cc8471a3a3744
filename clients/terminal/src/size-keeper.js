import { SizeClaim } from './size-claim.js';
import { log } from '@termbus/client/src/log.js';

/** The window is being dragged: ask for the new size when it rests. */
const RESIZE_MS = 100;

/** Gives a session the size of this window when its user types or resizes the window, and not when it is merely looked at. */
export class SizeKeeper {
  #view;
  #session;
  #resize;
  #sized;
  #timers;
  #claim = new SizeClaim();
  #timer = null;

  /**
   * @param view tells `proposal`, the size that fits, and of its changes
   * @param session → {cols, rows} as of now, or null where it may not be resized
   * @param resize asks the hub for a size → a promise
   * @param sized somebody has chosen another size: typing leaves that alone until this window is resized
   */
  constructor(view, session, resize, { sized = false, timers = globalThis } = {}) {
    this.#view = view;
    this.#session = session;
    this.#resize = resize;
    this.#sized = sized;
    this.#timers = timers;
    view.addEventListener('proposal', ({ detail: byUser }) => this.#viewportChanged(byUser));
  }

  /** The session began with a size of this window. */
  own(size) {
    this.#claim.own(size);
  }

  /** The session has this size now, whoever asked for it. */
  settled(size) {
    this.#claim.settled(size);
  }

  /** Somebody types here. */
  typed() {
    if (!this.#sized) {
      this.#ask();
    }
  }

  /** Gives the session the size that fits this window. */
  fit() {
    this.close();
    this.#sized = false;
    this.#ask();
  }

  close() {
    this.#timers.clearTimeout(this.#timer);
  }

  /** A window that is resized claims the size; one that is merely opened or looked at does not. */
  #viewportChanged(byUser) {
    this.close();
    if (byUser || this.#claim.held) {
      this.#timer = this.#timers.setTimeout(() => this.fit(), RESIZE_MS);
    }
  }

  #ask() {
    const session = this.#session();
    const size = this.#view.proposal;
    if (session === null || !this.#claim.wants(size, session)) {
      return;
    }
    this.#claim.ask(size);
    this.#resize(size).then(
      () => this.#claim.answered(true),
      (error) => {
        this.#claim.answered(false);
        log.warn('resize refused', error.message);
      },
    );
  }
}
