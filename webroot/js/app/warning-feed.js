import { child } from '../../packages/terminal/elements.js';
import { bytesInWords, countInWords } from './words.js';

/** Warnings that are kept. */
const MAX_SHOWN = 100;
/** Warnings come in bursts; a screen reader and an eye take them in steps. */
const FLUSH_MS = 500;

/** Warnings as they happen, newest first, the last 100. */
export class WarningFeed {
  #list;
  #timers;
  #waiting = [];
  #timer = null;

  /** @param list an `ol` */
  constructor(list, timers = globalThis) {
    this.#list = list;
    this.#timers = timers;
  }

  /** @param who {user, session} in words; @param at a Date */
  add(body, who, at = new Date()) {
    this.#waiting.push(entry(body, who, at));
    if (this.#waiting.length > MAX_SHOWN) {
      this.#waiting.shift();
    }
    this.#timer ??= this.#timers.setTimeout(() => this.#flush(), FLUSH_MS);
  }

  #flush() {
    this.#timer = null;
    for (const { level, time, text } of this.#waiting) {
      const item = document.createElement('li');
      item.dataset.zone = level;
      const clock = child(item, 'feed-time', 'time');
      clock.dateTime = time.toISOString();
      clock.textContent = time.toTimeString().slice(0, 8);
      child(item, 'feed-text').textContent = text;
      this.#list.prepend(item);
    }
    this.#waiting = [];
    while (this.#list.children.length > MAX_SHOWN) {
      this.#list.lastChild.remove();
    }
  }
}

function entry(body, who, time) {
  return { level: body.event === undefined ? body.level : 'off', time, text: warningInWords(body, who) };
}

/** A published warning in words. */
export function warningInWords({ event, reason, level, previous, queueSize, queueBytes, count }, { user, session }) {
  if (event === 'skipped') {
    return `${countInWords(count)} more warnings came faster than they are told`;
  }
  const unread = `${countInWords(queueSize)} unread, ${bytesInWords(queueBytes)}`;
  const what = event === 'disconnected' ? `disconnected (${reason})` : `${previous} → ${level}`;
  return `${user} at ${session}: ${what}; ${unread}`;
}
