import { Attachment } from '../client/attachment.js';
import { encodeBinaryString } from '../client/base64.js';
import { FlowReading } from './flow-reading.js';
import { sameSize } from '../../packages/terminal/geometry.js';
import { History } from '../client/history.js';
import { HubClock } from '../client/hub-clock.js';
import { InputMark } from './input-mark.js';
import { InputQueue } from '../client/input-queue.js';
import { log } from '../../packages/client/log.js';
import { SizeClaim } from './size-claim.js';
import { isTyped } from '../../packages/terminal/typed-input.js';
import { aboveInWords, disconnectInWords, exitInWords, lostInputInWords, sessionLabel } from './words.js';

/** The window is being dragged: ask for the new size when it rests. */
const RESIZE_MS = 100;
/** A window that was put to sleep and dropped for it comes back by itself. */
const STALLED_RETRY_MS = 1_000;
const SCROLLBACK_LINES = 10_000;
/** Words on lost input stay until they are dismissed, or so long and until input arrives again. */
const LOST_SHOWN_MS = 10_000;
const DISMISS = 'OK';
const START_AGAIN = 'Start again';
/** Output that came while the scrollback was fetched, in bytes: where it is more, fetching that again would take too long. */
const MOST_BEHIND = 131_072;

/**
 * One session that is open here: binds its attachment to its own terminal.
 *
 * Events: `changed` when what is known of it may have changed, `flow` when its flow figures have,
 * `problem` with a text for the user, `bell`, `activity` (output, for whoever is not looking).
 */
export class OpenSession extends EventTarget {
  #api;
  #view;
  #session;
  #attachment;
  #input;
  #watchOnly;
  #mayCreate;
  #sized;
  #claim = new SizeClaim();
  #timers;
  #now;
  #resizeTimer = null;
  #reading;
  #mark = new InputMark();
  /** Input can be sent: there is a connection, and it is not stalled. */
  #connected = true;
  #stalled = false;
  #state = { text: '', action: '' };
  #lostInput = { text: '', at: 0 };
  #history;
  /** The terminal has all the scrollback there is, or it is being fetched. */
  #hasAbove = false;
  #above = '';

