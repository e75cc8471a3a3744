import assert from 'node:assert/strict';
import { test } from 'node:test';
import { InputQueue, PIECE_CHARS, QUEUE_CHARS, WINDOW_CHARS } from '../../../webroot/js/input-queue.js';
import { settle } from './support/settle.mjs';

function setUp() {
  const sent = [];
  const errors = [];
  const send = (message) =>
    new Promise((resolve, reject) => {
      sent.push({ ...message, resolve, reject });
    });
  return { sent, errors, queue: new InputQueue(send, (error) => errors.push(error.message)) };
}

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
  sent[0].reject(new Error('full'));
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
  sent[0].reject(new Error('gone'));
  await settle();
  assert.equal(sent.length, 2);
  assert.deepEqual(errors, []);
});
