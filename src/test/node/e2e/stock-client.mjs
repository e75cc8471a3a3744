// The stock SockJS event bus client against a real hub: creates a session, attaches, types, reads, loses
// its connection and goes on. Usage: node stock-client.mjs <http port> <token>
// Prints "ok" and exits 0, or fails with what differed.
import assert from 'node:assert/strict';
import EventBus from '@vertx/eventbus-bridge-client.js';

const [port, token] = process.argv.slice(2);
let step = 'start';
setTimeout(() => { console.error('timeout at', step); process.exit(2); }, 25000).unref();

function at(transport, what) {
  step = `${transport}: ${what}`;
}

class Terminal {
  #bus;
  #session;
  #offset = 0;
  #text = '';
  #waiting = new Set();

  constructor(transport) {
    this.#bus = new EventBus(`http://127.0.0.1:${port}/eventbus?token=${token}`, {
      transports: [transport],
      timeout: 10000,
      vertxbus_reconnect_delay_min: 10,
      vertxbus_reconnect_delay_max: 50,
    });
    this.#bus.enableReconnect(true);
  }

  opened() {
    return new Promise((resolve) => { this.#bus.onopen = resolve; });
  }

  ask(address, action, body = {}) {
    return new Promise((resolve, reject) => {
      this.#bus.send(address, body, { action }, (err, message) => (err ? reject(err) : resolve(message.body)));
    });
  }

  async create(command) {
    this.#session = (await this.ask('termbus.hub', 'create', { command })).id;
  }

  async attach() {
    const attached = await this.ask('termbus.flow', 'attach', { session: this.#session, from: this.#offset });
    this.#bus.registerHandler(attached.address, {}, (err, delivery) => {
      assert.equal(err, null);
      this.#take(delivery, attached.subscriber);
    });
  }

  /** Waits until all output so far ends with `text`. */
  read(text) {
    return new Promise((resolve) => {
      this.#waiting.add({ text, resolve });
      this.#look();
    });
  }

  type(data) {
    return this.ask(`termbus.session.${this.#session}`, 'input', { data });
  }

  /** Breaks the connection below the client, which reconnects by itself. */
  loseConnection() {
    const reopened = this.opened();
    this.#bus.sockJSConn.close(4000, 'lost');
    return reopened;
  }

  async end() {
    await this.ask(`termbus.session.${this.#session}`, 'kill');
    this.#bus.enableReconnect(false);
    this.#bus.close();
  }

  #take(delivery, subscriber) {
    const { kind, seq, offset } = delivery.headers;
    if (kind !== 'output') {
      assert.notEqual(kind, 'snapshot', 'the backlog still holds everything');
      return;
    }
    const bytes = Buffer.from(delivery.body, 'base64url');
    assert.equal(Number(offset), this.#offset + bytes.length);
    this.#offset = Number(offset);
    this.#text += bytes.toString('utf8');
    this.#bus.send('termbus.flow', { subscriber, seq: Number(seq) }, { action: 'ack' });
    this.#look();
  }

  #look() {
    for (const each of this.#waiting) {
      if (this.#text.endsWith(each.text)) {
        this.#waiting.delete(each);
        each.resolve();
      }
    }
  }

  get text() {
    return this.#text;
  }
}

for (const transport of ['websocket', 'xhr-streaming', 'xhr-polling']) {
  const terminal = new Terminal(transport);
  at(transport, 'open');
  await terminal.opened();
  at(transport, 'create');
  await terminal.create(['sh', '-c', 'stty -echo; echo on; exec cat']);
  at(transport, 'attach');
  await terminal.attach();
  await terminal.read('on\r\n');
  at(transport, 'type');
  await terminal.type('äöü €\n');
  await terminal.read('€\r\n');
  at(transport, 'reconnect');
  await terminal.loseConnection();
  at(transport, 'go on');
  await terminal.type('meanwhile\n');
  await terminal.attach();
  await terminal.read('meanwhile\r\n');
  assert.equal(terminal.text, 'on\r\näöü €\r\nmeanwhile\r\n');
  at(transport, 'end');
  await assert.rejects(terminal.ask('termbus.hub', 'nothing'), { failureCode: 404 });
  await terminal.end();
}
console.log('ok');
process.exit(0);
