import { child, setText } from '../../packages/terminal/elements.js';
import { sessionFacts } from './session-facts.js';
import { sessionLabel } from './words.js';

/** Fewer are seen at a glance. */
const FILTER_FROM = 6;

/**
 * The list of sessions. Rows are kept and updated in place, so nothing flickers and focus stays.
 * Events, each with the session as detail: `open`, `kill`, `rename`.
 */
export class SessionList extends EventTarget {
  #list;
  #count;
  #empty;
  #filter;
  #rows = new Map();
  #sessions = new Map();
  #current = null;

  /** @param filter a search field: only sessions with its words in name, title, command, directory or node are shown */
  constructor({ list, count, empty, filter }) {
    super();
    this.#filter = filter;
    filter.addEventListener('input', () => this.#applyFilter());
    filter.addEventListener('keydown', (event) => this.#keyedInFilter(event));
    this.#list = list;
    this.#count = count;
    this.#empty = empty;
    list.addEventListener('keydown', (event) => this.#keyed(event));
  }

  get(id) {
    return this.#sessions.get(id);
  }

  /** A title that is known here before the hub's list has it. */
  retitle(id, title) {
    const session = this.#sessions.get(id);
    if (session && session.title !== title) {
      this.#sessions.set(id, { ...session, title });
      this.#fill(this.#rows.get(id), this.#sessions.get(id));
    }
  }

  /** All sessions, oldest first. */
  show(sessions) {
    const sorted = [...sessions].sort((a, b) => createdAt(a) - createdAt(b) || (a.id < b.id ? -1 : 1));
    this.#sessions = new Map(sorted.map((session) => [session.id, session]));
    for (const [id, row] of this.#rows) {
      if (!this.#sessions.has(id)) {
        row.item.remove();
        this.#rows.delete(id);
      }
    }
    sorted.forEach((session, index) => this.#place(session, index));
    this.#count.textContent = String(sorted.length);
    this.#empty.hidden = sorted.length > 0;
    this.#applyFilter();
  }

  /** Offered where there are many, or where it hides some. */
  #applyFilter() {
    const words = this.#filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    this.#filter.hidden = words.length === 0 && this.#sessions.size < FILTER_FROM;
    for (const [id, { item }] of this.#rows) {
      const text = this.#filterText(this.#sessions.get(id));
      item.hidden = !words.every((word) => text.includes(word));
    }
  }

  #filterText(session) {
    const { title, command = [], cwd, node } = session;
    return [sessionLabel(session), title, ...command, cwd, node].filter(Boolean).join('\n').toLowerCase();
  }

  #keyedInFilter(event) {
    const first = this.#list.querySelector('li:not([hidden]) button');
    if (event.key === 'Escape' && this.#filter.value !== '') {
      this.#filter.value = '';
      this.#applyFilter();
    } else if (event.key === 'ArrowDown') {
      first?.focus();
    } else if (event.key === 'Enter') {
      first?.click();
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  /** Marks the session that is shown, or none. */
  set current(id) {
    const changed = this.#current !== id;
    this.#current = id;
    if (changed) {
      this.#rows.get(id)?.item.scrollIntoView({ block: 'nearest' });
    }
    for (const [rowId, row] of this.#rows) {
      this.#mark(rowId, row);
    }
  }

  focus() {
    const row = this.#rows.get(this.#current) ?? this.#rows.values().next().value;
    row?.button.focus();
  }

  #place(session, index) {
    let row = this.#rows.get(session.id);
    if (!row) {
      row = this.#newRow(session.id);
      this.#rows.set(session.id, row);
    }
    if (this.#list.children[index] !== row.item) {
      this.#list.insertBefore(row.item, this.#list.children[index] ?? null);
    }
    this.#fill(row, session);
    this.#mark(session.id, row);
  }

  #newRow(id) {
    const item = document.createElement('li');
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'session';
    button.dataset.session = id;
    const dot = child(button, 'state-dot');
    dot.setAttribute('aria-hidden', 'true');
    const row = {
      item,
      button,
      name: child(button, 'session-name'),
      detail: child(button, 'session-detail'),
      figures: child(button, 'session-detail figures'),
    };
    button.addEventListener('click', () => this.#emit('open', id));
    item.append(button);
    return row;
  }

  #fill(row, session) {
    const exited = session.state === 'exited';
    const { activity, figures } = sessionFacts(session, Date.now());
    setText(row.name, sessionLabel(session));
    setText(row.detail, activity);
    setText(row.figures, figures);
    row.button.classList.toggle('exited', exited);
    row.button.classList.toggle('failed', exited && session.exit?.code !== 0);
    row.button.title = [session.command?.join(' '), session.cwd, session.node].filter(Boolean).join('\n');
  }

  #mark(id, row) {
    if (id === this.#current) {
      row.button.setAttribute('aria-current', 'true');
    } else {
      row.button.removeAttribute('aria-current');
    }
  }

  #keyed(event) {
    const buttons = [...this.#list.querySelectorAll('li:not([hidden]) button')];
    const at = buttons.indexOf(event.target);
    const moves = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: buttons.length - 1 };
    const id = event.target.dataset?.session;
    if (event.key in moves) {
      buttons[moves[event.key]]?.focus();
    } else if (event.key === 'Delete' && id) {
      this.#emit('kill', id);
    } else if (event.key === 'F2' && id) {
      this.#emit('rename', id);
    } else {
      return;
    }
    event.preventDefault();
  }

  #emit(type, id) {
    const session = this.#sessions.get(id);
    if (session) {
      this.dispatchEvent(new CustomEvent(type, { detail: session }));
    }
  }
}

/** Milliseconds; the hub may send a number or an ISO date. */
function createdAt(session) {
  return typeof session.createdAt === 'number' ? session.createdAt : Date.parse(session.createdAt) || 0;
}
