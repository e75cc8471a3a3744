import { child } from '../../packages/terminal/elements.js';

const MARGIN_PX = 6;

/**
 * A menu that opens where it is told and closes on Escape, on a click elsewhere and on a choice. Focus goes
 * into it and comes back.
 *
 * Items: {label, act, keys?, checked?, disabled?}, or null for a line.
 */
export class Menu {
  #root;
  #back = null;

  /** @param root an element with the attribute `popover` */
  constructor(root) {
    this.#root = root;
    root.setAttribute('role', 'menu');
    root.addEventListener('keydown', (event) => this.#keyed(event));
    root.addEventListener('toggle', (event) => event.newState === 'closed' && this.#closed());
  }

  /** @param back takes the focus when the menu closes by a choice or by Escape */
  open(items, x, y, back) {
    this.#back = back;
    this.#root.replaceChildren(...items.map((item) => (item === null ? line() : this.#item(item))));
    this.#root.showPopover();
    const { offsetWidth, offsetHeight } = this.#root;
    this.#root.style.left = `${Math.max(MARGIN_PX, Math.min(x, innerWidth - offsetWidth - MARGIN_PX))}px`;
    this.#root.style.top = `${Math.max(MARGIN_PX, Math.min(y, innerHeight - offsetHeight - MARGIN_PX))}px`;
    this.#buttons()[0]?.focus();
  }

  close() {
    this.#root.hidePopover();
  }

  #item({ label, act, keys, checked, disabled }) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'menu-item';
    button.disabled = disabled === true;
    button.tabIndex = -1;
    button.setAttribute('role', checked === undefined ? 'menuitem' : 'menuitemcheckbox');
    if (checked !== undefined) {
      button.setAttribute('aria-checked', String(checked));
    }
    child(button, 'menu-label').textContent = label;
    if (keys) {
      child(button, 'menu-keys').textContent = keys;
    }
    button.addEventListener('click', () => {
      this.close();
      act();
    });
    return button;
  }

  #buttons() {
    return [...this.#root.querySelectorAll('button:not(:disabled)')];
  }

  #keyed(event) {
    const buttons = this.#buttons();
    const at = buttons.indexOf(document.activeElement);
    const moves = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 };
    if (event.key in moves) {
      buttons.at(moves[event.key] % buttons.length).focus();
      event.preventDefault();
    } else if (event.key === 'Tab') {
      event.preventDefault();
      this.close();
    }
  }

  #closed() {
    const inside = this.#root.contains(document.activeElement) || document.activeElement === document.body;
    this.#root.replaceChildren();
    if (inside) {
      this.#back?.();
    }
  }
}

function line() {
  const hr = document.createElement('hr');
  hr.setAttribute('role', 'separator');
  return hr;
}
