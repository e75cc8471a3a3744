import { setText } from '../../packages/terminal/elements.js';

/** Tells screen readers what happens to the session that is shown. A new title is no news: prompts change it all the time. */
export class Announcer {
  #root;
  #pane;
  #told = '';

  /** @param root a live region */
  constructor(root, pane) {
    this.#root = root;
    this.#pane = pane;
    pane.addEventListener('changed', () => this.#changed());
    pane.addEventListener('bell', (event) => setText(root, `Bell in ${event.detail.label}`));
  }

  #changed() {
    const { current } = this.#pane;
    const { cols, rows } = current?.session ?? {};
    const state = [current?.id, current?.running, current?.watchOnly, cols, rows].join(' ');
    if (state !== this.#told) {
      this.#told = state;
      setText(this.#root, current === null ? 'No session is open' : stateInWords(current));
    }
  }
}

/** Describes what is shown, in one sentence. */
export function stateInWords({ label, running, watchOnly, session }) {
  if (!running) {
    return `${label}, ended; this is its last screen`;
  }
  return `${label}, ${session.cols} columns, ${session.rows} rows${watchOnly ? ', read only' : ''}`;
}
