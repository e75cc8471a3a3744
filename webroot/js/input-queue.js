/** Largest piece of one `input` message in UTF-16 units: well below the bridge's 1 MiB frame. */
export const PIECE_CHARS = 65_536;
/** Sent and not yet taken by the hub. A bigger paste waits here, not in the socket. */
export const WINDOW_CHARS = 131_072;
/** What may wait here. Beyond it input is refused: a paste of that size is a mistake. */
export const QUEUE_CHARS = 8 * 1024 * 1024;

/** Typed and pasted input on its way to a session: in order, in pieces, with a window. */
export class InputQueue {
  #send;
  #onError;
  #waiting = [];
  #waitingChars = 0;
  #inFlight = 0;
  #closed = false;

  /**
   * @param send takes {text} or {binary} and returns a promise
   * @param onError takes what `send` rejects with; what waits is dropped then
   */
  constructor(send, onError) {
    this.#send = send;
    this.#onError = onError;
  }

  /** False: refused, too much waits already. */
  text(text) {
    return this.#add(text, (piece) => ({ text: piece }));
  }

  binary(binary) {
    return this.#add(binary, (piece) => ({ binary: piece }));
  }

  close() {
    this.#closed = true;
    this.#drop();
  }

  #add(data, wrap) {
    if (this.#waitingChars + data.length > QUEUE_CHARS) {
      return false;
    }
    for (const piece of pieces(data)) {
      this.#waiting.push({ message: wrap(piece), chars: piece.length });
      this.#waitingChars += piece.length;
    }
    this.#pump();
    return true;
  }

  #pump() {
    while (!this.#closed && this.#waiting.length > 0 && this.#inFlight < WINDOW_CHARS) {
      const { message, chars } = this.#waiting.shift();
      this.#waitingChars -= chars;
      this.#inFlight += chars;
      this.#send(message).then(
        () => this.#taken(chars),
        (error) => this.#failed(chars, error),
      );
    }
  }

  #taken(chars) {
    this.#inFlight -= chars;
    this.#pump();
  }

  #failed(chars, error) {
    this.#inFlight -= chars;
    this.#drop();
    if (!this.#closed) {
      this.#onError(error);
    }
  }

  #drop() {
    this.#waiting = [];
    this.#waitingChars = 0;
  }
}

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
