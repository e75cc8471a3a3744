/** What a piece may take to come: a key's echo stands behind it. */
const PIECE_MS = 250;
/** A piece that comes sooner than this is followed by a larger one. */
const SOON_MS = 100;
/** In UTF-16 units; the first one is that of a link of 50 kB/s. */
const FIRST_PIECE = 4_096;
const LEAST_PIECE = 1_024;
const MOST_PIECE = 65_536;
/** Who types has the link for himself, until so long after a key. */
const REST_MS = 1_000;
/** Of each connection what is fetched at the moment: the hub keeps one snapshot for it. */
const running = new WeakMap();

/**
 * Fetches a session's whole scrollback in pieces, one after the other, each as large as the link takes soon; none while
 * somebody types.
 */
export class History {
  #api;
  #session;
  #timers;
  #now;
  #typedAt = -Infinity;

  constructor(api, session, { timers = globalThis, now = () => performance.now() } = {}) {
    this.#api = api;
    this.#session = session;
    this.#timers = timers;
    this.#now = now;
  }

  /** A key was typed: its echo comes first. */
  typed() {
    this.#typedAt = this.#now();
  }

  /**
   * @param wants gets the first piece, which tells how many lines there are: whether to go on
   * @param progress gets how much is there, 0 to 1
   * @returns {cols, rows, offset, data}, or null where that is not wanted
   */
  fetch(wants, progress) {
    const before = running.get(this.#api) ?? Promise.resolve();
    const fetched = before.catch(() => {}).then(() => this.#fetch(wants, progress));
    running.set(this.#api, fetched);
    return fetched;
  }

  async #fetch(wants, progress) {
    let size = FIRST_PIECE;
    let { next, data, ...told } = await this.#api.snapshotPiece(this.#session, size);
    if (!wants(told)) {
      return null;
    }
    const pieces = [data];
    let chars = data.length;
    while (next !== undefined) {
      progress(chars / told.chars);
      await this.#quiet();
      const askedAt = this.#now();
      ({ next, data } = await this.#api.snapshotPiece(this.#session, size, next));
      size = nextSize(size, this.#now() - askedAt);
      pieces.push(data);
      chars += data.length;
    }
    return { ...told, data: pieces.join('') };
  }

  async #quiet() {
    let wait;
    while ((wait = this.#typedAt + REST_MS - this.#now()) > 0) {
      await new Promise((done) => this.#timers.setTimeout(done, wait));
    }
  }
}

function nextSize(size, ms) {
  if (ms < SOON_MS) {
    return Math.min(MOST_PIECE, size * 2);
  }
  return ms > PIECE_MS ? Math.max(LEAST_PIECE, size / 2) : size;
}
