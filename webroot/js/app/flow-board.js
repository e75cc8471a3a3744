import { setText } from '../../packages/terminal/elements.js';
import { FlowBoardModel, ZONES } from './flow-board-model.js';
import { FlowBoardRow } from './flow-board-row.js';
import { log } from '../../packages/client/log.js';
import { Sparkline } from './sparkline.js';
import { VirtualRows } from './virtual-rows.js';
import { WarningFeed } from './warning-feed.js';
import { bytesInWords, countInWords, failureInWords, userInWords } from './words.js';

const POLL_MS = 1_000;
/** Events come in bursts: one listing answers them all. */
const EVENT_MS = 250;
const WARNING_MS = 150;

/**
 * Every session and subscriber of the hub, for administrators. Asks the hub while it is in sight only, the
 * next time a second after the last answer. Of thousands of rows those in sight exist as elements. Events:
 * `open` with the id of a session, `problem` and `info` with a text for the user.
 */
export class FlowBoard extends EventTarget {
  #api;
  #bus;
  #confirm;
  #root;
  #parts;
  #model = new FlowBoardModel();
  #rows;
  #feed;
  #spark;
  #made = new WeakMap();
  #current = undefined;
  #heights = { session: 0, subscriber: 0 };
  #opener = null;
  #timer = null;
  #asking = false;
  #renderTimer = null;
  #unregister = [];

