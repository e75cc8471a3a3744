import { Disconnected, HubError, lost } from './errors.js';
import { parseFrame } from './frames.js';

export const HUB = 'termbus.hub';
export const FLOW = 'termbus.flow';

const PROTOCOL = 'termbus.v1.binary';
/** After so long in which nothing came the hub is asked for a sign; after twice as long the connection is lost. */
const SILENT_MS = 20_000;
/** Making a connection may take so long. */
const CONNECT_MS = 10_000;
const OPEN = 1;

/** Notices that say nothing of the place in the output are passed over where they are of a kind that is not known here. */
const NOTICES = new Set(['resize', 'warning', 'lag', 'command', 'lease', 'exit']);

/** One connection to a hub, logged in, until it is lost: then it is so for good, and everybody who waits hears why. */
export class Connection {
  /** Why there is none any more; null while there is. */
  lost = null;
  #socket;
  #answers = new Map();
  #channels = new Map();
  #addresses = new Map();
  #numbers = 0;
  #lastWord = null;
  #heardAt = performance.now();
  #askedAt = 0;
  #timer = null;
  #opening = { reject: () => {} };

  /**
   * Connects and logs in. Rejects with a HubError: 401 for a wrong token, 0 where no hub can be reached.
   * @param url of the WebSocket
   * @param token undefined: who the hub knows by a cookie
   */
  static async open(url, token, WebSocket) {
    const connection = new Connection();
    try {
      await connection.#connect(url, WebSocket);
      await (token === undefined ? connection.request(HUB, 'info') : connection.request(HUB, 'login', { token }));
      return connection;
    } catch (error) {
      connection.close();
      error.sent = false; // what the connection was to be for
      throw error;
    }
  }

  /** The body of the answer. Rejects with a HubError. */
  request(address, action, body = {}) {
    return this.ask({ type: 'send', address, headers: { action }, body });
  }

  /** Sends a message and waits for its answer's body. */
  ask(message) {
    if (this.lost !== null) {
      return Promise.reject(new HubError(this.lost.code, this.lost.message, { sent: false }));
    }
    return new Promise((resolve, reject) => {
      const replyAddress = `r${++this.#numbers}`;
      this.#answers.set(replyAddress, { resolve, reject });
      this.send(JSON.stringify({ ...message, replyAddress }));
    });
  }

  /** Sends a request that nobody waits for. */
  tell(address, action, body) {
    this.send(JSON.stringify({ type: 'send', address, headers: { action }, body }));
  }

  /** Text or an ArrayBuffer. Does nothing once the connection is lost. */
  send(message) {
    if (this.lost === null && this.#socket.readyState === OPEN) {
      this.#socket.send(message);
    }
  }

  listen(channel, address, inbox) {
    this.#channels.set(channel, inbox);
    this.#addresses.set(address, inbox);
  }

  forget(channel, address) {
    this.#channels.delete(channel);
    this.#addresses.delete(address);
  }

  close() {
    this.#end(lost('the connection was closed'));
  }

  #connect(url, WebSocket) {
    return new Promise((resolve, reject) => {
      this.#opening = { reject };
      const socket = new WebSocket(url, PROTOCOL);
      this.#socket = socket;
      socket.binaryType = 'arraybuffer';
      socket.onopen = () => {
        this.#watch();
        resolve();
      };
      socket.onmessage = ({ data }) => this.#arrived(data);
      // both, as that of Node 20 says no close where it has not been open
      socket.onclose = socket.onerror = () =>
        this.#end(this.#lastWord ?? lost(`no connection to the hub at ${new URL(url).host}`));
      this.#timer = setTimeout(() => this.#end(lost('the hub does not answer')), CONNECT_MS);
    });
  }

  #arrived(data) {
    this.#heardAt = performance.now();
    try {
      this.#received(data);
    } catch (error) {
      this.#end(lost(`the other side is no hub: ${error.message}`));
    }
  }

  #received(data) {
    this.#lastWord = null;
    if (typeof data !== 'string') {
      const frame = parseFrame(data);
      this.#channels.get(frame?.channel)?.put(frame);
      return;
    }
    const message = JSON.parse(data);
    const answer = this.#answers.get(message.address);
    const inbox = this.#addresses.get(message.address);
    if (answer !== undefined) {
      this.#answers.delete(message.address);
      settle(answer, message);
    } else if (inbox !== undefined) {
      notice(inbox, message);
    } else if (message.type === 'err' && message.address === undefined) {
      this.#lastWord = errorOf(message); // before the hub closes, as a rule
    }
  }

  #watch() {
    clearTimeout(this.#timer);
    const now = performance.now();
    const silentMs = now - this.#heardAt;
    if (this.#askedAt > this.#heardAt) {
      this.#end(lost(`nothing came from the hub for ${Math.round(silentMs / 1_000)} s`));
      return;
    }
    if (silentMs >= SILENT_MS) {
      this.send('{"type":"ping"}');
      this.#askedAt = now;
    }
    this.#timer = setTimeout(() => this.#watch(), silentMs < SILENT_MS ? SILENT_MS - silentMs : SILENT_MS);
    this.#timer.unref?.(); // of Node: what is open keeps a program running, not this
  }

  /** Idempotent. */
  #end(reason) {
    if (this.lost !== null) {
      return;
    }
    this.lost = reason;
    clearTimeout(this.#timer);
    this.#socket?.close();
    for (const { reject } of [this.#opening, ...this.#answers.values()]) {
      reject(reason);
    }
    for (const inbox of this.#addresses.values()) {
      inbox.fail(reason);
    }
  }
}

const errorOf = ({ failureCode = 0, message = 'refused' }) => new HubError(failureCode, message);

function settle({ resolve, reject }, message) {
  if (message.type === 'err') {
    reject(errorOf(message));
  } else {
    resolve(message.body);
  }
}

function notice(inbox, message) {
  if (message.type === 'err') {
    inbox.fail(errorOf(message));
  } else if (message.headers.kind === 'disconnected') {
    inbox.fail(new Disconnected(message.body.reason));
  } else if (NOTICES.has(message.headers.kind)) {
    inbox.put({ seq: 0, delivery: { ...message.body, kind: message.headers.kind } });
  }
}
