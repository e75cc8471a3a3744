import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SessionStream } from '../../../webroot/js/client/stream.js';

test('a fresh stream asks for a snapshot', () => {
  assert.deepEqual(new SessionStream().resumption(), {});
});

test('output that continues is accepted and moves the offset', () => {
  const stream = new SessionStream();
  assert.ok(stream.snapshot(1, 100));
  assert.ok(stream.output(2, 130, 30));
  assert.ok(stream.output(3, 131, 1));
  assert.deepEqual(stream.resumption(), { from: 131 });
});

test('output that leaves out bytes is refused and the offset stays', () => {
  const stream = new SessionStream();
  stream.snapshot(1, 100);
  assert.equal(stream.output(2, 140, 30), false);
  assert.equal(stream.offset, 100);
});

test('output that repeats bytes is refused', () => {
  const stream = new SessionStream();
  stream.snapshot(1, 100);
  assert.equal(stream.output(2, 110, 20), false);
});

test('output before any snapshot is refused', () => {
  assert.equal(new SessionStream().output(1, 10, 10), false);
});

test('a missing sequence number is refused even where the bytes continue', () => {
  const stream = new SessionStream();
  stream.snapshot(1, 100);
  assert.equal(stream.output(3, 110, 10), false);
});

test('a snapshot skips bytes but not sequence numbers', () => {
  const stream = new SessionStream();
  stream.snapshot(1, 100);
  assert.ok(stream.snapshot(2, 5000));
  assert.equal(stream.snapshot(4, 6000), false);
  assert.equal(stream.offset, 5000);
});

test('a new subscriber counts from 1 and resumes from the old offset', () => {
  const stream = new SessionStream();
  stream.snapshot(1, 100);
  stream.begin();
  assert.ok(stream.output(1, 105, 5));
});

test('a first gap resumes, a second in a row asks for a snapshot', () => {
  const stream = new SessionStream();
  stream.snapshot(1, 100);
  stream.output(2, 999, 5);
  assert.deepEqual(stream.resumption(), { from: 100 });
  stream.begin();
  stream.output(1, 999, 5);
  assert.deepEqual(stream.resumption(), {});
});

test('good output between two gaps makes the second a first one', () => {
  const stream = new SessionStream();
  stream.snapshot(1, 100);
  stream.output(2, 999, 5);
  stream.begin();
  stream.output(1, 105, 5);
  stream.output(2, 999, 5);
  assert.deepEqual(stream.resumption(), { from: 105 });
});
