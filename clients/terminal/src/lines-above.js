import { log } from '@termbus/client/src/log.js';
import { aboveInWords } from './words.js';

/** Output that came while the scrollback was fetched, in bytes: where it is more, fetching that again would take too long. */
const MOST_BEHIND = 131_072;

/** Over a slow link a snapshot has the newest lines only: brings the others when the user has scrolled up to there. */
export class LinesAbove {
  #view;
  #history;
  #stream;
  #tell;
  /** The terminal has all the scrollback there is, or it is being fetched. */
  #isThere = false;

  /**
   * @param view tells of `top`
   * @param history a History of the session
   * @param stream {offset: bytes of the session that the terminal has, null while it is not attached;
   *   goBackTo(state, bytes) → whether it went on from that earlier state}
   * @param tell takes words on what is being fetched, or empty ones
   */
  constructor(view, history, stream, tell) {
    this.#view = view;
    this.#history = history;
    this.#stream = stream;
    this.#tell = tell;
    view.addEventListener('top', () => this.#fetch());
  }

  /** The terminal has been given a snapshot. */
  restored() {
    this.#isThere = false;
  }

  async #fetch() {
    if (this.#isThere || this.#stream.offset === null) {
      return;
    }
    this.#isThere = true;
    try {
      const missing = ({ scrollbackLines }) => scrollbackLines - this.#view.linesAbove;
      let lines = 0;
      const all = await this.#history.fetch(
        (told) => (lines = missing(told)) > 0,
        (part) => this.#tell(aboveInWords(lines, part)),
      );
      this.#isThere = all === null || this.#show(all);
    } catch (error) {
      this.#isThere = false;
      log.warn('scrollback', error.message);
    }
    this.#tell('');
  }

  /** False: the session has gone on too far meanwhile. */
  #show(all) {
    const { offset } = this.#stream;
    if (offset === null || offset - all.offset > MOST_BEHIND) {
      return false;
    }
    let shown = false;
    this.#view.keepingPlace(() => {
      shown = this.#stream.goBackTo(all, new TextEncoder().encode(all.data));
    });
    return shown;
  }
}
