import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeBase64Url, encodeBinaryString } from '../../../clients/js/src/base64.js';

test('every byte value survives, at every length modulo three', () => {
  for (const length of [0, 1, 2, 3, 255, 256, 257]) {
    const bytes = Uint8Array.from({ length }, (_, i) => 255 - (i % 256));
    assert.deepEqual(decodeBase64Url(Buffer.from(bytes).toString('base64url')), bytes);
  }
});

test('the characters that differ from plain base64 are understood', () => {
  assert.deepEqual([...decodeBase64Url('-_8')], [0xfb, 0xff]);
});

test('padding is tolerated', () => {
  assert.deepEqual([...decodeBase64Url('AQ==')], [1]);
});

test('binary input is encoded byte by byte', () => {
  assert.equal(encodeBinaryString('\x1b[M\xff '), Buffer.from([0x1b, 0x5b, 0x4d, 0xff, 0x20]).toString('base64'));
});
