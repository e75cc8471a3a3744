import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shareLink } from '../../../webroot/js/share-dialog.js';

test('a share link is below the page it was made on and names the session', () => {
  const base = 'https://example.org/termbus/index.html?x=1#old';
  assert.equal(shareLink('a.b-c', 'sEssion', base), 'https://example.org/termbus/?token=a.b-c#sEssion');
});

test('whatever is in a token stays in the query', () => {
  const url = new URL(shareLink('a&b#c', 's', 'http://127.0.0.1:8080/'));
  assert.equal(url.searchParams.get('token'), 'a&b#c');
  assert.equal(url.hash, '#s');
});
