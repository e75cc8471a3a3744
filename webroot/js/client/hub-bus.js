import { Backoff } from './backoff.js';
import { HubError } from '../../packages/client/errors.js';
import { log } from '../../packages/client/log.js';

/** A request waits so long for its reply before it fails with code 0. */
const REQUEST_TIMEOUT_MS = 15_000;
/** A timer that fires so much later was asleep with the computer: what has arrived meanwhile comes after it. */
const OVERSLEPT_MS = 1_000;
/** The hub then has so long to answer. */
const SECOND_CHANCE_MS = 3_000;

/**
 * The connection to the hub, owner of the event bus client. Connects again by itself until closed.
 * Events: `open` (a fresh connection, nothing registered yet), `close` (with `detail.retryMs`).
 */
export class HubBus extends EventTarget {
  #connect;
  #backoff;
  #timers;
  #now;
  #client = null;
  #open = false;
  #closed = false;
  #retryTimer = null;
  #pending = new Set();
  /** Counts the messages that have come. */
  #heard = 0;
  #heardAt = 0;

  /** @param connect makes a new event bus client; its state must not be open yet */
  constructor(connect, { backoff = new Backoff(), timers = globalThis, now = () => performance.now() } = {}) {
    super();
    this.#connect = connect;
    this.#backoff = backoff;
    this.#timers = timers;
    this.#now = now;
  }

  get isOpen() {
    return this.#open;
  }

  /** When anything came from the hub last, by the clock that `now` is. */
  get heardAt() {
    return this.#heardAt;
  }

  start() {
    const client = this.#connect();
    this.#client = client;
    client.onerror = (error) => log.warn('bus error', error?.message ?? error);
    client.onopen = () => this.#opened(client);
    client.onclose = () => this.#lost(client);
  }

  /** Skips what is left of the delay before the next attempt. */
  retryNow() {
    if (this.#retryTimer !== null) {
      this.#timers.clearTimeout(this.#retryTimer);
      this.#retryTimer = null;
      this.start();
    }
  }

  close() {
    this.#closed = true;
    this.#timers.clearTimeout(this.#retryTimer);
    this.#retryTimer = null;
    this.#client?.close();
  }

  /** Sends and waits for the reply's body. Rejects with a HubError. */
  request(address, action, body = {}) {
    if (!this.#open) {
      return Promise.reject(new HubError(0, 'not connected to the hub', { sent: false }));
    }
    return new Promise((resolve, reject) => {
      const heardWhenSent = this.#heard;
      const settle = (finish, value) => {
        this.#timers.clearTimeout(pending.timer);
        this.#pending.delete(pending);
        finish(value);
      };
      const pending = { fail: (error) => settle(reject, error), timer: null };
      this.#expect(pending, action, heardWhenSent, REQUEST_TIMEOUT_MS);
      this.#pending.add(pending);
      this.#client.send(address, body, { action }, (error, message) => {
        this.#hear();
        if (error) {
          pending.fail(new HubError(error.failureCode ?? 0, error.message || `${action} failed`));
        } else {
          settle(resolve, message.body);
        }
      });
    });
  }

  /** Sends without waiting for anything. Dropped while there is no connection. */
  tell(address, action, body) {
    if (this.#open) {
      this.#client.send(address, body, { action });
    }
  }

  /**
   * Receives at an address until the returned function is called or the connection is lost.
   * @param onError takes a HubError where the hub refuses
   */
  register(address, onMessage, onError = (error) => log.warn(`refused at ${address}`, error.message)) {
    const client = this.#client;
    const handler = (error, message) => {
      this.#hear();
      if (error) {
        onError(new HubError(error.failureCode ?? 0, error.message ?? 'refused'));
      } else {
        onMessage(message);
      }
    };
    client.registerHandler(address, handler);
    return () => {
      if (this.#open && client === this.#client) {
        client.unregisterHandler(address, handler);
      }
    };
  }

  #opened(client) {
    if (client !== this.#client || this.#closed) {
      return;
    }
    this.#open = true;
    this.#hear();
    this.#backoff.reset();
    this.dispatchEvent(new Event('open'));
  }

  #lost(client) {
    if (client !== this.#client) {
      return;
    }
    this.#open = false;
    this.#client = null;
    for (const pending of [...this.#pending]) {
      pending.fail(new HubError(0, 'the connection to the hub was lost'));
    }
    const retryMs = this.#closed ? null : this.#backoff.next();
    if (retryMs !== null) {
      this.#retryTimer = this.#timers.setTimeout(() => {
        this.#retryTimer = null;
        this.start();
      }, retryMs);
    }
    this.dispatchEvent(new CustomEvent('close', { detail: { retryMs } }));
  }

  #hear() {
    this.#heard++;
    this.#heardAt = this.#now();
  }

  #expect(pending, action, heardWhenSent, ms) {
    const due = this.#now() + ms;
    pending.timer = this.#timers.setTimeout(() => {
      if (this.#now() - due > OVERSLEPT_MS) {
        this.#expect(pending, action, heardWhenSent, SECOND_CHANCE_MS);
      } else {
        this.#timedOut(pending, action, heardWhenSent);
      }
    }, ms);
  }

  /** A connection on which nothing at all arrived while a request waited is dead: dropped. */
  #timedOut(pending, action, heardWhenSent) {
    pending.fail(new HubError(0, `the hub did not answer '${action}'`));
    if (this.#heard === heardWhenSent && this.#client) {
      const client = this.#client;
      log.warn('no answer, dropping the connection');
      client.close();
      this.#lost(client);
    }
  }
}
