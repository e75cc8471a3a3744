import { child, setText } from '../../packages/terminal/elements.js';

/**
 * The tabs of the open sessions. Rows are kept and updated in place, so that focus stays.
 * Events, each with the id as detail: `select`, `close`.
 */
export class TabStrip extends EventTarget {
  #root;
  #tabs = new Map();

  constructor(root) {
    super();
    this.#root = root;
    root.addEventListener('keydown', (event) => this.#keyed(event));
  }

  /** @param tabs [{id, label, panel, selected, ended, alert: '' | 'output' | 'bell'}] in their order */
  show(tabs) {
    const wanted = new Set(tabs.map(({ id }) => id));
    for (const [id, tab] of this.#tabs) {
      if (!wanted.has(id)) {
        tab.item.remove();
        this.#tabs.delete(id);
      }
    }
    tabs.forEach((facts, index) => this.#place(facts, index));
    this.#root.classList.toggle('empty', tabs.length === 0);
  }

  #place(facts, index) {
    let tab = this.#tabs.get(facts.id);
    if (!tab) {
      tab = this.#newTab(facts.id);
      this.#tabs.set(facts.id, tab);
    }
    if (this.#root.children[index] !== tab.item) {
      this.#root.insertBefore(tab.item, this.#root.children[index] ?? null);
    }
    const becameSelected = facts.selected && tab.button.getAttribute('aria-selected') !== 'true';
    this.#fill(tab, facts);
    if (becameSelected) {
      tab.item.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    }
  }

  #newTab(id) {
    const item = document.createElement('div');
    item.className = 'tab';
    item.setAttribute('role', 'presentation');
    const button = child(item, 'tab-button', 'button');
    button.type = 'button';
    button.setAttribute('role', 'tab');
    button.dataset.session = id;
    const label = child(button, 'tab-label');
    const alert = child(button, 'visually-hidden');
    const close = child(item, 'tab-close', 'button');
    close.type = 'button';
    close.tabIndex = -1;
    close.textContent = '×';
    close.title = 'Close the tab; the session goes on';
    button.addEventListener('click', () => this.#emit('select', id));
    item.addEventListener('auxclick', (event) => event.button === 1 && this.#emit('close', id));
    close.addEventListener('click', () => this.#emit('close', id));
    return { item, button, label, alert, close };
  }

  #fill({ item, button, label, alert, close }, facts) {
    setText(label, facts.label);
    setText(alert, { bell: ', bell', output: ', new output' }[facts.alert] ?? '');
    item.dataset.alert = facts.alert;
    item.classList.toggle('ended', facts.ended);
    item.classList.toggle('selected', facts.selected);
    button.title = facts.label;
    button.setAttribute('aria-selected', String(facts.selected));
    button.setAttribute('aria-controls', facts.panel);
    button.tabIndex = facts.selected ? 0 : -1;
    close.setAttribute('aria-label', `Close the tab of ${facts.label}; the session goes on`);
  }

  #keyed(event) {
    const buttons = [...this.#root.querySelectorAll('[role=tab]')];
    const at = buttons.indexOf(event.target);
    const moves = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: buttons.length - 1 };
    if (at >= 0 && event.key in moves) {
      buttons[moves[event.key]]?.focus();
    } else if (at >= 0 && event.key === 'Delete') {
      this.#emit('close', event.target.dataset.session);
    } else {
      return;
    }
    event.preventDefault();
  }

  #emit(type, id) {
    this.dispatchEvent(new CustomEvent(type, { detail: id }));
  }
}
