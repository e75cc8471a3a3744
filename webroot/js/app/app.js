import { setText } from '../../packages/terminal/elements.js';
import { log } from '../../packages/client/log.js';
import { readStored, store } from './stored.js';
import { failureInWords, sessionLabel } from './words.js';

/** Events come in bursts: one listing answers them all. */
const REFRESH_MS = 100;
/** Titles change without an event. */
const POLL_MS = 5_000;
/** The open tabs of this window, for a reload. */
const TABS = 'tabs';
const windowStorage = () => sessionStorage;

/**
 * Brings the parts together: connection and login, the list, the open sessions. The shown session's id
 * is in the page's fragment, so that a reload comes back to it.
 */
export class App {
  #parts;
  #token = null;
  #ready = false;
  #hub = null;
  #refreshTimer = null;
  /** The listing that is under way, and the one that follows it. */
  #refreshing = null;
  #refreshNext = null;
  #unwantedFragment = null;
  #restored = false;
  /** Ids of sessions that are being started again. */
  #starting = new Set();
  /** The text of the page's head before the link stalled. */
  #told = { state: '', text: '' };

  /** @param parts {bus, link, api, pane, list, login, dialogs, share, toasts, announce, page} */
  constructor(parts, token = null) {
    this.#parts = parts;
    this.#token = token;
  }

  start() {
    const { bus, link, list, login, pane, page, toasts } = this.#parts;
    bus.addEventListener('open', () => this.#connected());
    bus.addEventListener('close', (event) => this.#disconnected(event.detail.retryMs));
    link.addEventListener('change', () => this.#renderConnection());
    login.addEventListener('token', (event) => this.#logIn(event.detail));
    list.addEventListener('open', (event) => this.#open(event.detail));
    list.addEventListener('kill', (event) => this.kill(event.detail));
    list.addEventListener('rename', (event) => this.rename(event.detail));
    pane.addEventListener('changed', () => this.#paneChanged());
    pane.addEventListener('problem', (event) => toasts.error(event.detail));
    pane.addEventListener('again', (event) => this.#startAgain(event.detail));
    pane.addEventListener('info', (event) => toasts.info(event.detail));
    for (const button of page.create) {
      button.addEventListener('click', () => this.create());
    }
    page.share.addEventListener('click', () => this.#parts.share.open(pane.session));
    page.kill.addEventListener('click', () => this.kill(pane.session));
    page.menu.addEventListener('click', () => this.#toggleMenu());
    page.backdrop.addEventListener('click', () => this.#toggleMenu(false));
    page.sidebar.addEventListener('keydown', (event) => event.key === 'Escape' && this.#toggleMenu(false));
    addEventListener('hashchange', () => this.#openFromFragment());
    addEventListener('online', () => bus.retryNow());
    document.addEventListener('visibilitychange', () => this.#visible());
    setInterval(() => !document.hidden && this.#refresh(), POLL_MS);
    this.#connection('connecting', 'Connecting…');
    bus.start();
    link.start();
  }

  async #connected() {
    try {
      this.#loggedIn(await this.#parts.api.info());
    } catch (error) {
      if (error.code !== 401) {
        this.#parts.toasts.error(`The hub does not answer: ${error.message}`);
      } else if (this.#token !== null) {
        await this.#logIn(this.#token);
      } else {
        this.#askForToken('');
      }
    }
  }

  async #logIn(token) {
    try {
      this.#loggedIn(await this.#parts.api.login(token));
      this.#token = token;
    } catch (error) {
      this.#token = null;
      this.#askForToken(error.code === 401 || error.code === 403 ? 'That token is not valid.' : error.message);
    }
  }

  #askForToken(problem) {
    this.#connection('login', 'Not logged in');
    this.#parts.login.show(problem);
  }

  #loggedIn(info) {
    const { api, login, page, pane } = this.#parts;
    this.#hub = info;
    page.root.dataset.role = info.role;
    page.root.toggleAttribute('data-one-session', info.session !== undefined);
    page.root.toggleAttribute('data-guest', info.expiresAt !== undefined);
    pane.watchOnly = info.role === 'viewer';
    pane.mayCreate = info.role === 'admin' && info.session === undefined;
    this.#ready = true;
    login.hide();
    this.#connection('online', [info.node, info.role !== 'admin' && info.role].filter(Boolean).join(' · '));
    if (info.role === 'admin') {
      api.events(() => this.#refreshSoon());
    }
    pane.resume();
    this.#refresh().then(() => this.#reopen());
  }

  #disconnected(retryMs) {
    this.#ready = false;
    // a listing that went down with the connection holds up none of the next one
    this.#refreshing = null;
    this.#refreshNext = null;
    this.#parts.pane.suspend();
    const seconds = Math.max(1, Math.round((retryMs ?? 0) / 1000));
    this.#connection('offline', `Disconnected, trying again in ${seconds} s`);
  }

  #connection(state, text) {
    this.#told = { state, text };
    this.#renderConnection();
  }

  /** Is spoken where it changes, so the seconds of a silence are told elsewhere. */
  #renderConnection() {
    const { bus, link, page } = this.#parts;
    const { connection } = page;
    const { state, text } = bus.isOpen && link.stalled ? { state: 'stalled', text: 'No answer from the hub' } : this.#told;
    connection.dataset.state = state;
    setText(connection, text);
    connection.title = this.#hub ? `Termbus ${this.#hub.version}, node ${this.#hub.node}` : '';
  }

  #visible() {
    if (!document.hidden) {
      this.#parts.bus.retryNow();
      this.#parts.link.look();
      this.#refreshSoon();
    }
  }

  #refreshSoon() {
    this.#refreshTimer ??= setTimeout(() => this.#refresh(), REFRESH_MS);
  }

  /** What the hub has now. One listing at a time, so that a slow link has room for what is typed. */
  #refresh() {
    if (this.#refreshing) {
      this.#refreshNext ??= this.#refreshing.then(() => {
        this.#refreshNext = null;
        return this.#refresh();
      });
      return this.#refreshNext;
    }
    const listing = this.#listSessions().finally(() => {
      if (this.#refreshing === listing) {
        this.#refreshing = null;
      }
    });
    this.#refreshing = listing;
    return listing;
  }

  async #listSessions() {
    const { api, list, pane } = this.#parts;
    clearTimeout(this.#refreshTimer);
    this.#refreshTimer = null;
    if (!this.#ready) {
      return;
    }
    try {
      list.show(await api.list());
      pane.update((id) => list.get(id));
    } catch (error) {
      log.warn('list', error.message);
    }
  }

  #open(session, options) {
    const { pane } = this.#parts;
    pane.open(session, options);
    this.#toggleMenu(false);
    pane.view.focus();
  }

