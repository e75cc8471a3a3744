import { child } from './elements.js';

const CURSOR = { up: 'A', down: 'B', right: 'C', left: 'D', home: 'H', end: 'F' };
const PAGE = { pageUp: 5, pageDown: 6 };
const PLAIN = { escape: '\x1b', tab: '\t', pipe: '|', slash: '/', dash: '-', tilde: '~' };

/** The row: name, text, and a label where the text says too little. */
const ROW = [
  ['escape', 'Esc'],
  ['tab', 'Tab'],
  ['ctrl', 'Ctrl'],
  ['alt', 'Alt'],
  ['left', '←', 'Left'],
  ['down', '↓', 'Down'],
  ['up', '↑', 'Up'],
  ['right', '→', 'Right'],
  ['pipe', '|'],
  ['slash', '/'],
  ['dash', '-'],
  ['tilde', '~'],
  ['home', 'Home'],
  ['end', 'End'],
  ['pageUp', 'PgUp', 'Page up'],
  ['pageDown', 'PgDn', 'Page down'],
  ['paste', 'Paste'],
];

/** Buttons for the keys that a phone's keyboard lacks. Ctrl and Alt apply to the next key, typed or from here. */
export class TouchKeys {
  #root;
  #view;
  #held;
  #paste;

  /**
   * @param view → the terminal that is shown
   * @param paste pastes what is on the clipboard
   */
  constructor(root, view, paste) {
    this.#root = root;
    this.#view = view;
    this.#paste = paste;
    for (const [key, text, label] of ROW) {
      const button = child(root, '', 'button');
      button.type = 'button';
      button.dataset.key = key;
      button.textContent = text;
      if (label) {
        button.setAttribute('aria-label', label);
      }
    }
    this.#held = { ctrl: root.querySelector('[data-key=ctrl]'), alt: root.querySelector('[data-key=alt]') };
    this.#release();
    root.addEventListener('pointerdown', (event) => event.preventDefault());
    root.addEventListener('click', (event) => this.#pressed(event.target.closest('button')));
  }

  /** Returns what to send for typed text: a letter becomes its control character while Ctrl is down, and so on. */
  apply(text) {
    if (text.length !== 1 || !(this.#isHeld('ctrl') || this.#isHeld('alt'))) {
      return text;
    }
    const { ctrl, alt } = this.#release();
    const char = ctrl ? controlCharacter(text) : text;
    return alt ? `\x1b${char}` : char;
  }

  #pressed(button) {
    const key = button?.dataset.key;
    if (key === 'ctrl' || key === 'alt') {
      this.#hold(key, !this.#isHeld(key));
    } else if (key in CURSOR || key in PAGE) {
      this.#view().type(keySequence(key, this.#view().applicationCursorKeys, this.#release()));
    } else if (key in PLAIN) {
      this.#view().type(PLAIN[key]);
    } else if (key === 'paste') {
      this.#paste();
    }
    this.#view().focus();
  }

  #release() {
    const held = { ctrl: this.#isHeld('ctrl'), alt: this.#isHeld('alt') };
    this.#hold('ctrl', false);
    this.#hold('alt', false);
    return held;
  }

  #isHeld(name) {
    return this.#held[name].getAttribute('aria-pressed') === 'true';
  }

  #hold(name, down) {
    this.#held[name].setAttribute('aria-pressed', String(down));
  }
}

/** The sequence that xterm sends for a key of the cursor block, with its modifiers as one parameter. */
export function keySequence(key, application, { ctrl = false, alt = false } = {}) {
  const modifier = 1 + (alt ? 2 : 0) + (ctrl ? 4 : 0);
  if (key in PAGE) {
    return modifier === 1 ? `\x1b[${PAGE[key]}~` : `\x1b[${PAGE[key]};${modifier}~`;
  }
  if (modifier > 1) {
    return `\x1b[1;${modifier}${CURSOR[key]}`;
  }
  return `\x1b${application ? 'O' : '['}${CURSOR[key]}`;
}

/** a → ^A, [ → ESC, and so on; what has no control character stays. */
export function controlCharacter(text) {
  const code = text.toUpperCase().charCodeAt(0);
  return code >= 0x40 && code <= 0x5f ? String.fromCharCode(code - 0x40) : text;
}
