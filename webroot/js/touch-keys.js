const ARROWS = { up: 'A', down: 'B', right: 'C', left: 'D' };
const PLAIN = { escape: '\x1b', tab: '\t', pipe: '|', slash: '/', dash: '-', tilde: '~' };

/** Keys that a phone's keyboard lacks. Ctrl applies to the next character typed. */
export class TouchKeys {
  #root;
  #view;
  #ctrl;

  constructor(root, view) {
    this.#root = root;
    this.#view = view;
    this.#ctrl = root.querySelector('[data-key=ctrl]');
    root.addEventListener('pointerdown', (event) => event.preventDefault());
    root.addEventListener('click', (event) => this.#pressed(event.target.closest('button')));
  }

  /** What to send for typed text: a letter becomes its control character while Ctrl is down. */
  applyCtrl(text) {
    if (this.#ctrl.getAttribute('aria-pressed') !== 'true' || text.length !== 1) {
      return text;
    }
    this.#setCtrl(false);
    return controlCharacter(text);
  }

  #pressed(button) {
    const key = button?.dataset.key;
    if (key === 'ctrl') {
      this.#setCtrl(this.#ctrl.getAttribute('aria-pressed') !== 'true');
    } else if (key in ARROWS) {
      this.#view.type(`\x1b${this.#view.applicationCursorKeys ? 'O' : '['}${ARROWS[key]}`);
    } else if (key in PLAIN) {
      this.#view.type(PLAIN[key]);
    }
    this.#view.focus();
  }

  #setCtrl(down) {
    this.#ctrl.setAttribute('aria-pressed', String(down));
  }
}

/** a → ^A, [ → ESC, and so on; what has no control character stays. */
export function controlCharacter(text) {
  const code = text.toUpperCase().charCodeAt(0);
  return code >= 0x40 && code <= 0x5f ? String.fromCharCode(code - 0x40) : text;
}
