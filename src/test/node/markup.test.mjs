import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';

const WEBROOT = new URL('../../../webroot/', import.meta.url);
/** What makes markup, or code, of a text that a session or another user may have made up. */
const MAKERS =
  /\b(innerHTML|outerHTML|insertAdjacentHTML|createContextualFragment|setHTMLUnsafe|srcdoc|document\.write(ln)?|eval|DOMParser)\b|\bnew Function\b|\bset(Timeout|Interval)\(\s*['"`]|javascript:/;

/** With the packages', behind their links. */
const scripts = ['js', 'packages'].flatMap((place) =>
  readdirSync(new URL(`${place}/`, WEBROOT)).flatMap((room) =>
    readdirSync(new URL(`${place}/${room}/`, WEBROOT)).map((name) => `${place}/${room}/${name}`),
  ),
).filter((name) => name.endsWith('.js'));

test('no script of the web app makes markup or code of text', () => {
  assert.ok(scripts.length > 60, `${scripts.length} scripts`);
  const offenders = scripts.filter((name) => MAKERS.test(readFileSync(new URL(name, WEBROOT), 'utf8')));
  assert.deepEqual(offenders, []);
});

for (const name of ['index.html', 'embed.html']) {
  test(`${name} has no inline script and no handlers in attributes`, () => {
    const page = readFileSync(new URL(name, WEBROOT), 'utf8');
    assert.doesNotMatch(page, /<script(?![^>]*\bsrc=)/i);
    assert.doesNotMatch(page, /\son[a-z]+\s*=/i);
  });
}
