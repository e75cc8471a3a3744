import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { Disconnected, HubError } from '../../../clients/js/src/errors.js';
import { STALLED_RETRY_MS, TerminalSession, TRY_AGAIN } from '../../../clients/terminal/src/terminal-session.js';
import { FakeClock } from './support/fake-clock.mjs';
import { settle } from './support/settle.mjs';

const SIZE = { cols: 100, rows: 30 };
const SESSION = { id: 's', name: 'box', ...SIZE };
const SNAPSHOT = { kind: 'snapshot', data: new Uint8Array(3), offset: 3, ...SIZE };
const output = (offset) => ({ kind: 'output', data: new Uint8Array(1), offset });

/** A subscription whose deliveries a test gives. */
class FakeSubscription {
  acked = [];
  #waiting = [];
  #wake = () => {};

  constructor(options) {
    this.options = options;
  }

  [Symbol.asyncIterator]() {
    return this;
  }

  async next() {
    while (this.#waiting.length === 0) {
      await new Promise((resolve) => (this.#wake = resolve));
    }
    const { value, error } = this.#waiting.shift();
    if (error !== undefined) {
      throw error;
    }
    return { value, done: value === undefined };
  }

  async return() {
    this.give(undefined);
  }

  consumed(delivery) {
    this.acked.push(delivery.offset);
  }

  async give(...values) {
    this.#waiting.push(...values.map((value) => ({ value })));
    this.#wake();
    await settle();
  }

  async fail(error) {
    this.#waiting.push({ error });
    this.#wake();
    await settle();
  }
}

class FakeHub {
  subscriptions = [];
  requests = [];
  attach(session, options) {
    this.subscriptions.push(new FakeSubscription(options));
    return this.last;
  }
  get last() {
    return this.subscriptions.at(-1);
  }
  async request(address, action, body) {
    this.requests.push({ action, body });
    return {};
  }
}

/** Writes when a test says so. */
class FakeView extends EventTarget {
  proposal = { cols: 120, rows: 40 };
  writing = [];
  seen = [];
  restore(cols, rows, bytes, done) {
    this.seen.push(`snapshot ${cols}x${rows}`);
    this.writing.push(done);
  }
  output(bytes, done) {
    this.seen.push('output');
    this.writing.push(done);
  }
  resize(cols, rows) {
    this.seen.push(`resize ${cols}x${rows}`);
  }
  draw() {
    this.writing.splice(0).forEach((done) => done());
  }
  emit(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

let hub;
let view;
let clock;
let session;
let events;

beforeEach(async () => {
  hub = new FakeHub();
  view = new FakeView();
  clock = new FakeClock();
  events = [];
  session = new TerminalSession(hub, { session: 's', mode: 'write' }, view, { timers: clock, now: () => clock.now });
  for (const type of ['ready', 'zone', 'lag', 'exit', 'closed']) {
    session.addEventListener(type, ({ detail }) => events.push({ type, detail }));
  }
  session.follow();
  await settle();
});

async function attached() {
  hub.last.options.onAttached(SESSION);
  await hub.last.give(SNAPSHOT);
  view.draw();
}

test('a delivery is acked when it is drawn, and not before; the first one makes the terminal ready', async () => {
  hub.last.options.onAttached(SESSION);
  await hub.last.give(SNAPSHOT, output(4));
  assert.deepEqual(view.seen, ['snapshot 100x30', 'output']);
  assert.deepEqual([hub.last.acked, events], [[], []]);
  view.draw();
  assert.deepEqual(hub.last.acked, [3, 4]);
  assert.deepEqual(events, [{ type: 'ready', detail: SESSION }]);
});

test('zones and the end of waiting are told as the hub tells them', async () => {
  const zone = { kind: 'warning', level: 'yellow', previous: 'green' };
  const lag = { kind: 'lag', lag: 'skip', previous: 'block', heldMs: 9 };
  await attached();
  await hub.last.give(zone, lag);
  assert.deepEqual(events.slice(1), [{ type: 'zone', detail: zone }, { type: 'lag', detail: lag }]);
});

test('the end of the program is told, then that nothing more comes; nobody can type any more', async () => {
  await attached();
  await hub.last.give({ kind: 'exit', code: 130, signal: 'SIGINT' }, undefined);
  assert.deepEqual(events.slice(1), [
    { type: 'exit', detail: { code: 130, signal: 'SIGINT' } },
    { type: 'closed', detail: { reason: 'exit' } },
  ]);
  assert.equal(view.readOnly, true);
  assert.match(session.notice.text, /ended by SIGINT/);
});

test('what is typed while there is no connection is kept, and sent once there is one', async () => {
  await attached();
  hub.last.options.onLost(new HubError(0, 'gone'));
  view.emit('text', 'ls\r');
  await settle();
  assert.match(session.notice.text, /Not connected.*gone/);
  assert.deepEqual(hub.requests, []);
  hub.last.options.onAttached(SESSION);
  await settle();
  assert.deepEqual(hub.requests, [{ action: 'input', body: { data: 'ls\r' } }]);
  assert.equal(session.notice.text, '');
});

test('who types gives the session the size of this terminal, once', async () => {
  await attached();
  view.emit('text', 'l');
  view.emit('text', 's');
  await settle();
  assert.deepEqual(hub.requests.filter(({ action }) => action === 'resize'), [{ action: 'resize', body: view.proposal }]);
});

test('a session that has another size after a loss is taken anew, as its output was made for that', async () => {
  await attached();
  const before = hub.last;
  before.options.onAttached({ ...SESSION, cols: 80 });
  await settle();
  assert.notEqual(hub.last, before);
  assert.equal(hub.last.options.from, undefined);
  assert.equal(events.some(({ type }) => type === 'closed'), false);
});

test('a window that was put to sleep and dropped for it comes back by itself', async () => {
  await attached();
  await hub.last.fail(new Disconnected('stalled'));
  assert.equal(hub.subscriptions.length, 1);
  clock.advance(STALLED_RETRY_MS);
  await settle();
  assert.equal(hub.subscriptions.length, 2);
});

test('a refusal is told with its error, and not tried again', async () => {
  const error = new HubError(401, 'wrong token');
  await hub.last.fail(error);
  clock.advance(60_000);
  await settle();
  assert.deepEqual(events, [{ type: 'closed', detail: { reason: 'failed', error } }]);
  assert.deepEqual([session.isRefused, session.notice.action, hub.subscriptions.length], [true, TRY_AGAIN, 1]);
});

test('the lines above are fetched when the user has scrolled up to where they are missing, and output goes on behind them', async () => {
  view.linesAbove = 0;
  view.keepingPlace = (rewrite) => rewrite();
  hub.request = async () => ({ ...SIZE, offset: 2, scrollbackLines: 7, data: 'above', chars: 5 });
  await attached();
  const before = hub.last;
  view.emit('top');
  await settle();
  assert.deepEqual(view.seen, ['snapshot 100x30', 'snapshot 100x30']);
  assert.notEqual(hub.last, before);
  assert.equal(hub.last.options.from, 2);
});

test('who leaves is told nothing more', async () => {
  await attached();
  session.close();
  await settle();
  assert.deepEqual(events.map(({ type }) => type), ['ready']);
  assert.equal(hub.subscriptions.length, 1);
});
