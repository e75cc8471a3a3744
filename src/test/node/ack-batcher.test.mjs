import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ACK_BYTES, ACK_DELAY_MS, AckBatcher } from '../../../clients/js/src/ack-batcher.js';
import { FakeClock } from './support/fake-clock.mjs';

function setUp() {
  const clock = new FakeClock();
  const acks = [];
  return { clock, acks, batcher: new AckBatcher((seq) => acks.push(seq), clock) };
}

test('small deliveries are acked together after the delay', () => {
  const { clock, acks, batcher } = setUp();
  batcher.consumed(1, 10);
  batcher.consumed(2, 10);
  clock.advance(ACK_DELAY_MS - 1);
  assert.deepEqual(acks, []);
  clock.advance(1);
  assert.deepEqual(acks, [2]);
});

test('the delay runs from the first delivery, not from the last', () => {
  const { clock, acks, batcher } = setUp();
  batcher.consumed(1, 10);
  clock.advance(ACK_DELAY_MS - 10);
  batcher.consumed(2, 10);
  clock.advance(10);
  assert.deepEqual(acks, [2]);
});

test('16 KiB are acked at once and the timer is stopped', () => {
  const { clock, acks, batcher } = setUp();
  batcher.consumed(1, ACK_BYTES - 1);
  assert.deepEqual(acks, []);
  batcher.consumed(2, 1);
  assert.deepEqual(acks, [2]);
  assert.equal(clock.pending, 0);
});

test('bytes are counted anew after an ack', () => {
  const { acks, batcher } = setUp();
  batcher.consumed(1, ACK_BYTES);
  batcher.consumed(2, ACK_BYTES - 1);
  assert.deepEqual(acks, [1]);
});

test('nothing is acked twice', () => {
  const { clock, acks, batcher } = setUp();
  batcher.consumed(1, ACK_BYTES);
  batcher.flush();
  clock.advance(1000);
  assert.deepEqual(acks, [1]);
});

test('after close nothing is acked', () => {
  const { clock, acks, batcher } = setUp();
  batcher.consumed(1, 10);
  batcher.close();
  batcher.consumed(2, ACK_BYTES);
  clock.advance(1000);
  assert.deepEqual(acks, []);
});

test('an empty delivery is acked too', () => {
  const { clock, acks, batcher } = setUp();
  batcher.consumed(1, 0);
  clock.advance(ACK_DELAY_MS);
  assert.deepEqual(acks, [1]);
});
