import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { ClipboardGate, MAX_CLIPBOARD_CHARS } from '../../../clients/terminal/src/clipboard-gate.js';
import { settle } from './support/settle.mjs';

const session = (id, readOnly = false) => ({ id, readOnly, label: id });
let asked;
let written;
let gate;

beforeEach(() => {
  asked = [];
  written = [];
  gate = new ClipboardGate((question) => asked.push(question), (text) => written.push(text));
});

const answer = (allowed) => asked.filter(Boolean).at(-1).answer(allowed);

test('nothing is written before the answer, and what was asked for last after a yes', () => {
  gate.wants(session('a'), 'one', true);
  gate.wants(session('a'), 'three', true);
  assert.deepEqual(written, []);
  assert.equal(asked.at(-1).chars, 5);
  answer(true);
  assert.deepEqual(written, ['three']);
  assert.equal(asked.at(-1), null);
});

test('a session is asked about once', () => {
  gate.wants(session('a'), 'x', true);
  answer(true);
  gate.wants(session('a'), 'y', true);
  assert.deepEqual(written, ['x', 'y']);
  gate.wants(session('b'), 'x', true);
  answer(false);
  const questions = asked.length;
  gate.wants(session('b'), 'y', true);
  assert.equal(asked.length, questions);
  assert.deepEqual(written, ['x', 'y']);
});

test('viewers, sessions that are not looked at and endless texts are not asked about', () => {
  gate.wants(session('a', true), 'x', true);
  gate.wants(session('b'), 'x', false);
  gate.wants(session('c'), 'x'.repeat(MAX_CLIPBOARD_CHARS + 1), true);
  assert.deepEqual([asked, written], [[], []]);
});

test('a question that is not answered is withdrawn with its session, and asked again for a new reason', () => {
  gate.wants(session('a'), 'x', true);
  gate.lookedAway();
  assert.equal(asked.at(-1), null);
  gate.wants(session('a'), 'y', true);
  answer(true);
  assert.deepEqual(written, ['y']);
});

test('a tab that was closed is asked about anew', () => {
  gate.wants(session('a'), 'x', true);
  answer(true);
  gate.forget('a');
  gate.wants(session('a'), 'y', true);
  assert.deepEqual(written, ['x']);
});

test('where the browser wants a click for each text the user is asked again, and told where that does not help', async () => {
  let allowed = true;
  let refusals = 0;
  const picky = new ClipboardGate(
    (question) => asked.push(question),
    async (text) => allowed && written.push(text) > 0,
    () => refusals++,
  );
  picky.wants(session('a'), 'one', true);
  answer(true);
  await settle();
  allowed = false;
  picky.wants(session('a'), 'two', true);
  await settle();
  assert.equal(asked.at(-1).chars, 3);
  allowed = true;
  answer(true);
  await settle();
  assert.deepEqual([written, refusals], [['one', 'two'], 0]);
  allowed = false;
  picky.wants(session('a'), 'three', true);
  await settle();
  answer(true);
  await settle();
  assert.equal(refusals, 1);
});
