import { showDriver } from '../../packages/terminal/element-parts.js';
import { setText } from '../../packages/terminal/elements.js';
import { log } from '../../packages/client/log.js';
import { OpenSession } from './open-session.js';
import { commandLabel } from './words.js';

/** A tab takes memory and a WebGL context, of which a page has 16. Beyond it the one not seen for longest is closed. */
const MAX_OPEN = 8;

/**
 * The sessions that are open, in tabs, and the one of them that is shown: its head line, terminal, flow
 * line and notice. Events: `changed` when the facts of the shown one may have changed or another one is
 * shown, `opened` and `closed` (detail: the open session), `again` (detail: one that has ended, and is wanted anew), `bell` (detail: it), `problem` and
 * `info` with a text for the user.
 */
export class SessionPane extends EventTarget {
  #api;
  #newView;
  #strip;
  #flow;
  #elements;
  #transform;
  #open = new Map();
  #alerts = new Map();
  #current = null;
  /** Laid out while nothing is open: a new session begins with the size that fits. */
  #spare;
  #watchOnly = false;
  #mayCreate = false;
  /** The link to the hub, once it is followed. */
  #link = null;

  /**
   * @param newView makes the view of one more session, hidden
   * @param transform changes what is typed before it is sent
   * @param elements {root, title, subtitle, size, fit, readOnly, recorded, notice, noticeText, noticeAction, driver}
   */
  constructor(api, newView, { strip, flow, elements, transform }) {
    super();
    this.#api = api;
    this.#newView = newView;
    this.#strip = strip;
    this.#flow = flow;
    this.#elements = elements;
    this.#transform = transform;
    this.#spare = newView();
    this.#spare.visible = true;
    strip.addEventListener('select', (event) => this.show(event.detail));
    strip.addEventListener('close', (event) => this.close(event.detail));
    elements.fit.addEventListener('click', () => {
      this.#current?.fit();
      this.view.focus();
    });
    elements.driver.querySelector('[data-action]').addEventListener('click', () => {
      this.#current?.driver.act();
      this.view.focus();
    });
    elements.noticeAction.addEventListener('click', () => this.#current?.answerNotice());
  }

  /** Whoever is here may look and not touch. Holds for sessions that are opened from now on. */
  set watchOnly(watchOnly) {
    this.#watchOnly = watchOnly;
  }

  /** Whoever is here may make sessions. Holds for those that are opened from now on. */
  set mayCreate(mayCreate) {
    this.#mayCreate = mayCreate;
  }

  /** @param link tells `stalled` and `silentMs`, and of `change` and `look` */
  follow(link) {
    this.#link = link;
    link.addEventListener('change', () => {
      this.#open.forEach((open) => (open.stalled = link.stalled));
      this.#renderFlow();
    });
    link.addEventListener('look', () => this.#renderFlow());
  }

  /** Asks the hub for something cheap: news of what is shown, or else a sign. */
  ask() {
    if (this.subscriber !== null) {
      this.#current.pollStatus();
    } else {
      this.#api.info().catch((error) => log.warn('info', error.message));
    }
  }

  /** The open session that is shown, or null. */
  get current() {
    return this.#current;
  }

  get session() {
    return this.#current?.session ?? null;
  }

  get subscriber() {
    return this.#current?.subscriber ?? null;
  }

  get label() {
    return this.#current?.label ?? '';
  }

  /** The terminal that is shown. */
  get view() {
    return this.#current?.view ?? this.#spare;
  }

  /** Ids of the open sessions, in the order of their tabs. */
  get ids() {
    return [...this.#open.keys()];
  }

  /** True where a session that is not looked at has rung its bell. */
  get bellWaits() {
    return [...this.#alerts.values()].includes('bell');
  }

  set look(look) {
    for (const view of [this.#spare, ...[...this.#open.values()].map((open) => open.view)]) {
      if (view !== null) {
        view.look = look;
      }
    }
  }

  /** @param how {owned, sized} as for an open session */
  open(session, { show = true, ...how } = {}) {
    if (!this.#open.has(session.id)) {
      this.#makeRoom();
      const open = new OpenSession(this.#api, session, this.#takeView(), {
        watchOnly: this.#watchOnly,
        mayCreate: this.#mayCreate,
        transform: this.#transform,
        ...how,
      });
      open.stalled = this.#link?.stalled ?? false;
      this.#open.set(session.id, open);
      this.#listen(open);
      this.#emit('opened', open);
      open.attach();
    }
    if (show || this.#current === null) {
      this.show(session.id);
    }
  }

  show(id) {
    const open = this.#open.get(id);
    if (open === undefined || open === this.#current) {
      return;
    }
    this.#hideCurrent();
    this.#current = open;
    open.lastSeen = performance.now();
    this.#alerts.delete(id);
    open.view.visible = true;
    this.#render();
    this.#renderFlow();
    open.pollStatus();
    open.view.focus();
  }

  /** Shows the tab so many places further, around the end. */
  step(places) {
    const { ids } = this;
    if (ids.length > 0) {
      this.show(ids[(ids.indexOf(this.#current.id) + places + ids.length) % ids.length]);
    }
  }

  /** Leaves a session, which goes on. */
  close(id) {
    const open = this.#open.get(id);
    if (open === undefined) {
      return;
    }
    const next = this.ids[this.ids.indexOf(id) + 1] ?? this.ids.at(-2);
    this.#open.delete(id);
    this.#alerts.delete(id);
    open.close();
    if (open === this.#current) {
      this.#current = null;
      if (next === undefined) {
        this.#spare = this.#newView();
        this.#spare.visible = true;
      } else {
        this.show(next);
      }
    }
    this.#emit('closed', open);
    this.#render();
    this.view.focus();
  }

  /** The connection is gone. */
  suspend() {
    this.#open.forEach((open) => open.suspend());
  }

  /** There is a connection again. */
  resume() {
    this.#open.forEach((open) => open.attach());
  }

  /** @param find takes an id → fresh facts of the list, or undefined */
  update(find) {
    this.#open.forEach((open, id) => open.update(find(id)));
  }

  /** The user looks at the page again. */
  seen() {
    if (this.#current !== null && this.#alerts.delete(this.#current.id)) {
      this.#render();
    }
  }

  #takeView() {
    const view = this.#spare ?? this.#newView();
    this.#spare = null;
    return view;
  }

  #hideCurrent() {
    if (this.#current !== null) {
      this.#current.view.visible = false;
    }
  }

  #makeRoom() {
    if (this.#open.size >= MAX_OPEN) {
      const others = [...this.#open.values()].filter((open) => open !== this.#current);
      const oldest = others.reduce((a, b) => ((a.lastSeen ?? 0) <= (b.lastSeen ?? 0) ? a : b));
      this.close(oldest.id);
      this.#emit('info', `The tab of “${oldest.label}” was closed: at most ${MAX_OPEN} are open. The session goes on.`);
    }
  }

  #listen(open) {
    const shown = () => open === this.#current;
    open.addEventListener('changed', () => this.#render());
    open.addEventListener('flow', () => shown() && this.#renderFlow());
    open.addEventListener('problem', (event) => this.#emit('problem', event.detail));
    open.addEventListener('again', () => this.#emit('again', open));
    open.addEventListener('activity', () => this.#alert(open, 'output'));
    open.addEventListener('bell', () => {
      this.#alert(open, 'bell');
      this.#emit('bell', open);
    });
  }

  #alert(open, what) {
    const looked = open === this.#current && (what === 'output' || document.hasFocus());
    const before = this.#alerts.get(open.id);
    if (!looked && before !== what && before !== 'bell') {
      this.#alerts.set(open.id, what);
      this.#render();
    }
  }

  #renderFlow() {
    if (this.#current !== null) {
      const silentMs = this.#link?.stalled ? this.#link.silentMs : null;
      this.#flow.show(this.#current.flow(silentMs), this.#current.inputInWords);
      showDriver(this.#elements.driver, this.#current.driver.line);
    }
  }

  #render() {
    this.#renderTabs();
    this.#elements.root.classList.toggle('empty', this.#current === null);
    this.#elements.root.inert = this.#current === null;
    if (this.#current !== null) {
      this.#renderHead(this.#current);
      this.#renderNotice(this.#current.notice);
      showDriver(this.#elements.driver, this.#current.driver.line);
    }
    this.#emit('changed');
  }

  #renderTabs() {
    this.#strip.show(
      [...this.#open.values()].map((open) => ({
        id: open.id,
        label: open.label,
        panel: open.view.host.id,
        selected: open === this.#current,
        ended: !open.running,
        alert: this.#alerts.get(open.id) ?? '',
      })),
    );
  }

  #renderHead(open) {
    const { root, title, subtitle, size, fit, readOnly, recorded } = this.#elements;
    const { cols, rows, name, cwd, command, title: programTitle, recording } = open.session;
    root.dataset.state = open.running ? 'running' : 'exited';
    title.textContent = open.label;
    subtitle.textContent = [name ? programTitle || commandLabel(command) : '', cwd].filter(Boolean).join(' · ');
    size.textContent = `${cols}×${rows}`;
    fit.hidden = !open.canFit;
    readOnly.hidden = !open.watchOnly;
    recorded.hidden = !recording || !open.running;
    recorded.title = `What this terminal shows${recording?.mode === 'input' ? ', and what is typed,' : ''} is recorded`;
    open.view.host.setAttribute('aria-label', `Terminal of ${open.label}`);
  }

  #renderNotice({ text, action }) {
    const { notice, noticeText, noticeAction } = this.#elements;
    notice.hidden = text === '';
    setText(noticeText, text);
    noticeText.title = text;
    noticeAction.hidden = action === '';
    noticeAction.textContent = action;
  }

  #emit(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
