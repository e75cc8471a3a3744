import { History } from '@termbus/client/src/history.js';
import { InputQueue, inputBody } from '@termbus/client/src/input-queue.js';
import { commandOutput } from './command-output.js';
import { Driver } from './driver.js';
import { SCROLLBACK_LINES, sameSize } from './geometry.js';
import { InputMark } from './input-mark.js';
import { LinesAbove } from './lines-above.js';
import { SizeKeeper } from './size-keeper.js';
import { isTyped } from './typed-input.js';
import { disconnectInWords, exitInWords, lostInputInWords } from './words.js';

/** A window that was put to sleep and dropped for it comes back by itself. */
export const STALLED_RETRY_MS = 1_000;
export const DISMISS = 'OK';
/** Somebody else drives. */
export const LOCKED = 423;
export const TRY_AGAIN = 'Try again';

/**
 * A session of a hub on a terminal: its output, and what is typed there, through cuts of the connection.
 *
 * Events: `ready` (its state is drawn for the first time; detail: the session), `zone`, `lag` and `exit` (detail: as the hub
 * tells it), `closed` (nothing more comes; detail: {reason, error?}), `changed` (of the notice).
 */
export class TerminalSession extends EventTarget {
  #hub;
  #address;
  #view;
  #options;
  #now;
  #timers;
  #subscription = null;
  #attached = false;
  #facts = null;
  /** The session's size where the terminal's output stands. */
  #shown = null;
  /** Bytes of the session that the terminal has; null: none that it could go on from. */
  #offset = null;
  /** Where a new subscription begins: {from?}; null: there is none to be. */
  #goOn = null;
  #ready = false;
  #exit = null;
  #closed = false;
  #refused = false;
  #input;
  #mark = new InputMark();
  #driver;
  #size;
  #history;
  #above;
  #state = { text: '', action: '' };
  #fetching = '';
  #lostInput = '';

