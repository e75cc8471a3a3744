import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HubError } from '../../../clients/js/src/errors.js';
import { InputQueue, KEPT_MS, PIECE_CHARS, QUEUE_CHARS, WINDOW_CHARS } from '../../../clients/js/src/input-queue.js';
import { FakeClock } from './support/fake-clock.mjs';
import { settle } from './support/settle.mjs';

function setUp() {
  const sent = [];
  const errors = [];
  const lost = [];
  const clock = new FakeClock();
  const send = (message) =>
    new Promise((resolve, reject) => {
      sent.push({ ...message, resolve, reject });
    });
  const listener = {
    refused: (error) => errors.push(error.message),
    lost: (what) => lost.push(what),
    taken: () => {},
  };
  const queue = new InputQueue(send, listener, { timers: clock, now: () => clock.now });
  /** The connection is lost: what is in flight fails together, and nothing can be sent. */
  const cut = async () => {
    queue.hold();
    sent.forEach((message) => message.reject(new HubError(0, 'the connection to the hub was lost')));
    await settle();
    clock.advance(1);
  };
  return { sent, errors, lost, clock, queue, cut };
}

const texts = (sent) => sent.map((message) => message.text).join('');

test('keys go out at once, without waiting for the one before', () => {
  const { sent, queue } = setUp();
  queue.text('a');
  queue.text('b');
  assert.deepEqual(sent.map((message) => message.text), ['a', 'b']);
});

test('a big paste goes out in pieces, as many as the window holds', async () => {
  const { sent, queue } = setUp();
  queue.text('x'.repeat(WINDOW_CHARS + PIECE_CHARS));
  queue.text('last');
  assert.equal(sent.length, WINDOW_CHARS / PIECE_CHARS);
  sent.forEach((message) => message.resolve());
  await settle();
  assert.deepEqual(sent.map((message) => message.text.length), [PIECE_CHARS, PIECE_CHARS, PIECE_CHARS, 4]);
});

test('a surrogate pair is not torn', () => {
  const { sent, queue } = setUp();
  const text = 'x'.repeat(PIECE_CHARS - 1) + '🎉!';
  queue.text(text);
  assert.equal(sent[0].text.length, PIECE_CHARS - 1);
  assert.equal(sent.map((message) => message.text).join(''), text);
});

test('text and binary keep their order', () => {
  const { sent, queue } = setUp();
  queue.text('a');
  queue.binary('\xff');
  assert.deepEqual(sent.map(({ text, binary }) => text ?? binary), ['a', '\xff']);
});

test('what exceeds the queue is refused whole', () => {
  const { sent, queue } = setUp();
  assert.equal(queue.text('x'.repeat(QUEUE_CHARS + 1)), false);
  assert.equal(sent.length, 0);
});

test('after an error the rest is dropped and the error told once', async () => {
  const { sent, errors, queue } = setUp();
  queue.text('x'.repeat(WINDOW_CHARS * 2));
  sent[0].reject(new HubError(429, 'full'));
  await settle();
  assert.deepEqual(errors, ['full']);
  sent[1].resolve();
  await settle();
  assert.equal(sent.length, 2);
  queue.text('again');
  assert.equal(sent[2].text, 'again');
});

test('a closed queue sends nothing more and tells no errors', async () => {
  const { sent, errors, queue } = setUp();
  queue.text('x'.repeat(WINDOW_CHARS * 2));
  queue.close();
  sent[0].reject(new HubError(0, 'gone'));
  await settle();
  assert.equal(sent.length, 2);
  assert.deepEqual(errors, []);
});

test('what is typed while the link is stalled is kept, in order, and sent once when it is back', async () => {
  const { sent, queue, lost } = setUp();
  queue.text('a');
  queue.hold();
  queue.text('b');
  queue.text('c');
  assert.equal(texts(sent), 'a');
  assert.deepEqual({ ...queue.open, at: 0 }, { unconfirmed: 1, unsent: 2, at: 0 });
  sent[0].resolve();
  queue.release();
  queue.release();
  await settle();
  assert.equal(texts(sent), 'abc');
  sent.forEach((message) => message.resolve());
  await settle();
  assert.deepEqual(queue.open, { unconfirmed: 0, unsent: 0, at: Infinity });
  assert.deepEqual(lost, []);
});

test('what was in flight when the connection broke may not have been taken, and nothing behind it is sent', async () => {
  const { sent, queue, errors, lost, cut } = setUp();
  queue.text('rm -rf /tmp/');
  queue.text('x');
  queue.hold();
  queue.text('yz\r');
  await cut();
  assert.deepEqual(lost, [{ unconfirmed: 13, unsent: 3 }]);
  queue.text(' again');
  await cut();
  assert.deepEqual(lost.at(-1), { unconfirmed: 13, unsent: 9 });
  queue.release();
  queue.text('new');
  assert.equal(texts(sent), 'rm -rf /tmp/xnew');
  assert.deepEqual(errors, []);
  assert.equal(lost.length, 2);
});

test('where nothing was in flight, what is typed without a connection is sent when there is one again', async () => {
  const { sent, queue, lost, cut, clock } = setUp();
  await cut();
  queue.text('ls\r');
  clock.advance(KEPT_MS);
  queue.release();
  assert.equal(texts(sent), 'ls\r');
  assert.deepEqual(lost, []);
});

test('what was typed too long ago is not sent any more, and that is told', async () => {
  const { sent, queue, lost, cut, clock } = setUp();
  await cut();
  queue.text('ls\r');
  clock.advance(KEPT_MS + 1);
  queue.text('later');
  queue.release();
  assert.deepEqual(sent, []);
  assert.deepEqual(lost, [{ unconfirmed: 0, unsent: 8 }]);
});

test('where the session is gone, what was kept for it is told as not sent', async () => {
  const { queue, lost, cut, sent } = setUp();
  await cut();
  queue.text('ls\r');
  queue.abandon();
  queue.release();
  assert.deepEqual(sent, []);
  assert.deepEqual(lost, [{ unconfirmed: 0, unsent: 3 }]);
});

test('a hub that could not ask the owner does not deny that input was taken', async () => {
  const { sent, queue, errors, lost, clock } = setUp();
  queue.text('a');
  sent[0].reject(new HubError(503, 'the owner cannot be reached'));
  await settle();
  clock.advance(1);
  assert.deepEqual([errors, lost], [[], [{ unconfirmed: 1, unsent: 0 }]]);
});

test('reports of mouse and focus are neither kept nor counted', async () => {
  const { sent, queue, lost, cut } = setUp();
  queue.text('\x1b[I', { typed: false });
  queue.binary('\x1b[M !!');
  assert.equal(queue.open.unconfirmed, 0);
  await cut();
  queue.text('\x1b[O', { typed: false });
  queue.release();
  assert.equal(sent.length, 2);
  assert.deepEqual(lost, []);
});
