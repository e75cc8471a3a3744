import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { HubError } from '../../../clients/js/src/errors.js';
import { OpenSession } from '../../../webroot/js/app/open-session.js';
import { FakeClock } from './support/fake-clock.mjs';
import { settle } from './support/settle.mjs';

const SESSION = { id: 's', name: 'box', command: ['sh'], cols: 100, rows: 30, state: 'running', title: '' };

/** A hub with one session: its size changes when somebody asks for that. */
class FakeApi {
  resizes = [];
  inputs = [];
  async attach({ mode }) {
    this.mode = mode;
    return { subscriber: 'sub', address: 'out', session: SESSION };
  }
  deliveries(address, onDelivery) {
    this.deliver = (kind, headers, body) => onDelivery({ headers: { kind, ...headers }, body });
    return () => {};
  }
  async resize(id, size) {
    this.resizes.push(size);
  }
  async input(id, body) {
    this.inputs.push(body);
    if (this.failure !== undefined) {
      throw this.failure;
    }
  }
  async status() {
    return { zone: 'green' };
  }
  ack() {}
  detach() {}
}

class FakeView extends EventTarget {
  proposal = { cols: 120, rows: 40 };
  restore(cols, rows, bytes, done) {
    done();
  }
  output(bytes, done) {
    this.done = done;
  }
  resize() {}
  close() {}
  emit(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

let api;
let view;
let clock;

beforeEach(() => {
  api = new FakeApi();
  view = new FakeView();
  clock = new FakeClock();
});

async function opened(options, session = SESSION) {
  const open = new OpenSession(api, session, view, { ...options, timers: clock, now: () => clock.now });
  open.attach();
  await settle();
  return open;
}

/** The window has rested. */
const rested = () => clock.advance(1_000);

test('a session that is merely opened keeps its size', async () => {
  const open = await opened();
  view.emit('proposal', false);
  rested();
  assert.deepEqual(api.resizes, []);
  assert.equal(open.canFit, true);
});

test('the first key gives the session this size, and asks for it once', async () => {
  await opened();
  view.emit('text', 'a');
  view.emit('text', 'b');
  assert.deepEqual(api.resizes, [{ cols: 120, rows: 40 }]);
  assert.deepEqual(api.inputs, [{ data: 'a' }, { data: 'b' }]);
});

test('moving the mouse or the focus is not typing, and still reaches the program', async () => {
  await opened();
  view.emit('text', '\x1b[<35;1;1M');
  view.emit('text', '\x1b[I');
  view.emit('binary', '\x1b[M !!');
  assert.deepEqual(api.resizes, []);
  assert.equal(api.inputs.length, 3);
});

test('a size that somebody else has given is left alone until somebody types here again', async () => {
  await opened();
  view.emit('text', 'a');
  await settle();
  api.deliver('resize', {}, { cols: 120, rows: 40 });
  api.deliver('resize', {}, { cols: 50, rows: 20 });
  view.emit('proposal', false);
  rested();
  assert.equal(api.resizes.length, 1);
  view.emit('text', 'b');
  assert.equal(api.resizes.length, 2);
});

test('the size that is held follows this window, also where only its layout has changed', async () => {
  await opened();
  view.emit('text', 'a');
  await settle();
  api.deliver('resize', {}, { cols: 120, rows: 40 });
  view.proposal = { cols: 110, rows: 38 };
  view.emit('proposal', false);
  rested();
  assert.deepEqual(api.resizes.at(-1), { cols: 110, rows: 38 });
});

test('a size that was chosen for a new session outlives typing, and ends with the first fit', async () => {
  const open = await opened({ sized: true });
  view.emit('text', 'a');
  assert.deepEqual(api.resizes, []);
  open.fit();
  assert.equal(api.resizes.length, 1);
});

test('a window that the user resizes takes the size', async () => {
  await opened();
  view.emit('proposal', true);
  rested();
  assert.deepEqual(api.resizes, [{ cols: 120, rows: 40 }]);
});

test('a viewer attaches to read and never resizes', async () => {
  const open = await opened({ watchOnly: true });
  assert.equal(api.mode, 'read');
  view.emit('text', 'a');
  view.emit('proposal', true);
  open.fit();
  rested();
  assert.deepEqual(api.resizes, []);
  assert.equal(open.canFit, false);
});

test('a recording that begins or ends is a fact of the session', async () => {
  const open = await opened();
  api.deliver('recording', {}, { on: true, recording: 'r-1', mode: 'input' });
  assert.deepEqual(open.session.recording, { id: 'r-1', mode: 'input' });
  api.deliver('recording', {}, { on: false, reason: 'stopped' });
  assert.equal(open.session.recording, undefined);
});

test('an ended session is told with its code and takes no more input', async () => {
  const open = await opened();
  api.deliver('exit', {}, { code: 3 });
  assert.match(open.notice.text, /exited with code 3/);
  assert.equal(view.readOnly, true);
  open.fit();
  assert.deepEqual(api.resizes, []);
});

test('an ended session may be started again by who may create, unless its command is known in part only', async () => {
  const shown = [];
  for (const [session, mayCreate] of [[SESSION, true], [SESSION, false], [{ ...SESSION, commandShortened: true }, true]]) {
    const open = await opened({ mayCreate }, session);
    let again = 0;
    open.addEventListener('again', () => again++);
    api.deliver('exit', {}, { code: 3 });
    shown.push(open.notice.action);
    open.answerNotice();
    assert.equal(again, open.notice.action === '' ? 0 : 1);
  }
  assert.deepEqual(shown, ['Start again', '', '']);
});

test('the list does not take a title away that the terminal has seen', async () => {
  const open = await opened();
  view.emit('title', 'vim');
  open.update({ ...SESSION, title: '' });
  assert.equal(open.session.title, 'vim');
  open.update(undefined);
  assert.equal(open.running, true);
});

test('a hub that refuses input is believed, one that did not answer is not made to have refused', async () => {
  const open = await opened();
  const problems = [];
  open.addEventListener('problem', (event) => problems.push(event.detail));
  api.failure = new HubError(429, 'too much waits');
  view.emit('text', 'a');
  await settle();
  assert.deepEqual(problems, ['Input was not taken: too much waits']);
  api.failure = new HubError(0, 'the connection to the hub was lost');
  view.emit('text', 'ls');
  open.suspend();
  await settle();
  clock.advance(1);
  assert.equal(open.notice.text, '2 characters may not have been taken: the hub did not confirm them.');
  assert.equal(open.notice.action, 'OK');
  assert.equal(problems.length, 1);
  open.answerNotice();
  assert.deepEqual(open.notice, { text: '', action: '' });
});

test('what is typed while the link is stalled waits for it, and without a connection for the next', async () => {
  const open = await opened();
  open.stalled = true;
  view.emit('text', 'a');
  view.emit('text', '\x1b[I');
  clock.advance(1_000);
  assert.equal(open.inputInWords, '1 character typed, not sent yet');
  open.suspend();
  open.stalled = false;
  assert.deepEqual(api.inputs, []);
  open.attach();
  await settle();
  assert.deepEqual(api.inputs, [{ data: 'a' }]);
  await settle();
  assert.equal(open.inputInWords, 'input confirmed');
});

test('input that waits for a session that is gone is told as not sent, beside what became of the session', async () => {
  const open = await opened();
  open.suspend();
  view.emit('text', 'ls');
  api.attach = () => Promise.reject(new HubError(404, 'no such session'));
  open.attach();
  await settle();
  clock.advance(1);
  assert.equal(open.notice.text, 'This session no longer exists. 2 characters typed were not sent.');
});

test('the lag is that of deliveries which wait to be drawn', async () => {
  const open = await opened();
  await settle();
  api.deliver('snapshot', { seq: '1', offset: '0', cols: '100', rows: '30' }, '');
  api.deliver('output', { seq: '2', offset: '2' }, 'aGk');
  clock.advance(2_000);
  assert.equal(open.flow(null).text, 'You are 2.0 s behind');
});

/** The hub has this much scrollback, in two pieces. */
function scrollback(lines, offset) {
  api.pieces = [];
  api.snapshotPiece = async (id, piece, next) => {
    api.pieces.push(next);
    return next === undefined
      ? { cols: 100, rows: 30, offset, scrollbackLines: lines, chars: 6, data: 'abc', next: 'more' }
      : { data: 'def' };
  };
  api.attaches = [];
  api.attach = async (body) => {
    api.attaches.push(body);
    return { subscriber: 'sub', address: 'out', session: SESSION };
  };
  view.restored = [];
  view.restore = (cols, rows, bytes, done) => {
    view.restored.push(new TextDecoder().decode(bytes));
    done();
  };
  view.keepingPlace = (rewrite) => rewrite();
  view.linesAbove = 100;
}

const snapshot = (offset) => api.deliver('snapshot', { seq: '1', offset: String(offset), cols: '100', rows: '30' }, 'YWJj');

test('who scrolls up to the top gets the scrollback that the hub has, and goes on from there', async () => {
  scrollback(1000, 500);
  const open = await opened();
  snapshot(520);
  view.emit('top');
  view.emit('top');
  await settle();
  assert.deepEqual(api.pieces, [undefined, 'more']);
  assert.deepEqual(view.restored, ['abc', 'abcdef']);
  assert.equal(api.attaches.at(-1).from, 500);
  assert.equal(open.notice.text, '');
  view.emit('top');
  await settle();
  assert.equal(api.pieces.length, 2);
});

test('where the terminal has all lines nothing is fetched, until a snapshot has come', async () => {
  scrollback(100, 500);
  await opened();
  snapshot(520);
  view.emit('top');
  await settle();
  view.emit('top');
  await settle();
  assert.deepEqual(api.pieces, [undefined]);
  api.deliver('snapshot', { seq: '2', offset: '600', cols: '100', rows: '30' }, 'YWJj');
  view.emit('top');
  await settle();
  assert.deepEqual(api.pieces, [undefined, undefined]);
  assert.equal(view.restored.length, 2);
});

test('a session that has gone on too far meanwhile, or has another size, is not set back', async () => {
  scrollback(1000, 500);
  await opened();
  snapshot(500 + 131_073);
  view.emit('top');
  await settle();
  assert.equal(view.restored.length, 1);
  api.deliver('resize', {}, { cols: 50, rows: 20 });
  scrollback(1000, 500 + 131_073);
  view.emit('top');
  await settle();
  assert.deepEqual(view.restored, []);
  assert.deepEqual(api.attaches, []);
});

test('the notice says how many lines come, and a failure ends it', async () => {
  scrollback(1100, 500);
  let fail;
  const first = api.snapshotPiece;
  api.snapshotPiece = (id, piece, next) => (next === undefined ? first(id, piece) : new Promise((_, reject) => { fail = reject; }));
  const open = await opened();
  snapshot(520);
  view.emit('top');
  await settle();
  assert.equal(open.notice.text, 'Fetching 1,000 lines above… 50 %');
  fail(new Error('gone'));
  await settle();
  assert.equal(open.notice.text, '');
});

test('input that is refused as somebody drives is told by the line, other refusals are problems', async () => {
  const open = await opened();
  const problems = [];
  open.addEventListener('problem', ({ detail }) => problems.push(detail));
  api.failure = new HubError(423, 'admin drives');
  api.deliver('lease', {}, { lease: { holder: 'admin', connection: 'other', leftMs: 5_000 } });
  assert.equal(open.driver.line.text, 'admin drives');
  view.emit('text', 'a');
  await settle();
  assert.deepEqual(problems, []);
  assert.equal(open.driver.line.refused, true);
  api.deliver('lease', {}, { was: { holder: 'admin' }, reason: 'released' });
  assert.equal(open.driver.line.text, '');
  view.emit('text', 'b');
  await settle();
  assert.deepEqual(problems, ['Input was not taken: admin drives']);
});

test('who comes late sees who drives, and after the exit nobody does', async () => {
  const open = await opened({}, SESSION);
  api.deliver('lease', {}, { lease: { holder: 'admin', connection: 'other', leftMs: 5_000 } });
  api.deliver('exit', {}, { code: 0 });
  assert.equal(open.driver.line.text, '');
  const { attach } = api;
  api.attach = async (body) => {
    const reply = await attach.call(api, body);
    return { ...reply, session: { ...SESSION, lease: { holder: 'admin', connection: 'other', leftMs: 5_000 } } };
  };
  view = new FakeView();
  assert.equal((await opened()).driver.line.text, 'admin drives');
});

test('where the hub is upgraded it attaches again by itself, and asks nothing of a person', async () => {
  const open = await opened();
  let attached = 0;
  const { attach } = api;
  api.attach = (request) => {
    attached++;
    return attach.call(api, request);
  };
  api.deliver('disconnected', {}, { reason: 'restarting', retryMs: 500 });
  assert.deepEqual(open.notice, { text: 'The hub is being upgraded and is back in a moment.', action: '' });
  rested();
  await settle();
  assert.equal(attached, 1);
  assert.equal(open.notice.text, '');
});

test('the end of the connection comes first where the hub is upgraded: then the next one attaches', async () => {
  const open = await opened();
  api.deliver('disconnected', {}, { reason: 'restarting', retryMs: 500 });
  open.suspend();
  api.attach = () => assert.fail('there is no connection');
  rested();
  await settle();
});
