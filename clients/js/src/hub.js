import { encodeBytes } from './base64.js';
import { Connection, HUB } from './connection.js';
import { HubClosed } from './errors.js';
import { Subscription } from './subscription.js';

/** A subscription tries for so long to come back. */
const RETRY_MS = 60_000;
const NO_WEBSOCKET =
  'there is no WebSocket here: use Node 22 or later, or node --experimental-websocket, or give one, such as that of the package ws: connect({ url, token, WebSocket })';

/**
 * Connects and logs in. Rejects with a HubError where that is refused (401: a wrong token) or no hub is there (0).
 *
 * @param url where the web app is, such as http://127.0.0.1:8080; in a page that of the page, if left out
 * @param token logs in; or getToken → a token, or a promise of one, asked each time that a connection is made. Without both,
 *   in a browser, the hub's cookie does
 * @param retryMs a subscription tries for so long to come back after its connection was lost
 * @param WebSocket in place of the global one
 */
export async function connect(options) {
  const hub = hubAt(options);
  await hub.connected();
  return hub;
}

/** For packages beside this one: a hub that connects when somebody needs it. Options are those of `connect`. */
export function hubAt({
  url = globalThis.location?.href,
  token,
  getToken = () => token,
  retryMs = RETRY_MS,
  WebSocket = globalThis.WebSocket,
} = {}) {
  if (typeof WebSocket !== 'function') {
    throw new TypeError(NO_WEBSOCKET);
  }
  const socketUrl = webSocketUrl(url);
  return new Hub(async () => Connection.open(socketUrl, await getToken(), WebSocket), retryMs);
}

function webSocketUrl(url) {
  const base = new URL(url);
  base.protocol = base.protocol.replace('http', 'ws');
  base.search = base.hash = '';
  base.pathname = base.pathname.replace(/\/(index\.html)?$/, '') + '/';
  return new URL('eventbus/websocket', base).href;
}

/** A hub that is logged in to. A connection that is lost is made anew by whoever needs it next: a request tries once. */
export class Hub {
  #open;
  #retryMs;
  #connecting = null;
  #connection = null;
  #closed = false;

  /** @param open → a promise of a connection */
  constructor(open, retryMs) {
    this.#open = open;
    this.#retryMs = retryMs;
  }

  /** Any action of the protocol: → its answer. Never sent twice: where no answer came the error's code is 0. */
  async request(address, action, body) {
    return (await this.connected()).request(address, action, body);
  }

  /** All sessions that this login may see, the oldest first, exited ones included until they are forgotten. */
  async sessions() {
    return (await this.request(HUB, 'list')).sessions;
  }

  /** A new session: → the session. Options are those of `create` in docs/protocol.md. */
  create(options = {}) {
    return this.request(HUB, 'create', options);
  }

  /** Types text, or the bytes of a Uint8Array; done when the hub has all of it. */
  async input(session, data) {
    await this.request(`termbus.session.${session}`, 'input', typeof data === 'string' ? { data } : { base64: encodeBytes(data) });
  }

  /**
   * What a session puts out, as an async iterator, until its `exit`, which is the last. A delivery is acked when the next
   * one is asked for. Leaving the loop, also by a throw, ends the subscription and nothing else.
   */
  attach(session, options = {}) {
    return new Subscription(() => this.connected(), { ...options, session }, this.#retryMs);
  }

  /** Ends the connection and all subscriptions, which reject with code 0 where they are waited for; sessions stay. */
  close() {
    this.#closed = true;
    this.#connection?.close();
  }

  /** For this package: a connection that is not lost. */
  connected() {
    if (this.#closed) {
      return Promise.reject(new HubClosed());
    }
    if (this.#connection?.lost === null) {
      return Promise.resolve(this.#connection);
    }
    this.#connecting ??= this.#connect().finally(() => {
      this.#connecting = null;
    });
    return this.#connecting;
  }

  async #connect() {
    this.#connection = await this.#open();
    if (this.#closed) {
      this.#connection.close();
      throw new HubClosed();
    }
    return this.#connection;
  }
}
