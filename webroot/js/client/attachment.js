import { AckBatcher } from '../../packages/client/ack-batcher.js';
import { Backoff } from './backoff.js';
import { decodeBase64Url } from '../../packages/client/base64.js';
import { log } from '../../packages/client/log.js';
import { SessionStream } from './stream.js';

/**
 * This client's subscription to one session: attaches, checks that output is contiguous, acks what
 * the screen has consumed, and attaches again from the last offset after a loss.
 *
 * The screen gets `restore(cols, rows, bytes, done, place)`, `output(bytes, done, place)`, where the place is
 * {offset, time?: the hub's, of the newest byte}, and `resize(cols, rows)`; the listener gets `attached(session)`, `warning(body)`, `driven(lease?)`, `recorded(body)`, `exited(body)`, `disconnected(reason)`,
 * `failed(error)`.
 */
export class Attachment {
  #api;
  #session;
  #screen;
  #listener;
  #options;
  #timers;
  #stream = new SessionStream();
  #retry = new Backoff({ minMs: 100, maxMs: 5_000 });
  #retryTimer = null;
  /** Counts attaches: what belongs to an earlier one is ignored. */
  #generation = 0;
  #subscriber = null;
  #unregister = () => {};
  #acks = null;
  #size = null;

  /** @param options {mode, scrollback} of the attach request */
  constructor(api, session, screen, listener, { options = {}, timers = globalThis } = {}) {
    this.#api = api;
    this.#session = session;
    this.#screen = screen;
    this.#listener = listener;
    this.#options = options;
    this.#timers = timers;
  }

  get session() {
    return this.#session;
  }

  /** Id of the subscriber, null while not attached. */
  get subscriber() {
    return this.#subscriber;
  }

  get offset() {
    return this.#stream.offset;
  }

  /** Attaches, resuming where the stream stands. Called at the start and after each reconnect. */
  async attach() {
    this.suspend();
    const generation = this.#generation;
    try {
      const request = { session: this.#session, ...this.#options, ...this.#stream.resumption() };
      const reply = await this.#api.attach(request);
      if (generation !== this.#generation) {
        this.#api.detach(reply.subscriber);
      } else if (this.#mustNotResume(reply.session)) {
        this.#api.detach(reply.subscriber);
        this.#stream.forget();
        await this.attach();
      } else {
        this.#begin(generation, reply);
      }
    } catch (error) {
      if (generation === this.#generation) {
        this.#attachFailed(error);
      }
    }
  }

  /** The connection is gone, and the subscriber with it; the place in the stream is kept. */
  suspend() {
    this.#generation++;
    this.#timers.clearTimeout(this.#retryTimer);
    this.#acks?.close();
    this.#acks = null;
    this.#subscriber = null;
    this.#unregister = () => {};
  }

  /** Ends the subscription; the session stays. */
  detach() {
    const subscriber = this.#subscriber;
    this.#unregister();
    this.suspend();
    if (subscriber !== null) {
      this.#api.detach(subscriber);
    }
  }

  /**
   * Puts an earlier state of the session, one with more scrollback, in place of what the terminal has, and goes on from
   * there. False: it is of another size.
   */
  goBackTo({ cols, rows, offset }, bytes) {
    if (this.#size === null || cols !== this.#size.cols || rows !== this.#size.rows) {
      return false;
    }
    this.detach();
    this.#stream.goBackTo(offset);
    this.#screen.restore(cols, rows, bytes, () => {}, { offset });
    this.attach();
    return true;
  }

  /** Output made for another size would be drawn wrongly on this one: take a snapshot instead. */
  #mustNotResume(session) {
    return (
      this.#stream.offset !== null &&
      this.#size !== null &&
      (session.cols !== this.#size.cols || session.rows !== this.#size.rows)
    );
  }

  #begin(generation, { subscriber, address, session }) {
    this.#subscriber = subscriber;
    this.#acks = new AckBatcher((seq) => this.#api.ack(subscriber, seq), this.#timers);
    this.#stream.begin();
    this.#listener.attached(session);
    const current = (act) => (value) => generation === this.#generation && act(value);
    this.#unregister = this.#api.deliveries(
      address,
      current((message) => this.#deliver(message)),
      current((error) => this.#attachFailed(error)),
    );
  }

  #attachFailed(error) {
    if (error.transient) {
      log.warn('attach failed', error.message);
      this.#reattach();
    } else {
      this.suspend();
      this.#listener.failed(error);
    }
  }

  #deliver({ headers, body }) {
    switch (headers.kind) {
      case 'snapshot':
        return this.#snapshot(headers, decodeBase64Url(body));
      case 'output':
        return this.#output(headers, decodeBase64Url(body));
      case 'resize':
        return this.#resize(body.cols, body.rows);
      case 'warning':
        return this.#listener.warning(body);
      case 'lease':
        return this.#listener.driven(body.lease);
      case 'command':
        return undefined;
      case 'recording':
        return this.#listener.recorded(body);
      case 'exit':
        return this.#listener.exited(body);
      case 'disconnected':
        this.suspend();
        return this.#listener.disconnected(body.reason);
      default:
        return log.warn(`unknown delivery '${headers.kind}'`);
    }
  }

  #snapshot(headers, bytes) {
    const seq = Number(headers.seq);
    if (!this.#stream.snapshot(seq, Number(headers.offset))) {
      return this.#lost(headers);
    }
    this.#retry.reset();
    this.#size = { cols: Number(headers.cols), rows: Number(headers.rows) };
    this.#screen.restore(this.#size.cols, this.#size.rows, bytes, this.#consumed(seq, bytes.length), place(headers));
  }

  #output(headers, bytes) {
    const seq = Number(headers.seq);
    if (!this.#stream.output(seq, Number(headers.offset), bytes.length)) {
      return this.#lost(headers);
    }
    this.#retry.reset();
    this.#screen.output(bytes, this.#consumed(seq, bytes.length), place(headers));
  }

  #resize(cols, rows) {
    this.#size = { cols, rows };
    this.#screen.resize(cols, rows);
  }

  /** The batcher is the subscriber's own: acks for one that is gone go nowhere. */
  #consumed(seq, length) {
    const acks = this.#acks;
    return () => acks.consumed(seq, length);
  }

  #lost({ seq, offset }) {
    log.warn(`gap before delivery ${seq}, offset ${offset}; have ${this.#stream.offset}`);
    this.detach();
    this.#reattach();
  }

  #reattach() {
    this.#timers.clearTimeout(this.#retryTimer);
    this.#retryTimer = this.#timers.setTimeout(() => this.attach(), this.#retry.next());
  }
}

const place = ({ offset, time }) => ({ offset: Number(offset), time: time === undefined ? undefined : Number(time) });
