import { Attachment } from './attachment.js';
import { encodeBinaryString } from './base64.js';
import { sameSize } from './geometry.js';
import { InputQueue } from './input-queue.js';
import { log } from './log.js';
import { commandLabel, disconnectInWords, exitInWords, sessionLabel } from './words.js';

const STATUS_MS = 1_000;
/** The window is being dragged: ask for the new size when it rests. */
const RESIZE_MS = 100;
/** A window that was put to sleep and dropped for it comes back by itself. */
const STALLED_RETRY_MS = 1_000;
const SCROLLBACK_LINES = 10_000;

/**
 * The session that is open: binds its attachment to the terminal, the head line, the flow line and
 * the notice under the terminal. Events: `changed` when the head line's facts may have changed,
 * `problem` with a text for the user.
 */
export class SessionPane extends EventTarget {
  #api;
  #view;
  #flow;
  #elements;
  #touchKeys;
  #session = null;
  #attachment = null;
  #input = null;
  #title = '';
  #asked = null;
  #watchOnly = false;
  #resizeTimer = null;
  #statusPending = false;

  /** @param elements {root, title, subtitle, size, fit, notice, noticeText, noticeAction} */
  constructor(api, view, flow, touchKeys, elements) {
    super();
    this.#api = api;
    this.#view = view;
    this.#flow = flow;
    this.#touchKeys = touchKeys;
    this.#elements = elements;
    view.addEventListener('text', (event) => this.#typed(event.detail));
    view.addEventListener('binary', (event) => this.#claimSize() && this.#input?.binary(event.detail));
    view.addEventListener('title', (event) => this.#titled(event.detail));
    view.addEventListener('proposal', () => this.#viewportChanged());
    elements.fit.addEventListener('click', () => {
      this.#fit();
      view.focus();
    });
    elements.noticeAction.addEventListener('click', () => this.resume());
    setInterval(() => this.#pollStatus(), STATUS_MS);
  }

  /** Whoever is here may look and not touch. Holds for sessions that are opened from now on. */
  set watchOnly(watchOnly) {
    this.#watchOnly = watchOnly;
  }

  get session() {
    return this.#session;
  }

  get subscriber() {
    return this.#attachment?.subscriber ?? null;
  }

  get label() {
    return this.#session === null ? '' : sessionLabel({ ...this.#session, title: this.#title });
  }

  open(session) {
    this.close();
    this.#session = session;
    this.#title = session.title ?? '';
    this.#show(true);
    this.#flow.off('Attaching…');
    this.#notice('');
    this.#input = new InputQueue(
      (piece) => this.#api.input(session.id, inputBody(piece)),
      (error) => this.#problem(`Input was not taken: ${error.message}`),
    );
    this.#attachment = new Attachment(this.#api, session.id, this.#screen(), this.#listener(), {
      options: { mode: this.#watchOnly ? 'read' : 'write', scrollback: SCROLLBACK_LINES },
    });
    this.#render();
    this.#attachment.attach();
  }

  /** Leaves the session, which goes on. */
  close() {
    clearTimeout(this.#resizeTimer);
    this.#attachment?.detach();
    this.#input?.close();
    this.#attachment = null;
    this.#input = null;
    this.#session = null;
    this.#asked = null;
    this.#show(false);
  }

  /** The connection is gone. */
  suspend() {
    this.#attachment?.suspend();
    this.#flow.off('Not connected');
  }

  /** There is a connection again, or the user asked to attach again. */
  resume() {
    if (this.#attachment) {
      this.#notice('');
      this.#flow.off('Attaching…');
      this.#attachment.attach();
    }
  }

  /**
   * Fresh facts from the list. Undefined is no news: the list may be older than the session, and
   * its end is told by the attachment.
   */
  update(session) {
    if (this.#session === null || session === undefined) {
      return;
    }
    this.#session = session;
    this.#title = session.title ?? this.#title;
    if (session.state === 'exited') {
      this.#ended(session.exit);
    }
    this.#render();
  }

  /** Laid out even while empty: a new session begins with the size that fits. */
  #show(visible) {
    this.#elements.root.classList.toggle('empty', !visible);
    this.#elements.root.inert = !visible;
  }

  #screen() {
    const view = this.#view;
    return {
      restore: (cols, rows, bytes, done) => {
        view.restore(cols, rows, bytes, done);
        this.#sizeChanged({ cols, rows });
      },
      output: (bytes, done) => view.output(bytes, done),
      resize: (cols, rows) => {
        view.resize(cols, rows);
        this.#sizeChanged({ cols, rows });
      },
    };
  }

  #listener() {
    return {
      attached: (session) => {
        this.#session = { ...this.#session, ...session };
        this.#view.readOnly = this.#watchOnly || session.state === 'exited';
        this.#flow.off('Attached');
        this.#render();
        this.#pollStatus();
      },
      warning: (body) => this.#flow.warning(body),
      exited: (exit) => this.#ended(exit),
      disconnected: (reason) => this.#disconnected(reason),
      failed: (error) => this.#failed(error),
    };
  }

  #typed(text) {
    if (this.#input && this.#claimSize() && !this.#input.text(this.#touchKeys.applyCtrl(text))) {
      this.#problem('That is too much input at once; it was not sent.');
    }
  }