  /**
   * @param watchOnly attach to look, never touch
   * @param mayCreate one that has ended may be started again
   * @param transform changes what was typed before it is sent
   * @param owned the session was made by this window, with its size
   * @param sized its maker has chosen another size: typing leaves that alone until this window is resized
   */
  constructor(api, session, view, { watchOnly = false, mayCreate = false, transform = (text) => text, owned = false, sized = false, timers = globalThis, now = () => performance.now() } = {}) {
    super();
    this.#timers = timers;
    this.#now = now;
    this.#reading = new FlowReading(api.clock ?? new HubClock());
    this.#api = api;
    this.#view = view;
    this.#session = session;
    this.#watchOnly = watchOnly;
    this.#mayCreate = mayCreate;
    this.#sized = sized;
    if (owned) {
      this.#claim.own(session);
    }
    view.readOnly = this.readOnly;
    view.addEventListener('text', (event) => this.#typed(transform(event.detail), isTyped(event.detail)));
    view.addEventListener('binary', (event) => this.#input.binary(event.detail));
    view.addEventListener('title', (event) => this.#update({ title: event.detail }));
    view.addEventListener('bell', () => this.#emit('bell'));
    view.addEventListener('top', () => this.#fetchAbove());
    view.addEventListener('proposal', (event) => this.#viewportChanged(event.detail));
    this.#input = new InputQueue(
      (piece) => this.#api.input(session.id, inputBody(piece)),
      {
        refused: (error) => this.#problem(`Input was not taken: ${error.message}`),
        lost: (lost) => this.#inputLost(lost),
        taken: (at) => this.#inputTaken(at),
      },
      { timers, now },
    );
    this.#history = new History(api, session.id, { timers, now });
    this.#attachment = new Attachment(api, session.id, this.#screen(), this.#listener(), {
      options: { mode: watchOnly ? 'read' : 'write', scrollback: SCROLLBACK_LINES },
      timers,
    });
  }

  get id() {
    return this.#session.id;
  }

  /** The facts as of now: of the list, corrected by what the terminal has seen since. */
  get session() {
    return this.#session;
  }

  get view() {
    return this.#view;
  }

  get subscriber() {
    return this.#attachment.subscriber;
  }

  get label() {
    return sessionLabel(this.#session);
  }

  get running() {
    return this.#session.state !== 'exited';
  }

  get watchOnly() {
    return this.#watchOnly;
  }

  get readOnly() {
    return this.#watchOnly || !this.running;
  }

  /** True where the session has another size than this window would give it, and may be given. */
  get canFit() {
    const { proposal } = this.#view;
    return !this.readOnly && proposal !== null && !sameSize(proposal, this.#session);
  }

  /** {text, action}: what to tell under the terminal, and the button for it. Empty is nothing. */
  get notice() {
    const lost = this.#lostInput.text;
    return { text: [this.#state.text, this.#above, lost].filter(Boolean).join(' '), action: this.#state.action || (lost && DISMISS) };
  }

  /** The button of the notice was pressed. */
  answerNotice() {
    const { action } = this.#state;
    this.#lostInput = { text: '', at: 0 };
    if (action === START_AGAIN) {
      this.#emit('again');
    } else if (action !== '') {
      this.attach();
    }
    this.#emit('changed');
  }

  /** Words on input that the hub has not confirmed, or empty. */
  get inputInWords() {
    return this.#mark.read(this.#input.open, this.#now());
  }

  /** The connection is there and says nothing: what is typed is kept until it does. */
  set stalled(stalled) {
    this.#stalled = stalled;
    this.#holdOrRelease();
  }

  /** The state of the subscription now, as FlowReading.read tells it. */
  flow(silentMs) {
    return this.#reading.read(this.#now(), silentMs);
  }

  attach() {
    this.#flowOff('Attaching…');
    this.#notice('');
    this.#attachment.attach();
  }

  /** The connection is gone; it is attached again where the stream stands. */
  suspend() {
    this.#attachment.suspend();
    this.#connected = false;
    this.#holdOrRelease();
    this.#flowOff('Not connected');
  }

  /** Leaves the session, which goes on. */
  close() {
    this.#timers.clearTimeout(this.#resizeTimer);
    this.#attachment.detach();
    this.#input.close();
    this.#view.close();
  }

  /** Fresh facts from the list, or undefined: that is no news, its end is told by the attachment. */
  update(session) {
    if (session !== undefined) {
      this.#update({ ...session, title: session.title || this.#session.title });
      if (session.state === 'exited') {
        this.#ended(session.exit);
      }
    }
  }

  /** Gives the session the size that fits this window. */
  fit() {
    this.#timers.clearTimeout(this.#resizeTimer);
    if (this.subscriber !== null) {
      this.#claimSize();
    }
  }

  /** Asks for the state of the subscription. Does not wait for an answer to the question before. */
  async pollStatus() {
    const { subscriber } = this;
    if (subscriber === null) {
      return;
    }
    try {
      const status = await this.#api.status(subscriber);
      if (subscriber === this.subscriber) {
        this.#reading.status(status, this.#now());
        this.#emit('flow');
      }
    } catch (error) {
      log.warn('status', error.message);
      if (error.code === 404 && subscriber === this.subscriber && !this.running) {
        this.#flowOff('Ended');
      }
    }
  }

  #screen() {
    const view = this.#view;
    return {
      restore: (cols, rows, bytes, done, place) => {
        this.#hasAbove = false;
        view.restore(cols, rows, bytes, this.#painting(done, place));
        this.#sizeChanged({ cols, rows });
      },
      output: (bytes, done, place) => {
        view.output(bytes, this.#painting(done, place));
        this.#emit('activity');
      },
      resize: (cols, rows) => {
        view.resize(cols, rows);
        this.#sizeChanged({ cols, rows });
      },
    };
  }

  /** Takes note that a delivery is here, and of when it is on the screen. */
  #painting(done, place) {
    const reading = this.#reading;
    reading.received(place, this.#now());
    return () => {
      reading.painted(this.#now());
      done();
    };
  }

  #listener() {
    return {
      attached: (session) => {
        this.#reading.attached();
        this.#connected = true;
        this.#update(session);
        this.#holdOrRelease();
        this.#emit('flow');
        this.pollStatus();
      },
      warning: (warning) => {
        this.#reading.warning(warning, this.#now());
        this.#emit('flow');
      },
      exited: (exit) => this.#ended(exit),
      disconnected: (reason) => this.#disconnected(reason),
      failed: (error) => this.#failed(error),
    };
  }

  /** Over a slow link a snapshot has the newest lines only: brings the others when the user has scrolled up to there. */
  async #fetchAbove() {
    if (this.#hasAbove || this.subscriber === null) {
      return;
    }
    this.#hasAbove = true;
    try {
      const missing = ({ scrollbackLines }) => scrollbackLines - this.#view.linesAbove;
      let lines = 0;
      const all = await this.#history.fetch(
        (told) => (lines = missing(told)) > 0,
        (part) => this.#tellAbove(aboveInWords(lines, part)),
      );
      this.#hasAbove = all === null || this.#showAbove(all);
    } catch (error) {
      this.#hasAbove = false;
      log.warn('scrollback', error.message);
    }
    this.#tellAbove('');
  }

  /** False: the session has gone on too far meanwhile. */
  #showAbove(all) {
    if (this.subscriber === null || this.#attachment.offset - all.offset > MOST_BEHIND) {
      return false;
    }
    let shown = false;
    this.#view.keepingPlace(() => {
      shown = this.#attachment.goBackTo(all, new TextEncoder().encode(all.data));
    });
    return shown;
  }

  #tellAbove(text) {
    this.#above = text;
    this.#emit('changed');
  }

  #typed(text, byPerson) {
    this.#history.typed();
    if (byPerson && !this.#sized) {
      this.#claimSize();
    }
    if (!this.#input.text(text, { typed: byPerson })) {
      this.#problem('That is too much input at once; it was not sent.');
    }
  }

  /** A window that is resized claims the size; one that is merely opened or looked at does not. */
  #viewportChanged(byUser) {
    this.#timers.clearTimeout(this.#resizeTimer);
    this.#emit('changed');
    if (byUser || this.#claim.held) {
      this.#resizeTimer = this.#timers.setTimeout(() => this.fit(), RESIZE_MS);
    }
  }

