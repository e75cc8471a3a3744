/** A message stays so long. */
const SHOWN_MS = 7_000;
/** Messages at once: more would hide the page, so the oldest goes. */
const MAX_SHOWN = 4;

/** Short messages at the edge of the page; errors are announced at once by screen readers. */
export class Toasts {
  #root;

  constructor(root) {
    this.#root = root;
  }

  info(text) {
    this.#show(text, 'info');
  }

  error(text) {
    this.#show(text, 'error');
  }

  #show(text, kind) {
    const same = [...this.#root.children].find((toast) => toast.dataset.text === text);
    same?.remove();
    const toast = document.createElement('div');
    toast.className = `toast ${kind}`;
    toast.dataset.text = text;
    toast.setAttribute('role', kind === 'error' ? 'alert' : 'status');
    const words = document.createElement('span');
    words.textContent = text;
    const close = document.createElement('button');
    close.type = 'button';
    close.className = 'icon-button';
    close.setAttribute('aria-label', 'Dismiss');
    close.textContent = '×';
    close.addEventListener('click', () => toast.remove());
    toast.append(words, close);
    this.#root.append(toast);
    while (this.#root.children.length > MAX_SHOWN) {
      this.#root.firstChild.remove();
    }
    setTimeout(() => toast.remove(), SHOWN_MS);
  }
}