  /** The tabs that this window had before it was loaded anew, where their sessions are still there. */
  #reopen() {
    const { list, pane } = this.#parts;
    if (!this.#restored) {
      this.#restored = true;
      const ids = (readStored(TABS, windowStorage) ?? '').split(' ');
      const shown = location.hash.slice(1);
      for (const id of ids.filter((each) => list.get(each))) {
        pane.open(list.get(id), { show: id === shown });
      }
    }
    this.#openFromFragment();
  }

  #openFromFragment() {
    const { list, pane } = this.#parts;
    const id = location.hash.slice(1);
    if (id === '' || id === pane.session?.id) {
      return;
    }
    const session = list.get(id);
    if (session) {
      this.#open(session);
    } else if (id !== this.#unwantedFragment) {
      this.#unwantedFragment = id;
      this.#parts.toasts.info('The session that was open here has ended.');
    }
  }

  async create() {
    await this.#parts.dialogs.create(async (options) => {
      try {
        return await this.#make(options);
      } catch (error) {
        throw new Error(failureInWords('The session', 'created', error));
      }
    });
  }

  /** Creates a session of the size that fits, unless another is asked for, and opens it. */
  async #make(options) {
    const { api, list, pane } = this.#parts;
    const { proposal } = pane.view;
    const session = await api.create({ ...(proposal ?? {}), ...options });
    await this.#refresh();
    const sized = options.cols !== undefined;
    this.#open(list.get(session.id) ?? session, { sized, owned: !sized && proposal !== null });
    return session;
  }

  /** The same command in the same directory, in the place of a session that has ended. */
  async #startAgain({ id, session }) {
    const { api, pane } = this.#parts;
    if (this.#starting.has(id)) {
      return;
    }
    this.#starting.add(id);
    const { command, cwd, name } = await api.session(id).catch(() => session);
    try {
      await this.#make({ command, cwd, name });
      pane.close(id);
    } catch (error) {
      this.#requestFailed('The session', 'started again', error);
    }
    this.#starting.delete(id);
  }

  async rename(session) {
    const name = session && (await this.#parts.dialogs.rename(session.name ?? ''));
    if (name !== null && name !== undefined) {
      await this.#perform('The session', 'renamed', () => this.#parts.api.rename(session.id, name));
    }
    this.#parts.pane.view.focus();
  }

  async kill(session) {
    const text = `“${sessionLabel(session)}” and every program in it will be ended. This cannot be undone.`;
    if (await this.#parts.dialogs.confirm('Kill this session?', text, 'Kill session')) {
      await this.#perform('The session', 'killed', () => this.#parts.api.kill(session.id));
    }
    this.#parts.pane.view.focus();
  }

  async clear(session) {
    await this.#perform('The scrollback', 'cleared', () => this.#parts.api.clear(session.id));
    this.#parts.pane.view.focus();
  }

  async #perform(what, done, act) {
    try {
      await act();
    } catch (error) {
      this.#requestFailed(what, done, error);
    }
    this.#refreshSoon();
  }

  #requestFailed(what, done, error) {
    this.#parts.toasts.error(failureInWords(what, done, error));
  }

  /** Moves the focus from the terminal, which takes every other key, to the list and back. */
  toggleList() {
    const { list, pane, page } = this.#parts;
    if (page.sidebar.contains(document.activeElement)) {
      this.#toggleMenu(false);
      pane.view.focus();
    } else {
      this.#toggleMenu(true);
      list.focus();
    }
  }

  /** The list is a drawer on small screens; on others this changes nothing that shows. */
  #toggleMenu(open) {
    const { page } = this.#parts;
    const shown = page.root.classList.toggle('menu-open', open);
    page.menu.setAttribute('aria-expanded', String(shown));
  }

  #paneChanged() {
    const { pane, list, page } = this.#parts;
    const { session } = pane;
    page.welcome.hidden = session !== null;
    list.current = session?.id ?? null;
    if (session !== null) {
      list.retitle(session.id, session.title);
    }
    if (this.#restored) {
      store(TABS, pane.ids.join(' '), windowStorage);
      this.#address(session === null ? '' : `#${session.id}`);
    }
    document.title = `${pane.bellWaits ? '🔔 ' : ''}${session === null ? 'Termbus' : `${pane.label} – Termbus`}`;
  }

  /** Sets the address only where it changes: each title of a program comes here, and browsers refuse too many changes. */
  #address(hash) {
    if (location.hash !== hash) {
      history.replaceState(null, '', hash || location.pathname);
    }
  }
}
