/**
 * Asks whether a session's program may write to the clipboard. It does not take the focus: what is being typed must not
 * answer it.
 */
export class ClipboardQuestion {
  #root;
  #text;
  #answer = () => {};

  constructor(root) {
    this.#root = root;
    this.#text = root.querySelector('[data-text]');
    root.querySelector('[data-allow]').addEventListener('click', () => this.#answer(true));
    root.querySelector('[data-deny]').addEventListener('click', () => this.#answer(false));
  }

  /** @param wanted {label, chars, answer}, or null to ask no more */
  show(wanted) {
    this.#root.hidden = wanted === null;
    this.#answer = wanted?.answer ?? (() => {});
    if (wanted !== null) {
      const chars = wanted.chars === 1 ? '1 character' : `${wanted.chars} characters`;
      this.#text.textContent = `A program in “${wanted.label}” wants to put ${chars} on your clipboard.`;
    }
  }
}
