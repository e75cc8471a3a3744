import { hubAt } from '@termbus/client/src/hub.js';
import { log } from '@termbus/client/src/log.js';
import xtermSheet from '@xterm/xterm/css/xterm.css' with { type: 'css' };
import { confirmIn } from './ask.js';
import { ClipboardGate } from './clipboard-gate.js';
import { ClipboardQuestion } from './clipboard-question.js';
import { tryCopy } from './clipboard.js';
import { elementParts, showDriver } from './element-parts.js';
import { child, setText } from './elements.js';
import { Links } from './links.js';
import { cleanPaste, pasteQuestion } from './paste.js';
import { shortcutOf } from './shortcuts.js';
import ownSheet from './terminal.css' with { type: 'css' };
import { DISMISS, TerminalSession } from './terminal-session.js';
import { TerminalView } from './terminal-view.js';
import { TouchKeys } from './touch-keys.js';
import { TouchScroll } from './touch-scroll.js';
import { sessionLabel } from './words.js';

/** What is typed and not confirmed is looked at so often. */
const LOOK_MS = 500;
/** Attributes that only change how it looks; all others begin anew. */
const LOOKS = new Set(['font-size', 'theme', 'screen-reader']);

/**
 * `<termbus-terminal hub session mode lag font-size theme screen-reader images>`: a session of a hub.
 *
 * `token` is a property: a text, or a function → a token or a promise of one, asked for each connection. Without one, the
 * cookie of a hub of this origin does, and a hub elsewhere is not asked before there is one.
 *
 * Events: `ready`, `title`, `zone`, `lag`, `exit`, `closed`; they do not bubble.
 */
export class TermbusTerminal extends HTMLElement {
  static observedAttributes = ['hub', 'session', 'mode', 'lag', 'images', ...LOOKS];

  #root = this.attachShadow({ mode: 'open' });
  #parts = null;
  #links;
  #gate;
  #touchKeys;
  #system = matchMedia('(prefers-color-scheme: dark)');
  #token;
  #hub = null;
  #view = null;
  #session = null;
  #timer = null;
  #isStarting = false;
  #systemChanged = () => this.#changeLook();

  get token() {
    return this.#token;
  }

  /** The first one begins anew, and so does one after a refusal; any other takes effect at the next connection. */
  set token(token) {
    const isFirst = this.#token === undefined;
    this.#token = token;
    if (isFirst || this.#session?.isRefused) {
      this.#start();
    }
  }

  /** The terminal of xterm.js, for whoever needs what is not offered here; null while there is none. */
  get terminal() {
    return this.#view?.terminal ?? null;
  }

  connectedCallback() {
    if (this.#parts === null) {
      this.#build();
      this.#takeEarlyToken();
    }
    this.#system.addEventListener('change', this.#systemChanged);
    this.#start();
  }

  disconnectedCallback() {
    this.#system.removeEventListener('change', this.#systemChanged);
    this.#stop();
  }

  attributeChangedCallback(name, before, value) {
    if (before === value) {
      return;
    }
    if (LOOKS.has(name)) {
      this.#changeLook();
    } else {
      this.#start();
    }
  }

  focus() {
    this.#view?.focus();
  }

  /** Gives the session the size that fits this element. */
  fit() {
    this.#session?.fit();
  }

  /**
   * Marks the newest match in the scrollback, and then, asked again, the one above it, or below; an empty text marks none.
   * @param options {below, caseSensitive, wholeWord, regex}
   * @returns whether there is one
   */
  find(text, { below = false, ...options } = {}) {
    if (this.#view === null || text === '') {
      this.#view?.search.clearDecorations();
      this.#view?.clearSelection();
      return false;
    }
    return this.#view.search[below ? 'findNext' : 'findPrevious'](text, options);
  }

  /** The screen with its scrollback as the hub has them: → {data: text, cols, rows, …} */
  snapshot(options) {
    return this.#session === null ? Promise.reject(new Error('there is no session')) : this.#session.snapshot(options);
  }

