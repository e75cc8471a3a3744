/** Wires what operators see: the flow board, which gives way to a session that is chosen, and who watches. */
export class OperatorControls {
  #board;
  #opener;
  #viewers;
  #pane;
  #list;
  #toasts;
  #shown = null;

  /** @param opener the button of the board */
  constructor({ board, opener, viewers, pane, list, toasts }) {
    this.#board = board;
    this.#opener = opener;
    this.#viewers = viewers;
    this.#pane = pane;
    this.#list = list;
    this.#toasts = toasts;
  }

  start() {
    this.#opener.addEventListener('click', () => this.#toggle());
    this.#board.addEventListener('open', (event) => this.#open(event.detail));
    this.#list.addEventListener('open', () => this.#board.close());
    this.#pane.addEventListener('changed', () => this.#changed());
    for (const part of [this.#board, this.#viewers]) {
      part.addEventListener('info', (event) => this.#toasts.info(event.detail));
      part.addEventListener('problem', (event) => this.#toasts.error(event.detail));
    }
  }

  #toggle() {
    if (this.#board.isOpen) {
      this.#board.close();
    } else {
      this.#board.open(this.#opener);
    }
  }

  /** The fragment names the session that is shown; a change of it opens another one. */
  #open(id) {
    if (this.#pane.session?.id !== id) {
      location.hash = id;
    }
  }

  #changed() {
    const { session, subscriber } = this.#pane;
    this.#viewers.follow(session, subscriber);
    const id = session?.id ?? null;
    if (id !== null && id !== this.#shown) {
      this.#board.close();
    }
    this.#shown = id;
  }
}
