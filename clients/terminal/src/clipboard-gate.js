/** A longer text is not put on the clipboard by a program. */
export const MAX_CLIPBOARD_CHARS = 1_000_000;

/**
 * Lets programs write to the clipboard (OSC 52), each session only after its user has said yes once, and only
 * while it is the one that is looked at. Without an answer nothing is written. Viewers that cannot type are never asked: what
 * runs there is not theirs. Nothing is ever read from the clipboard for a program.
 */
export class ClipboardGate {
  #ask;
  #write;
  #refused;
  #answers = new Map();
  #pending = null;

  /**
   * @param ask takes {label, chars, answer(allowed)} to ask the user with, or null to ask no more
   * @param write puts a text on the clipboard; → a promise, of false where the browser did not let it
   * @param refused tells the user that not even a click made the browser let it
   */
  constructor(ask, write, refused = () => {}) {
    this.#ask = ask;
    this.#write = write;
    this.#refused = refused;
  }

  /** @param looked whether the user is looking at that session */
  wants(open, text, looked) {
    const answer = this.#answers.get(open.id);
    if (open.readOnly || !looked || answer === false || text.length > MAX_CLIPBOARD_CHARS) {
      return;
    }
    if (answer === true) {
      this.#put(text, () => this.#question(open, text));
    } else {
      this.#question(open, text);
    }
  }

  /** Another session is shown: an open question is withdrawn, and asked again when there is a reason. */
  lookedAway() {
    if (this.#pending !== null) {
      this.#pending = null;
      this.#ask(null);
    }
  }

  /** A closed tab is asked anew when it is opened again. */
  forget(id) {
    this.#answers.delete(id);
  }

  /** Writes, or does otherwise where the browser refuses: some let a page write only after a click or key, as an answer is. */
  #put(text, otherwise) {
    Promise.resolve(this.#write(text)).then((written) => written === false && otherwise());
  }

  #question(open, text) {
    this.#pending = { open, text };
    this.#ask({ label: open.label, chars: text.length, answer: (allowed) => this.#answered(open, allowed) });
  }

  #answered(open, allowed) {
    const { text } = this.#pending;
    this.#pending = null;
    this.#answers.set(open.id, allowed);
    this.#ask(null);
    if (allowed) {
      this.#put(text, this.#refused);
    }
  }
}