  /** The size belongs to whoever typed last: a letterboxed terminal becomes ours with the first key. */
  #claimSize() {
    const proposal = this.#view.proposal;
    if (proposal && !sameSize(proposal, this.#session) && !sameSize(proposal, this.#asked)) {
      this.#askForSize(proposal);
    }
    return true;
  }

  /** Whoever resizes a window owns the size; one that is merely opened does not. */
  #viewportChanged() {
    clearTimeout(this.#resizeTimer);
    this.#render();
    this.#resizeTimer = setTimeout(() => this.#fit(), RESIZE_MS);
  }

  #fit() {
    const { proposal } = this.#view;
    if (proposal && this.subscriber !== null && !sameSize(proposal, this.#session)) {
      this.#askForSize(proposal);
    }
  }

  #askForSize(size) {
    if (this.#watchOnly || this.#session?.state === 'exited') {
      return;
    }
    this.#asked = size;
    this.#api.resize(this.#session.id, size).catch((error) => {
      this.#asked = null;
      log.warn('resize refused', error.message);
    });
  }

  #sizeChanged(size) {
    if (!sameSize(size, this.#asked)) {
      this.#asked = null;
    }
    this.#session = { ...this.#session, ...size };
    this.#render();
  }

  #titled(title) {
    this.#title = title;
    this.#render();
  }

  #ended(exit) {
    this.#session = { ...this.#session, state: 'exited', exit };
    this.#view.readOnly = true;
    this.#notice(`The session has ${exitInWords(exit)}.`);
    this.#render();
  }

  #disconnected(reason) {
    this.#flow.off('Detached');
    this.#notice(disconnectInWords(reason), reason === 'shutdown' ? '' : 'Attach again');
    if (reason === 'stalled') {
      setTimeout(() => this.subscriber === null && this.resume(), STALLED_RETRY_MS);
    }
  }

  #failed(error) {
    this.#flow.off('Not attached');
    if (error.code === 404 || error.code === 410) {
      this.#view.readOnly = true;
      this.#notice('This session no longer exists.');
    } else {
      this.#notice(`Cannot attach: ${error.message}`, 'Try again');
    }
  }

  async #pollStatus() {
    const subscriber = this.subscriber;
    if (subscriber === null || document.hidden || this.#statusPending) {
      return;
    }
    this.#statusPending = true;
    try {
      const status = await this.#api.status(subscriber);
      if (subscriber === this.subscriber) {
        this.#flow.status(status);
      }
    } catch (error) {
      log.warn('status', error.message);
    } finally {
      this.#statusPending = false;
    }
  }

  #notice(text, action = '') {
    const { notice, noticeText, noticeAction } = this.#elements;
    notice.hidden = text === '';
    noticeText.textContent = text;
    noticeAction.hidden = action === '';
    noticeAction.textContent = action;
  }

  #render() {
    if (this.#session === null) {
      return;
    }
    const { root, title, subtitle, size, fit } = this.#elements;
    const { cols, rows, state, name, cwd, command } = this.#session;
    const running = state !== 'exited';
    root.dataset.state = running ? 'running' : 'exited';
    title.textContent = this.label;
    subtitle.textContent = [name ? this.#title || commandLabel(command) : '', cwd].filter(Boolean).join(' · ');
    size.textContent = `${cols}×${rows}`;
    fit.hidden = this.#watchOnly || !running || !this.#view.proposal || sameSize(this.#view.proposal, { cols, rows });
    this.dispatchEvent(new Event('changed'));
  }

  #problem(text) {
    this.dispatchEvent(new CustomEvent('problem', { detail: text }));
  }
}

const inputBody = (piece) => ('text' in piece ? { data: piece.text } : { base64: encodeBinaryString(piece.binary) });
