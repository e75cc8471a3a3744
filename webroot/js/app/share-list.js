import { ageInWords } from './age.js';
import { child, setText } from '../../packages/terminal/elements.js';
import { failureInWords } from './words.js';

/** The remaining times are updated so often. */
const REFRESH_MS = 10_000;
const ABILITIES = { viewer: 'may watch', operator: 'may watch and type', admin: 'may do everything' };

/** The shares that hold and let somebody see one session, each with a button that revokes it. */
export class ShareList {
  #root;
  #list;
  #problem;
  #api;
  #confirm;
  #session = null;
  #timer = null;

  /** @param root with a `ul` and an element marked `data-list-problem` */
  constructor(root, api, confirm) {
    this.#root = root;
    this.#list = root.querySelector('ul');
    this.#problem = root.querySelector('[data-list-problem]');
    this.#api = api;
    this.#confirm = confirm;
  }

  open(session) {
    this.#session = session;
    this.#list.replaceChildren();
    this.#root.hidden = true;
    this.refresh();
  }

  close() {
    clearTimeout(this.#timer);
    this.#session = null;
  }

  async refresh() {
    clearTimeout(this.#timer);
    const session = this.#session;
    if (session === null) {
      return;
    }
    try {
      const shares = reaching(await this.#api.shares(), session.id);
      if (session === this.#session) {
        this.#show(shares);
      }
    } catch (error) {
      setText(this.#problem, `The links that hold cannot be listed: ${error.message}`);
      this.#root.hidden = false;
    }
    if (session === this.#session) {
      this.#timer = setTimeout(() => this.refresh(), REFRESH_MS);
    }
  }

  #show(shares) {
    setText(this.#problem, '');
    this.#root.hidden = shares.length === 0;
    const focused = this.#list.contains(document.activeElement) ? document.activeElement.dataset.share : null;
    this.#list.replaceChildren(...shares.map((share) => this.#item(share)));
    this.#list.querySelector(`[data-share="${CSS.escape(focused ?? '')}"]`)?.focus();
  }

  #item(share) {
    const item = document.createElement('li');
    child(item, 'share-words').textContent = shareInWords(share, Date.now());
    const button = child(item, 'button quiet danger', 'button');
    button.type = 'button';
    button.dataset.share = share.id;
    button.textContent = 'Revoke';
    button.setAttribute('aria-label', `Revoke link ${idInWords(share.id)}`);
    button.addEventListener('click', () => this.#revoke(share));
    return item;
  }

  async #revoke({ id }) {
    const text = 'Whoever uses it is disconnected within a second. It cannot be made to work again.';
    if (!(await this.#confirm(`Revoke link ${idInWords(id)}?`, text, 'Revoke'))) {
      return;
    }
    try {
      await this.#api.revoke(id);
    } catch (error) {
      if (error.code !== 404) {
        setText(this.#problem, failureInWords('The link', 'revoked', error));
        return;
      }
    }
    await this.refresh();
  }
}

/** The part of an id that is in the name of a guest: "guest 3fA9xQ" came by the link 3fA9xQ. */
const idInWords = (id) => id.slice(0, 6);

/** The shares that let somebody see the session, the newest first. */
export const reaching = (shares, session) =>
  shares
    .filter((share) => share.session === undefined || share.session === session)
    .sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1));

/** "3fA9xQ may watch, every session · ends in 23 h". */
export function shareInWords({ id, session, role, expiresAt }, nowMs) {
  const reach = session === undefined ? ', every session' : '';
  return `${idInWords(id)} ${ABILITIES[role] ?? role}${reach} · ends in ${ageInWords(Date.parse(expiresAt) - nowMs)}`;
}
