import { encodeBinaryString } from './base64.js';

/** Largest piece of one `input` message in UTF-16 units: well below the bridge's 1 MiB frame. */
export const PIECE_CHARS = 65_536;
/** Sent and not yet taken by the hub. A bigger paste waits here, not in the socket. */
export const WINDOW_CHARS = 131_072;
/** Characters that may wait here. Beyond it input is refused: a paste of that size is a mistake. */
export const QUEUE_CHARS = 8 * 1024 * 1024;
/** Input that was typed longer ago while nothing could be sent is not sent any more: its user has gone on. */
export const KEPT_MS = 120_000;

/**
 * Typed and pasted input on its way to a session: in order, in pieces, with a window, and nothing ever
 * twice. While it is held, input is kept and sent later, in order. After a piece of which nobody knows
 * whether it arrived nothing that followed it is sent: the rest of a command is another command.
 *
 * The listener gets `refused(error)`: the hub took a piece not; `lost({unconfirmed, unsent})`: so many
 * characters may not have been taken, so many were not sent; `taken(at)`: a piece typed then has arrived.
 * Reports of mouse and focus, which nobody typed, are never kept nor told of.
 */
export class InputQueue {
  #send;
  #listener;
  #timers;
  #now;
  /** {message, chars, typed: characters that a person typed, at} */
  #waiting = [];
  #waitingChars = 0;
  #inFlight = new Set();
  #inFlightChars = 0;
  #held = false;
  /** Something may be missing in the session: nothing is kept until sending begins anew. */
  #broken = false;
  #lost = { unconfirmed: 0, unsent: 0 };
  #tellTimer = null;
  #closed = false;

  /** @param send takes {text} or {binary} and returns a promise that rejects with a HubError */
  constructor(send, listener, { timers = globalThis, now = () => performance.now() } = {}) {
    this.#send = send;
    this.#listener = listener;
    this.#timers = timers;
    this.#now = now;
  }

  /** Returns false where too much waits already: it is refused. */
  text(text, { typed = true } = {}) {
    return this.#add(text, typed, (piece) => ({ text: piece }));
  }

  binary(binary) {
    return this.#add(binary, false, (piece) => ({ binary: piece }));
  }

  /** Keeps what is typed from now on. */
  hold() {
    this.#held = true;
  }

  /** Sends what was kept, but for what is too old, and what is typed from now on. */
  release() {
    if (!this.#held) {
      return;
    }
    this.#held = false;
    if (this.#waiting.length > 0 && this.#now() - this.#waiting[0].at > KEPT_MS) {
      this.#drop();
    }
    this.#tellLost();
    this.#broken = false;
    this.#lost = { unconfirmed: 0, unsent: 0 };
    this.#pump();
  }

  /** There is nobody any more to send it to. */
  abandon() {
    this.#drop();
    this.#tellLost();
  }

  close() {
    this.#closed = true;
    this.#timers.clearTimeout(this.#tellTimer);
    this.#clear();
  }

  /** Input that a person typed and the hub has not confirmed: {unconfirmed, unsent} in characters, `at` when the oldest was typed. */
  get open() {
    const sum = (pieces) => pieces.reduce((chars, { typed }) => chars + typed, 0);
    const all = [...this.#inFlight, ...this.#waiting];
    return {
      unconfirmed: sum([...this.#inFlight]),
      unsent: sum(this.#waiting),
      at: Math.min(...all.filter(({ typed }) => typed > 0).map(({ at }) => at)),
    };
  }

  #add(data, typed, wrap) {
    if (this.#held && !typed) {
      return true;
    }
    if (this.#broken) {
      this.#noteLost('unsent', data.length);
      return true;
    }
    if (this.#waitingChars + data.length > QUEUE_CHARS) {
      return false;
    }
    const at = this.#now();
    for (const piece of pieces(data)) {
      this.#waiting.push({ message: wrap(piece), chars: piece.length, typed: typed ? piece.length : 0, at });
      this.#waitingChars += piece.length;
    }
    this.#pump();
    return true;
  }

  #pump() {
    while (!this.#closed && !this.#held && this.#waiting.length > 0 && this.#inFlightChars < WINDOW_CHARS) {
      const piece = this.#waiting.shift();
      this.#waitingChars -= piece.chars;
      this.#inFlightChars += piece.chars;
      this.#inFlight.add(piece);
      this.#send(piece.message).then(
        () => this.#taken(piece),
        (error) => this.#failed(piece, error),
      );
    }
  }

  #settled(piece) {
    this.#inFlight.delete(piece);
    this.#inFlightChars -= piece.chars;
  }

  #taken(piece) {
    this.#settled(piece);
    if (!this.#closed && piece.typed > 0) {
      this.#listener.taken(piece.at);
    }
    this.#pump();
  }

  #failed(piece, error) {
    this.#settled(piece);
    if (this.#closed) {
      return;
    }
    if (error.code === 0 || error.uncertain) {
      this.#broken = this.#held;
      this.#noteLost(error.uncertain ? 'unconfirmed' : 'unsent', piece.typed);
      this.#drop();
    } else {
      this.#clear();
      this.#listener.refused(error);
    }
  }

  #drop() {
    this.#noteLost('unsent', this.open.unsent);
    this.#clear();
  }

  #clear() {
    this.#waiting = [];
    this.#waitingChars = 0;
  }

  /** Pieces fail together: told once, and again where more is added while nothing can be sent. */
  #noteLost(what, chars) {
    if (chars > 0) {
      this.#lost[what] += chars;
      this.#tellTimer ??= this.#timers.setTimeout(() => this.#tellLost(), 0);
    }
  }

  #tellLost() {
    if (this.#tellTimer === null || this.#closed) {
      return;
    }
    this.#timers.clearTimeout(this.#tellTimer);
    this.#tellTimer = null;
    this.#listener.lost({ ...this.#lost });
    if (!this.#broken) {
      this.#lost = { unconfirmed: 0, unsent: 0 };
    }
  }
}

/** The body of the request `input` for a piece. */
export const inputBody = (piece) => ('text' in piece ? { data: piece.text } : { base64: encodeBinaryString(piece.binary) });

/** Cuts without tearing a surrogate pair. */
function* pieces(data) {
  for (let from = 0; from < data.length; ) {
    let to = Math.min(data.length, from + PIECE_CHARS);
    const last = data.charCodeAt(to - 1);
    if (to < data.length && last >= 0xd800 && last <= 0xdbff) {
      to--;
    }
    yield data.slice(from, to);
    from = to;
  }
}
