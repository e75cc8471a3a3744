import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';

const WEBROOT = new URL('../../../webroot/', import.meta.url);
/** What makes markup, or code, of a text that a session or another user may have made up. */
const MAKERS =
  /\b(innerHTML|outerHTML|insertAdjacentHTML|createContextualFragment|setHTMLUnsafe|srcdoc|document\.write(ln)?|eval|DOMParser)\b|\bnew Function\b|\bset(Timeout|Interval)\(\s*['"`]|javascript:/;

test('no script of the web app makes markup or code of text', () => {
  const scripts = readdirSync(new URL('js/', WEBROOT), { recursive: true }).filter((name) => name.endsWith('.js'));
  assert.ok(scripts.length > 30, `${scripts.length} scripts`);
  const offenders = scripts.filter((name) => MAKERS.test(readFileSync(new URL(`js/${name}`, WEBROOT), 'utf8')));
  assert.deepEqual(offenders, []);
});

test('the page has no inline script and no handlers in attributes', () => {
  const page = readFileSync(new URL('index.html', WEBROOT), 'utf8');
  assert.doesNotMatch(page, /<script(?![^>]*\bsrc=)/i);
  assert.doesNotMatch(page, /\son[a-z]+\s*=/i);
});