  /**
   * @param hub of @termbus/client
   * @param options {session, mode, lag} of the request `attach`
   * @param transform changes what was typed before it is sent
   */
  constructor(hub, options, view, { transform = (text) => text, timers = globalThis, now = () => performance.now() } = {}) {
    super();
    this.#hub = hub;
    this.#options = options;
    this.#view = view;
    this.#timers = timers;
    this.#now = now;
    this.#address = `termbus.session.${options.session}`;
    this.#driver = new Driver((action, body) => this.#request(action, body), {
      mayDrive: () => !this.readOnly,
      changed: () => this.#emit('changed'),
      problem: (error) => this.#tell(error.message),
      now,
    });
    this.#input = new InputQueue((piece) => this.#request('input', inputBody(piece)), this.#inputListener(), { timers, now });
    this.#input.hold();
    this.#size = new SizeKeeper(view, () => this.#resizable(), ({ cols, rows }) => this.#request('resize', { cols, rows }), { timers });
    const pieces = { snapshotPiece: (id, piece, next) => this.#request('snapshot', next === undefined ? { piece } : { piece, next }) };
    this.#history = new History(pieces, options.session, { timers, now });
    this.#above = new LinesAbove(view, this.#history, this.#stream(), (text) => this.#fetches(text));
    view.readOnly = this.readOnly;
    view.addEventListener('text', ({ detail }) => this.#typed(transform(detail), isTyped(detail)));
    view.addEventListener('binary', ({ detail }) => this.#input.binary(detail));
  }

  /** The session as the hub told it last; null before. */
  get facts() {
    return this.#facts;
  }

  get readOnly() {
    return this.#options.mode === 'read' || this.#exit !== null;
  }

  /** The hub has refused it, or ended it for another reason than the program's end. */
  get isRefused() {
    return this.#refused;
  }

  /** Who drives. */
  get driver() {
    return this.#driver;
  }

  /** {text, action}: what to tell beside the terminal, and the button for it; empty is nothing. */
  get notice() {
    const open = this.#mark.read(this.#input.open, this.#now());
    const text = [this.#state.text, this.#fetching, this.#lostInput, open].filter(Boolean).join(' ');
    return { text, action: this.#state.action || (this.#lostInput && DISMISS) };
  }

  dismiss() {
    this.#lostInput = '';
    this.#emit('changed');
  }

  /** Follows the session to its end, once. Never rejects. */
  async follow() {
    let from;
    do {
      this.#goOn = null;
      try {
        await this.#deliveries(from);
      } catch (error) {
        await this.#failed(error);
      }
      from = this.#goOn?.from;
    } while (!this.#closed && this.#goOn !== null);
    if (!this.#closed && this.#exit !== null) {
      this.#emit('closed', { reason: 'exit' });
    }
  }

  /** Gives the session the size that fits the terminal's place. */
  fit() {
    this.#size.fit();
  }

  /** The screen and its scrollback as the hub has them, as text: → {data, cols, rows, …} */
  snapshot(options = {}) {
    return this.#request('snapshot', { format: 'text', ...options });
  }

  /** What a command has put out, of those that its view has marks of: → {text, …} */
  commandOutput(command) {
    return commandOutput((action, body) => this.#request(action, body), command);
  }

  /** Leaves the session, which goes on. Idempotent. */
  close() {
    this.#closed = true;
    this.#attached = false;
    this.#size.close();
    this.#input.close();
    this.#subscription?.return();
  }

  #request(action, body) {
    return this.#hub.request(this.#address, action, body);
  }

  async #deliveries(from) {
    this.#offset = from ?? null;
    const subscription = this.#hub.attach(this.#options.session, {
      ...this.#options,
      acks: 'manual',
      from,
      scrollback: SCROLLBACK_LINES,
      onAttached: (session) => this.#attachedTo(session),
      onLost: (error) => this.#lost(error),
    });
    this.#subscription = subscription;
    for await (const delivery of subscription) {
      this.#take(delivery, () => subscription.consumed(delivery));
    }
  }

  /** Output made for another size would be drawn wrongly on this one: a snapshot is taken instead. */
  #attachedTo(session) {
    if (this.#offset !== null && !sameSize(session, this.#shown)) {
      this.#restart({});
      return;
    }
    this.#attached = true;
    this.#facts = session;
    this.#driver.told(session.lease);
    this.#tell('');
    this.#input.release();
  }

  #lost(error) {
    this.#attached = false;
    this.#input.hold();
    this.#tell(`Not connected, trying again: ${error.message}`);
  }

  async #failed(error) {
    this.#attached = false;
    this.#input.hold();
    if (error.reason === 'stalled') {
      this.#goOn = {};
      await new Promise((resolve) => this.#timers.setTimeout(resolve, STALLED_RETRY_MS));
    } else if (!this.#closed) {
      this.#refused = true;
      this.#input.abandon();
      this.#tell(error.reason ? disconnectInWords(error.reason) : `Cannot attach: ${error.message}`, TRY_AGAIN);
      this.#emit('closed', { reason: error.reason ?? 'failed', error });
    }
  }

  #restart(goOn) {
    this.#goOn = goOn;
    this.#subscription.return();
  }

  #take(delivery, consumed) {
    const { kind, data, offset, cols, rows } = delivery;
    switch (kind) {
      case 'snapshot':
        this.#offset = offset;
        this.#above.restored();
        this.#view.restore(cols, rows, data, () => this.#drawn(consumed));
        this.#hasSize({ cols, rows });
        break;
      case 'output':
        this.#offset = offset;
        this.#view.output(data, consumed, offset);
        break;
      case 'resize':
        this.#view.resize(cols, rows);
        this.#hasSize({ cols, rows });
        break;
      case 'warning':
        this.#emit('zone', delivery);
        break;
      case 'lag':
        this.#emit('lag', delivery);
        break;
      case 'lease':
        this.#driver.told(delivery.lease);
        break;
      case 'exit':
        this.#ended(delivery);
        break;
      default:
        break;
    }
  }

  #hasSize(size) {
    this.#shown = size;
    this.#facts = { ...this.#facts, ...size };
    this.#size.settled(size);
  }

  #drawn(consumed) {
    consumed();
    if (!this.#ready) {
      this.#ready = true;
      this.#emit('ready', this.#facts);
    }
  }

  #ended({ kind, ...exit }) {
    this.#exit = exit;
    this.#attached = false;
    this.#view.readOnly = true;
    this.#driver.told();
    this.#tell(`The session has ${exitInWords(this.#exit)}.`);
    this.#emit('exit', this.#exit);
  }

  #resizable() {
    return this.readOnly || !this.#attached ? null : this.#shown;
  }

  #stream() {
    const offset = () => (this.#attached ? this.#offset : null);
    return {
      get offset() {
        return offset();
      },
      goBackTo: (state, bytes) => this.#goBackTo(state, bytes),
    };
  }

  /** Puts an earlier state in place of what the terminal has, and goes on from there. */
  #goBackTo({ cols, rows, offset }, bytes) {
    if (!sameSize({ cols, rows }, this.#shown)) {
      return false;
    }
    this.#attached = false;
    this.#input.hold();
    this.#view.restore(cols, rows, bytes);
    this.#restart({ from: offset });
    return true;
  }

  #typed(text, byPerson) {
    this.#history.typed();
    if (byPerson) {
      this.#size.typed();
      this.#driver.typed();
    }
    if (!this.#input.text(text, { typed: byPerson })) {
      this.#tell('That is too much input at once; it was not sent.');
    }
  }

  #inputListener() {
    return {
      refused: (error) => {
        if (error.code !== LOCKED || !this.#driver.refused()) {
          this.#tell(`Input was not taken: ${error.message}`);
        }
      },
      lost: (lost) => {
        this.#mark.lost();
        this.#lostInput = lostInputInWords(lost);
        this.#emit('changed');
      },
      taken: () => {},
    };
  }

  #fetches(text) {
    this.#fetching = text;
    this.#emit('changed');
  }

  #tell(text, action = '') {
    this.#state = { text, action };
    this.#emit('changed');
  }

  #emit(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
