import { readStored, store } from './stored.js';

const KEY = 'theme';
const CHOICES = ['auto', 'light', 'dark'];
const NAMES = { auto: 'as the system', light: 'light', dark: 'dark' };

/**
 * Light, dark or as the system says; the choice is kept in this browser. Event `change` when the
 * theme in effect changes.
 */
export class ThemeSwitch extends EventTarget {
  #button;
  #root;
  #system = matchMedia('(prefers-color-scheme: dark)');
  #choice;

  constructor(button, root) {
    super();
    this.#button = button;
    this.#root = root;
    const stored = readStored(KEY);
    this.#choice = CHOICES.includes(stored) ? stored : 'auto';
    this.#apply();
    button.addEventListener('click', () => this.#next());
    this.#system.addEventListener('change', () => this.#apply());
  }

  /** 'light' or 'dark'. */
  get current() {
    return this.#choice === 'auto' ? (this.#system.matches ? 'dark' : 'light') : this.#choice;
  }

  #next() {
    this.#choice = CHOICES[(CHOICES.indexOf(this.#choice) + 1) % CHOICES.length];
    store(KEY, this.#choice);
    this.#apply();
  }

  #apply() {
    const label = `Theme: ${NAMES[this.#choice]}`;
    this.#root.dataset.theme = this.current;
    this.#button.dataset.choice = this.#choice;
    this.#button.title = label;
    this.#button.setAttribute('aria-label', label);
    this.dispatchEvent(new Event('change'));
  }
}
