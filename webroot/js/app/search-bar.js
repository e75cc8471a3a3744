/** Colours of the matches, on a dark and on a light terminal. */
const MARKS = {
  dark: { match: '#5a4a12', active: '#a8791a', border: '#e0b24a' },
  light: { match: '#ffe9a8', active: '#ffc83d', border: '#8a6100' },
};

/**
 * Finds text in the scrollback of the terminal that is shown. Typing goes to the newest match; Enter to the one
 * above it, Shift+Enter to the one below. Event `closed`.
 */
export class SearchBar extends EventTarget {
  #root;
  #view;
  #theme;
  #field;
  #count;
  #options;
  /** The view whose matches are marked, and what stops listening to it. */
  #marked = null;
  #stopListening = () => {};

  /**
   * @param view → the terminal view that is shown
   * @param theme → 'dark' or 'light'
   */
  constructor(root, view, theme) {
    super();
    this.#root = root;
    this.#view = view;
    this.#theme = theme;
    this.#field = root.querySelector('input[type=search]');
    this.#count = root.querySelector('[data-count]');
    this.#options = { caseSensitive: button(root, 'case'), wholeWord: button(root, 'word'), regex: button(root, 'regex') };
    this.#field.addEventListener('input', () => this.#fromTheEnd());
    for (const option of Object.values(this.#options)) {
      option.addEventListener('click', () => {
        option.setAttribute('aria-pressed', String(option.getAttribute('aria-pressed') !== 'true'));
        this.#fromTheEnd();
      });
    }
    button(root, 'up').addEventListener('click', () => this.#find('findPrevious'));
    button(root, 'down').addEventListener('click', () => this.#find('findNext'));
    button(root, 'close').addEventListener('click', () => this.close());
    root.addEventListener('keydown', (event) => this.#keyed(event));
  }

  get isOpen() {
    return !this.#root.hidden;
  }

  open() {
    const selected = this.#view().selection;
    this.#root.hidden = false;
    if (selected !== '' && !selected.includes('\n')) {
      this.#field.value = selected;
    }
    this.#field.focus();
    this.#field.select();
    this.#fromTheEnd();
  }

  close() {
    if (this.isOpen) {
      this.#root.hidden = true;
      this.#unmark();
      this.dispatchEvent(new Event('closed'));
    }
  }

  /** Another terminal is shown: its matches are looked for. */
  viewChanged() {
    if (this.isOpen && this.#marked !== null && this.#marked !== this.#view()) {
      this.#fromTheEnd();
    }
  }

  #keyed(event) {
    if (event.key === 'Escape') {
      this.close();
    } else if (event.key === 'Enter' && event.target === this.#field && !event.isComposing) {
      this.#find(event.shiftKey ? 'findNext' : 'findPrevious');
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  #fromTheEnd() {
    this.#unmark();
    this.#view().clearSelection();
    this.#find('findPrevious');
  }

  #find(direction) {
    this.#listen();
    const view = this.#view();
    const term = this.#field.value;
    try {
      const found = view.search[direction](term, this.#searchOptions());
      if (term === '' || !found) {
        this.#show(term === '' ? '' : 'No match');
      }
    } catch {
      this.#show('Not a valid expression');
    }
  }

  #searchOptions() {
    const marks = MARKS[this.#theme()];
    const pressed = Object.entries(this.#options).map(([name, option]) => [name, option.getAttribute('aria-pressed') === 'true']);
    return {
      ...Object.fromEntries(pressed),
      decorations: {
        matchBackground: marks.match,
        matchOverviewRuler: marks.border,
        activeMatchBackground: marks.active,
        activeMatchBorder: marks.border,
        activeMatchColorOverviewRuler: marks.border,
      },
    };
  }

  #listen() {
    const view = this.#view();
    if (this.#marked !== view) {
      this.#unmark();
      this.#marked = view;
      const listener = view.search.onDidChangeResults((result) => this.#show(matchesInWords(result)));
      this.#stopListening = () => listener.dispose();
    }
  }

  #unmark() {
    this.#stopListening();
    this.#stopListening = () => {};
    this.#marked?.search.clearDecorations();
    this.#marked = null;
  }

  #show(text) {
    this.#count.textContent = text;
  }
}

/** A result of the search add-on; the index is -1 where there are too many to count. */
export function matchesInWords({ resultIndex, resultCount }) {
  if (resultCount === 0) {
    return 'No match';
  }
  return resultIndex < 0 ? `More than ${resultCount} matches` : `${resultIndex + 1} of ${resultCount}`;
}

const button = (root, name) => root.querySelector(`[data-search=${name}]`);