  /** Pastes a text without its control characters, after a question where its lines would be run one by one. */
  async paste(text) {
    const view = this.#view;
    if (view === null || this.#session?.readOnly !== false) {
      return;
    }
    const clean = cleanPaste(text);
    const question = pasteQuestion(clean, view.bracketedPaste);
    const agreed = question === null || (await this.#confirm('Paste several lines?', question.text, 'Paste', question.preview));
    if (agreed === true) {
      view.paste(clean);
    }
    view.focus();
  }

  #build() {
    this.#root.adoptedStyleSheets = [xtermSheet, ownSheet];
    this.#parts = elementParts(this.#root);
    const { terminal, question, link, status, driver, keys } = this.#parts;
    this.#links = new Links(link, (href) => this.#confirm('Open this link?', '', 'Open', href));
    const asked = new ClipboardQuestion(question);
    this.#gate = new ClipboardGate((wanted) => asked.show(wanted), tryCopy);
    this.#touchKeys = new TouchKeys(keys, () => this.#view, () => this.#pasteFromClipboard());
    status.querySelector('[data-action]').addEventListener('click', () => this.#statusAnswered());
    driver.querySelector('[data-action]').addEventListener('click', () => this.#session?.driver.act());
    terminal.addEventListener('keydown', (event) => this.#keyed(event), { capture: true });
    terminal.addEventListener('paste', (event) => this.#pasted(event), { capture: true });
    new TouchScroll(terminal, (pixels, x, y) => this.#view?.scroll(pixels, x, y));
  }

  /** One that was set before this was an element of its kind. */
  #takeEarlyToken() {
    if (Object.hasOwn(this, 'token')) {
      const { token } = this;
      delete this.token;
      this.token = token;
    }
  }

  /** Begins anew, once for all attributes that are set together. */
  #start() {
    if (this.#isStarting) {
      return;
    }
    this.#isStarting = true;
    queueMicrotask(() => {
      this.#isStarting = false;
      this.#stop();
      if (this.isConnected && this.getAttribute('session') && this.#mayConnect()) {
        this.#begin();
      }
    });
  }

  get #url() {
    return new URL(this.getAttribute('hub') ?? '', document.baseURI);
  }

  #mayConnect() {
    return this.#token !== undefined || this.#url.origin === location.origin;
  }

  #begin() {
    const given = (name) => this.getAttribute(name) ?? undefined;
    const getToken = () => (typeof this.#token === 'function' ? this.#token() : this.#token);
    const { terminal } = this.#parts;
    const view = new TerminalView(child(terminal, 'terminal-host', 'div'), this.#look, this.#links, { images: this.hasAttribute('images') });
    this.#view = view;
    this.#hub = hubAt({ url: this.#url, getToken, retryMs: Infinity });
    const options = { session: given('session'), mode: given('mode'), lag: given('lag') };
    const session = new TerminalSession(this.#hub, options, view, { transform: (text) => this.#touchKeys.apply(text) });
    this.#session = session;
    for (const type of ['ready', 'zone', 'lag', 'exit', 'closed']) {
      session.addEventListener(type, ({ detail }) => this.#tell(type, detail));
    }
    session.addEventListener('changed', () => this.#showStatus());
    view.addEventListener('title', ({ detail }) => this.#tell('title', { title: detail }));
    view.addEventListener('command', ({ detail }) => this.#copyOutput(detail.command));
    view.addEventListener('clipboard', ({ detail }) => this.#gate.wants(this.#asked, detail, this.#isLookedAt));
    session.follow();
    this.#timer = setInterval(() => this.#showStatus(), LOOK_MS);
  }

  #stop() {
    clearInterval(this.#timer);
    this.#session?.close();
    this.#hub?.close();
    this.#view?.close();
    this.#session = this.#hub = this.#view = null;
    this.#gate?.lookedAway();
  }

  get #look() {
    const wanted = this.getAttribute('theme');
    const fontPx = Number(this.getAttribute('font-size'));
    return {
      theme: wanted === 'light' || wanted === 'dark' ? wanted : this.#system.matches ? 'dark' : 'light',
      fontPx: fontPx > 0 ? fontPx : null,
      screenReader: this.hasAttribute('screen-reader'),
    };
  }

  #changeLook() {
    if (this.#view !== null) {
      this.#view.look = this.#look;
    }
  }

  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  #showStatus() {
    const { text, action } = this.#session?.notice ?? { text: '', action: '' };
    const { status, driver, terminal } = this.#parts;
    const button = status.querySelector('[data-action]');
    status.hidden = text === '';
    setText(status.querySelector('[data-text]'), text);
    button.hidden = action === '';
    setText(button, action);
    showDriver(driver, this.#session?.driver.line ?? { text: '', left: '', action: '', refused: false });
    const facts = this.#session?.facts;
    terminal.setAttribute('aria-label', facts ? `Terminal of ${sessionLabel(facts)}` : 'Terminal');
  }

  #statusAnswered() {
    if (this.#session?.notice.action === DISMISS) {
      this.#session.dismiss();
    } else {
      this.#start();
    }
    this.focus();
  }

  /** The session as the gate of the clipboard wants it. */
  get #asked() {
    const { facts, readOnly } = this.#session;
    return { id: facts.id, label: sessionLabel(facts), readOnly };
  }

  get #isLookedAt() {
    return this.#root.activeElement !== null && document.hasFocus();
  }

  #confirm(...question) {
    return confirmIn(this.#parts.dialog, ...question);
  }

  async #copyOutput(command) {
    try {
      await tryCopy((await this.#session.commandOutput(command)).text);
    } catch (error) {
      log.warn('output of a command', error.message);
    }
    this.focus();
  }

  #keyed(event) {
    if (shortcutOf(event) === 'copy') {
      event.preventDefault();
      event.stopPropagation();
      const text = this.#view?.selection ?? '';
      if (text !== '') {
        tryCopy(text);
      }
    }
  }

  #pasted(event) {
    event.preventDefault();
    event.stopPropagation();
    this.paste(event.clipboardData?.getData('text/plain') ?? '');
  }

  async #pasteFromClipboard() {
    try {
      await this.paste(await navigator.clipboard.readText());
    } catch (error) {
      log.warn('paste', error.message);
    }
  }
}