  #claimSize() {
    this.#sized = false;
    const size = this.#view.proposal;
    if (this.readOnly || !this.#claim.wants(size, this.#session)) {
      return;
    }
    this.#claim.ask(size);
    this.#api.resize(this.id, size).then(
      () => this.#claim.answered(true),
      (error) => {
        this.#claim.answered(false);
        log.warn('resize refused', error.message);
      },
    );
  }

  #sizeChanged(size) {
    this.#claim.settled(size);
    this.#update(size);
  }

  #ended(exit) {
    this.#notice(`The session has ${exitInWords(exit)}.`, this.#again);
    this.#update({ state: 'exited', exit });
  }

  /** Not where all that is known of its command is the beginning. */
  get #again() {
    return this.#mayCreate && this.#session.command && !this.#session.commandShortened ? START_AGAIN : '';
  }

  #disconnected(reason) {
    this.#flowOff('Detached');
    this.#notice(disconnectInWords(reason), reason === 'shutdown' ? '' : 'Attach again');
    if (reason === 'stalled') {
      this.#timers.setTimeout(() => this.subscriber === null && this.attach(), STALLED_RETRY_MS);
    }
  }

  #failed(error) {
    this.#flowOff('Not attached');
    this.#input.abandon();
    if (error.code === 404 || error.code === 410) {
      this.#notice('This session no longer exists.', this.#again);
      this.#update({ state: 'exited' });
    } else {
      this.#notice(`Cannot attach: ${error.message}`, 'Try again');
    }
  }

  #update(facts) {
    this.#session = { ...this.#session, ...facts };
    this.#view.readOnly = this.readOnly;
    this.#emit('changed');
  }

  #holdOrRelease() {
    if (this.#connected && !this.#stalled) {
      this.#input.release();
    } else {
      this.#input.hold();
    }
  }

  #inputLost(lost) {
    this.#mark.lost();
    this.#lostInput = { text: lostInputInWords(lost), at: this.#now() };
    this.#emit('changed');
    this.#emit('flow');
  }

  /** @param typedAt when that input was typed that has arrived */
  #inputTaken(typedAt) {
    const { text, at } = this.#lostInput;
    if (text !== '' && typedAt - at > LOST_SHOWN_MS) {
      this.#lostInput = { text: '', at: 0 };
      this.#emit('changed');
    }
  }

  #flowOff(text) {
    this.#reading.off(text);
    this.#emit('flow');
  }

  #notice(text, action = '') {
    this.#state = { text, action };
    this.#emit('changed');
  }

  #problem(text) {
    this.#emit('problem', text);
  }

  #emit(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

const inputBody = (piece) => ('text' in piece ? { data: piece.text } : { base64: encodeBinaryString(piece.binary) });
