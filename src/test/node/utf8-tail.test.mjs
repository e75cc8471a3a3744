import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Utf8Tail } from '../../../clients/terminal/src/utf8-tail.js';

const encoder = new TextEncoder();
const text = (chunks) => new TextDecoder().decode(Uint8Array.from(chunks.flatMap((chunk) => [...chunk])));

test('no character is cut, wherever the stream is', () => {
  const bytes = encoder.encode('a…“é日本😀z');
  for (let first = 0; first <= bytes.length; first++) {
    for (let second = first; second <= bytes.length; second++) {
      const tail = new Utf8Tail();
      const chunks = [bytes.slice(0, first), bytes.slice(first, second), bytes.slice(second)].map((c) => tail.take(c));
      for (const chunk of chunks) {
        assert.doesNotThrow(() => new TextDecoder('utf-8', { fatal: true }).decode(chunk));
      }
      assert.equal(text(chunks), 'a…“é日本😀z');
    }
  }
});

test('bytes that are no UTF-8 pass', () => {
  const tail = new Utf8Tail();
  assert.deepEqual([...tail.take(Uint8Array.of(0x80, 0x80, 0x80, 0x80))], [0x80, 0x80, 0x80, 0x80]);
  assert.deepEqual([...tail.take(Uint8Array.of(0xff, 0xc3, 0x28))], [0xff, 0xc3, 0x28]);
});

test('a reset forgets the beginning of a character', () => {
  const tail = new Utf8Tail();
  assert.equal(tail.take(Uint8Array.of(0xe2, 0x80)).length, 0);
  tail.reset();
  assert.deepEqual([...tail.take(Uint8Array.of(0x61))], [0x61]);
});
