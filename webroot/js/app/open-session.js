import { Attachment } from '../client/attachment.js';
import { Driver } from '../../packages/terminal/driver.js';
import { FlowReading } from './flow-reading.js';
import { SCROLLBACK_LINES, sameSize } from '../../packages/terminal/geometry.js';
import { History } from '../../packages/client/history.js';
import { HubClock } from '../client/hub-clock.js';
import { InputMark } from '../../packages/terminal/input-mark.js';
import { InputQueue, inputBody } from '../../packages/client/input-queue.js';
import { log } from '../../packages/client/log.js';
import { LinesAbove } from '../../packages/terminal/lines-above.js';
import { LOCKED, STALLED_RETRY_MS } from '../../packages/terminal/terminal-session.js';
import { SizeKeeper } from '../../packages/terminal/size-keeper.js';
import { isTyped } from '../../packages/terminal/typed-input.js';
import { disconnectInWords, exitInWords, lostInputInWords, sessionLabel } from './words.js';

/** Why a subscriber is gone that may attach again by itself. A hub that restarts ends the connection too, before that. */
const PASSING = new Set(['stalled', 'restarting']);
/** And where a person need not, or cannot. */
const UNANSWERED = new Set(['shutdown', 'restarting']);
/** Words on lost input stay until they are dismissed, or so long and until input arrives again. */
const LOST_SHOWN_MS = 10_000;
const DISMISS = 'OK';
const START_AGAIN = 'Start again';

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
  #size;
  #timers;
  #now;
  #reading;
  #mark = new InputMark();
  #driver;
  /** Input can be sent: there is a connection, and it is not stalled. */
  #connected = true;
  #stalled = false;
  #state = { text: '', action: '' };
  #lostInput = { text: '', at: 0 };
  #history;
  #linesAbove;
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
    const resizable = () => (this.readOnly || this.subscriber === null ? null : this.#session);
    this.#size = new SizeKeeper(view, resizable, (size) => api.resize(session.id, size), { sized, timers });
    if (owned) {
      this.#size.own(session);
    }
    view.readOnly = this.readOnly;
    view.addEventListener('text', (event) => this.#typed(transform(event.detail), isTyped(event.detail)));
    view.addEventListener('binary', (event) => this.#input.binary(event.detail));
    view.addEventListener('title', (event) => this.#update({ title: event.detail }));
    view.addEventListener('bell', () => this.#emit('bell'));
    view.addEventListener('proposal', () => this.#emit('changed'));
    this.#driver = new Driver((action, body) => api.ofSession(session.id, action, body), {
      mayDrive: () => !this.readOnly,
      changed: () => this.#emit('changed'),
      problem: (error) => this.#problem(error.message),
      now,
    });
    this.#input = new InputQueue(
      (piece) => this.#api.input(session.id, inputBody(piece)),
      {
        refused: (error) => this.#refused(error),
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
    this.#linesAbove = new LinesAbove(view, this.#history, this.#stream(), (text) => this.#tellAbove(text));
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

  /** Who drives. */
  get driver() {
    return this.#driver;
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
    this.#size.close();
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
    this.#size.fit();
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
        this.#linesAbove.restored();
        view.restore(cols, rows, bytes, this.#painting(done, place));
        this.#sizeChanged({ cols, rows });
      },
      output: (bytes, done, place) => {
        view.output(bytes, this.#painting(done, place), place.offset);
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
        this.#driver.told(session.lease);
        this.#holdOrRelease();
        this.#emit('flow');
        this.pollStatus();
      },
      warning: (warning) => {
        this.#reading.warning(warning, this.#now());
        this.#emit('flow');
      },
      driven: (lease) => this.#driver.told(lease),
      recorded: ({ on, recording, mode }) => this.#update({ recording: on ? { id: recording, mode } : undefined }),
      exited: (exit) => this.#ended(exit),
      disconnected: (reason) => this.#disconnected(reason),
      failed: (error) => this.#failed(error),
    };
  }

  /** The attachment as LinesAbove wants it. */
  #stream() {
    const attachment = this.#attachment;
    return {
      get offset() {
        return attachment.subscriber === null ? null : attachment.offset;
      },
      goBackTo: (state, bytes) => attachment.goBackTo(state, bytes),
    };
  }

  #tellAbove(text) {
    this.#above = text;
    this.#emit('changed');
  }

  #typed(text, byPerson) {
    this.#history.typed();
    if (byPerson) {
      this.#size.typed();
      this.#driver.typed();
    }
    if (!this.#input.text(text, { typed: byPerson })) {
      this.#problem('That is too much input at once; it was not sent.');
    }
  }

  /** Where somebody else drives, that is told, and no error. */
  #refused(error) {
    if (error.code !== LOCKED || !this.#driver.refused()) {
      this.#problem(`Input was not taken: ${error.message}`);
    }
  }

  #sizeChanged(size) {
    this.#size.settled(size);
    this.#update(size);
  }

  #ended(exit) {
    this.#notice(`The session has ${exitInWords(exit)}.`, this.#again);
    this.#driver.told();
    this.#update({ state: 'exited', exit });
  }

  /** Not where all that is known of its command is the beginning. */
  get #again() {
    return this.#mayCreate && this.#session.command && !this.#session.commandShortened ? START_AGAIN : '';
  }

  #disconnected(reason) {
    this.#flowOff('Detached');
    this.#notice(disconnectInWords(reason), UNANSWERED.has(reason) ? '' : 'Attach again');
    if (PASSING.has(reason)) {
      this.#timers.setTimeout(() => this.#connected && this.subscriber === null && this.attach(), STALLED_RETRY_MS);
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