  /**
   * @param root the board's section, with elements marked `data-board`
   * @param confirm (title, text, action) → true where the user agreed
   */
  constructor(api, bus, root, confirm) {
    super();
    this.#api = api;
    this.#bus = bus;
    this.#root = root;
    this.#confirm = confirm;
    const parts = [...root.querySelectorAll('[data-board]')];
    this.#parts = Object.fromEntries(parts.map((each) => [each.dataset.board, each]));
    const { scroller, body, feed, spark, filter, behind, close } = this.#parts;
    this.#rows = new VirtualRows(scroller, body, {
      make: (row) => this.#make(row),
      fill: (element, row, index) => this.#fill(this.#made.get(element), row, index),
      heightOf: (row) => this.#heights[row.kind],
    });
    this.#feed = new WarningFeed(feed);
    this.#spark = new Sparkline(spark);
    filter.addEventListener('input', () => this.#render());
    behind.addEventListener('change', () => this.#render());
    close.addEventListener('click', () => this.close());
    body.addEventListener('click', (event) => this.#clicked(event));
    body.addEventListener('focusin', (event) => this.#focused(event.target.closest('.board-row')));
    root.addEventListener('keydown', (event) => this.#keyed(event));
    bus.addEventListener('close', () => (this.#unregister = []));
    document.addEventListener('visibilitychange', () => this.#ask());
    new ResizeObserver(() => this.#render()).observe(scroller);
  }

  get isOpen() {
    return !this.#root.hidden;
  }

  /** @param opener gets the focus back */
  open(opener) {
    this.#opener = opener;
    this.#root.hidden = false;
    document.body.classList.add('board-open');
    opener?.setAttribute('aria-expanded', 'true');
    (matchMedia('(pointer: coarse)').matches ? this.#parts.close : this.#parts.filter).focus();
    this.#ask();
  }

  close() {
    if (!this.isOpen) {
      return;
    }
    this.#root.hidden = true;
    document.body.classList.remove('board-open');
    clearTimeout(this.#timer);
    this.#unregister.forEach((unregister) => unregister());
    this.#unregister = [];
    this.#opener?.setAttribute('aria-expanded', 'false');
    this.#opener?.focus();
  }

  async #ask() {
    clearTimeout(this.#timer);
    if (!this.isOpen || document.hidden || this.#asking) {
      return;
    }
    this.#asking = true;
    try {
      const [listing, sessions] = await Promise.all([this.#api.subscribers(), this.#api.list()]);
      this.#model.update(listing, sessions, Date.now());
      this.#listen();
      setText(this.#parts.problem, '');
      this.#render();
    } catch (error) {
      log.warn('flow board', error.message);
      setText(this.#parts.problem, `Not up to date: ${error.message}`);
    } finally {
      this.#asking = false;
      this.#askIn(POLL_MS);
    }
  }

  #askIn(ms) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#ask(), ms);
  }

  /** Registrations end with the connection; the first answer on a new one makes them anew. */
  #listen() {
    if (this.#unregister.length === 0 && this.isOpen && this.#bus.isOpen) {
      this.#unregister = [
        this.#api.warnings((body) => this.#warned(body)),
        this.#api.events(() => this.#askIn(EVENT_MS)),
      ];
    }
  }

  #warned(body) {
    this.#feed.add(body, this.#model.warning(body));
    if (body.event === 'skipped') {
      this.#askIn(EVENT_MS);
    }
    this.#parts.quiet.hidden = true;
    this.#renderTimer ??= setTimeout(() => this.#render(), WARNING_MS);
  }

  #render() {
    clearTimeout(this.#renderTimer);
    this.#renderTimer = null;
    if (!this.isOpen) {
      return;
    }
    const { filter, behind, grid, none } = this.#parts;
    const rows = this.#model.rows({ text: filter.value, behindOnly: behind.checked });
    const at = this.#at();
    const focused = this.#parts.body.contains(document.activeElement);
    this.#heights = heights(this.#parts.body);
    grid.setAttribute('aria-rowcount', String(rows.length + 1));
    none.hidden = rows.length > 0;
    if (!rows.some((row) => row.key === this.#current)) {
      this.#current = rows[Math.min(Math.max(0, at), rows.length - 1)]?.key;
    }
    this.#rows.show(rows);
    if (focused && !this.#parts.body.contains(document.activeElement)) {
      this.#go(this.#at());
    }
    this.#summarise();
  }

  #at() {
    return this.#rows.rows.findIndex((row) => row.key === this.#current);
  }

  #summarise() {
    const { sessions, total, listed, throughput, ...zones } = this.#model.summary;
    const { summary, rate, capped } = this.#parts;
    setText(summary, `${plural(total, 'subscriber')} of ${plural(sessions, 'session')}`);
    for (const zone of ZONES) {
      setText(this.#parts[zone], `${countInWords(zones[zone])} ${zone}`);
    }
    setText(rate, `${bytesInWords(throughput.rate)}/s`);
    this.#spark.show(throughput.values);
    setText(capped, listed < total ? `The ${countInWords(listed)} worst off are shown.` : '');
  }

  #make(row) {
    const made = new FlowBoardRow(row);
    this.#made.set(made.element, made);
    return made.element;
  }

  /** One row is in the order of Tab, with its button. */
  #fill(made, row, index) {
    made.fill(row, index, Date.now());
    made.current = row.key === this.#current;
  }

  #clicked(event) {
    const button = event.target.closest('button');
    const row = this.#rowOf(button);
    if (row) {
      this.#act(row);
    }
  }

  #rowOf(element) {
    const key = element?.closest('.board-row')?.dataset.key;
    return this.#rows.rows.find((row) => row.key === key);
  }

  #act(row) {
    if (row.kind === 'session') {
      this.close();
      this.dispatchEvent(new CustomEvent('open', { detail: row.key }));
    } else {
      this.#disconnect(row);
    }
  }

  async #disconnect({ facts, label }) {
    const who = userInWords(facts.user);
    const from = facts.peer || facts.transport;
    const text = `${who} (${from}) will no longer see “${label}”. The session goes on, and ${who} may attach again.`;
    if (!(await this.#confirm(`Disconnect ${who}?`, text, 'Disconnect'))) {
      return;
    }
    try {
      await this.#api.disconnect(facts.subscriber);
      this.#tell('info', `${who} is disconnected from “${label}”.`);
    } catch (error) {
      if (error.code === 404) {
        this.#tell('info', `${who} has left already.`);
      } else {
        this.#tell('problem', failureInWords(who, 'disconnected', error));
      }
    }
    this.#ask();
  }

  #keyed(event) {
    const { rows } = this.#rows;
    const at = this.#at();
    const inRows = event.target.closest('.board-row') !== null;
    const page = Math.max(1, Math.floor(this.#parts.scroller.clientHeight / this.#heights.subscriber) - 1);
    const moves = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      PageDown: at + page,
      PageUp: at - page,
      Home: 0,
      End: rows.length - 1,
    };
    if (event.key === 'Escape') {
      this.close();
    } else if (event.key === '/' && event.target !== this.#parts.filter) {
      this.#parts.filter.select();
    } else if (event.key === 'ArrowDown' && event.target === this.#parts.filter) {
      this.#go(Math.max(0, at));
    } else if (inRows && event.key in moves) {
      this.#go(Math.max(0, Math.min(rows.length - 1, moves[event.key])));
    } else if (event.target.matches('.board-row') && isAct(event.key, rows[at])) {
      this.#act(rows[at]);
    } else {
      return;
    }
    event.preventDefault();
  }

  #go(index) {
    this.#rows.reveal(index)?.focus({ preventScroll: true });
  }

  #focused(element) {
    if (element) {
      this.#current = element.dataset.key;
      for (const each of this.#parts.body.children) {
        this.#made.get(each).current = each === element;
      }
    }
  }

  #tell(type, text) {
    this.dispatchEvent(new CustomEvent(type, { detail: text }));
  }
}

/** Reads the heights of rows from the style sheet: they are higher where they are narrow. */
function heights(body) {
  const style = getComputedStyle(body);
  const of = (kind) => Number.parseFloat(style.getPropertyValue(`--${kind}-height`));
  return { session: of('session'), subscriber: of('subscriber') };
}

/** Enter opens a session, Delete disconnects a subscriber. */
const isAct = (key, row) => row !== undefined && key === (row.kind === 'session' ? 'Enter' : 'Delete');

const plural = (count, noun) => `${countInWords(count)} ${noun}${count === 1 ? '' : 's'}`;
