import { ageInWords } from './age.js';
import { child, setText } from '../../packages/terminal/elements.js';
import { log } from '../../packages/client/log.js';
import { countInWords, failureInWords, lagInWords, userInWords } from './words.js';

const POLL_MS = 1_000;

/**
 * Shows the viewers of the session that is open: their number on a button, their names in a dialog, which asks the hub while
 * it is open. Events: `problem` with a text for the user.
 */
export class Viewers extends EventTarget {
  #api;
  #button;
  #dialog;
  #list;
  #problem;
  #confirm;
  #session = null;
  #own = null;
  #timer = null;
  #rows = new Map();

  /**
   * @param dialog with a `ul` and elements marked `data-problem` and `data-cancel`
   * @param confirm (title, text, action) → true where the user agreed
   */
  constructor(api, button, dialog, confirm) {
    super();
    this.#api = api;
    this.#button = button;
    this.#dialog = dialog;
    this.#list = dialog.querySelector('ul');
    this.#problem = dialog.querySelector('[data-problem]');
    this.#confirm = confirm;
    button.addEventListener('click', () => this.#open());
    dialog.querySelector('[data-cancel]').addEventListener('click', () => dialog.close());
    dialog.addEventListener('close', () => clearTimeout(this.#timer));
  }

  /**
   * The session that is open, or null.
   * @param own the subscriber of this window
   */
  follow(session, own) {
    this.#own = own;
    this.#session = session;
    const count = session?.subscribers ?? 0;
    setText(this.#button, count === 0 ? '' : viewersInWords(count));
  }

  #open() {
    this.#rows.clear();
    this.#list.replaceChildren();
    this.#dialog.showModal();
    this.#ask();
  }

  async #ask() {
    clearTimeout(this.#timer);
    if (!this.#dialog.open || this.#session === null) {
      return;
    }
    const { id } = this.#session;
    try {
      const { subscribers, total } = await this.#api.subscribers(id);
      this.#show(subscribers);
      setText(this.#button, viewersInWords(total));
      setText(this.#problem, '');
    } catch (error) {
      log.warn('viewers', error.message);
      setText(this.#problem, error.message);
    }
    this.#timer = setTimeout(() => this.#ask(), POLL_MS);
  }

  /** Rows are kept, so that focus stays. */
  #show(subscribers) {
    const sorted = [...subscribers].sort((a, b) => (a.attachedAt < b.attachedAt ? -1 : 1));
    const ids = new Set(sorted.map((each) => each.subscriber));
    for (const [id, row] of this.#rows) {
      if (!ids.has(id)) {
        row.item.remove();
        this.#rows.delete(id);
      }
    }
    for (const each of sorted) {
      if (!this.#rows.has(each.subscriber)) {
        this.#rows.set(each.subscriber, this.#row(each));
      }
      this.#fill(this.#rows.get(each.subscriber), each);
    }
  }

  #row(viewer) {
    const item = child(this.#list, 'viewer', 'li');
    child(item, 'zone-dot').setAttribute('aria-hidden', 'true');
    const words = child(item, 'viewer-words');
    const row = { item, name: child(words, 'viewer-name'), detail: child(words, 'viewer-detail') };
    const button = child(item, 'button quiet danger only-operators', 'button');
    button.type = 'button';
    button.textContent = 'Disconnect';
    button.setAttribute('aria-label', `Disconnect ${userInWords(viewer.user)}`);
    button.addEventListener('click', () => this.#disconnect(viewer));
    return row;
  }

  #fill({ item, name, detail }, viewer) {
    const own = viewer.subscriber === this.#own;
    item.dataset.zone = viewer.zone;
    setText(name, userInWords(viewer.user) + (own ? ' (this window)' : ''));
    setText(detail, viewerInWords(viewer, Date.now()));
  }

  async #disconnect({ subscriber, user }) {
    const who = userInWords(user);
    const text = `${who} will no longer see this session. The session goes on, and ${who} may attach again.`;
    if (await this.#confirm(`Disconnect ${who}?`, text, 'Disconnect')) {
      try {
        await this.#api.disconnect(subscriber);
      } catch (error) {
        this.dispatchEvent(new CustomEvent('problem', { detail: failureInWords(who, 'disconnected', error) }));
      }
      this.#ask();
    }
  }
}

const viewersInWords = (count) => (count === 1 ? '1 viewer' : `${countInWords(count)} viewers`);

/** "operator · types · yellow, 1.2 s behind · since 3 min". */
export function viewerInWords(viewer, nowMs) {
  const { role, mode, zone, attachedAt } = viewer;
  const age = ageInWords(nowMs - Date.parse(attachedAt));
  const state = [zone, lagInWords(viewer)].filter(Boolean).join(', ');
  return [role, mode === 'read' ? 'watches' : 'may type', state, age && `since ${age}`].filter(Boolean).join(' · ');
}
