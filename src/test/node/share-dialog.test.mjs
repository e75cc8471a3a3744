import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shareLink } from '../../../webroot/js/app/share-dialog.js';
import { reaching, shareInWords } from '../../../webroot/js/app/share-list.js';

test('a share link is below the page it was made on and names the session', () => {
  const base = 'https://example.org/termbus/index.html?x=1#old';
  assert.equal(shareLink({ token: 'a.b-c' }, 'sEssion', base), 'https://example.org/termbus/?token=a.b-c#sEssion');
});

test('where the hub has a public URL a share link is below that one, whatever the page was opened by', () => {
  const page = 'http://127.0.0.1:8080/';
  for (const [publicUrl, link] of [
    ['https://example.org/', 'https://example.org/?token=a.b-c#s'],
    ['https://example.org/a/termbus/', 'https://example.org/a/termbus/?token=a.b-c#s'],
  ]) {
    assert.equal(shareLink({ token: 'a.b-c', publicUrl }, 's', page), link);
  }
});

test('whatever is in a token stays in the query', () => {
  const url = new URL(shareLink({ token: 'a&b#c' }, 's', 'http://127.0.0.1:8080/'));
  assert.equal(url.searchParams.get('token'), 'a&b#c');
  assert.equal(url.hash, '#s');
});

test('of the links that hold those are shown that reach the session, the newest first', () => {
  const shares = [
    { id: 'old', createdAt: '2026-01-01T00:00:00Z', session: 's' },
    { id: 'other', createdAt: '2026-01-03T00:00:00Z', session: 't' },
    { id: 'all', createdAt: '2026-01-02T00:00:00Z' },
  ];
  assert.deepEqual(
    reaching(shares, 's').map((share) => share.id),
    ['all', 'old'],
  );
});

test('a link is told by what it lets do, where, and for how long', () => {
  const share = { id: '3fA9xQ-rest', role: 'operator', session: 's', expiresAt: '2026-01-01T03:00:00Z' };
  const now = Date.parse('2026-01-01T00:30:00Z');
  assert.equal(shareInWords(share, now), '3fA9xQ may watch and type · ends in 2 h');
  assert.equal(
    shareInWords({ ...share, session: undefined, role: 'viewer' }, now),
    '3fA9xQ may watch, every session · ends in 2 h',
  );
});
