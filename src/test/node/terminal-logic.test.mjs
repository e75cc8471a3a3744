import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ageInWords } from '../../../webroot/js/app/age.js';
import { stateInWords } from '../../../webroot/js/app/announcer.js';
import { environmentOf, sizeOf } from '../../../webroot/js/app/create-fields.js';
import { extraKey } from '../../../clients/terminal/src/extra-keys.js';
import { Links, safeLink } from '../../../clients/terminal/src/links.js';
import { cleanPaste, pasteQuestion } from '../../../clients/terminal/src/paste.js';
import { fileName } from '../../../webroot/js/app/save-text.js';
import { matchesInWords } from '../../../webroot/js/app/search-bar.js';
import { sessionFacts } from '../../../webroot/js/app/session-facts.js';
import { shortcutOf } from '../../../clients/terminal/src/shortcuts.js';
import { controlCharacter, keySequence } from '../../../clients/terminal/src/touch-keys.js';
import { isTyped } from '../../../clients/terminal/src/typed-input.js';

const key = (code, char, modifiers = {}) => ({ code, key: char, ctrlKey: false, shiftKey: false, altKey: false, metaKey: false, ...modifiers });

test('the page takes no key that a program could get', () => {
  const ctrl = { ctrlKey: true };
  const both = { ctrlKey: true, shiftKey: true };
  assert.equal(shortcutOf(key('KeyF', 'F', both)), 'find');
  assert.equal(shortcutOf(key('Comma', '<', both)), 'previousTab');
  assert.equal(shortcutOf(key('Equal', '=', ctrl)), 'larger');
  for (const letter of 'abcdefghijklmnopqrstuvwxyz') {
    assert.equal(shortcutOf(key(`Key${letter.toUpperCase()}`, letter, ctrl)), null, `Ctrl+${letter}`);
  }
  assert.equal(shortcutOf(key('Minus', '_', both)), null, 'Ctrl+_ undoes in editors');
  assert.equal(shortcutOf(key('Digit2', '@', both)), null, 'Ctrl+@ is NUL');
  assert.equal(shortcutOf(key('KeyF', 'f', { ...both, altKey: true })), null);
  assert.equal(shortcutOf(key('Escape', 'Escape')), null);
});

test('Ctrl and a slash are what Ctrl and an underscore are, on any keyboard', () => {
  assert.equal(extraKey(key('Slash', '/', { ctrlKey: true })), '\x1f');
  assert.equal(extraKey(key('Digit7', '/', { ctrlKey: true, shiftKey: true })), '\x1f');
  assert.equal(extraKey(key('Slash', '/')), null);
  assert.equal(extraKey(key('Slash', '/', { ctrlKey: true, altKey: true })), null);
  assert.equal(extraKey(key('Slash', '?', { ctrlKey: true, shiftKey: true })), null);
});

test('reports of the mouse and the focus are not typed', () => {
  assert.deepEqual(['\x1b[I', '\x1b[O', '\x1b[<35;10;20M', '\x1b[<0;1;1m'].map(isTyped), [false, false, false, false]);
  assert.deepEqual(['a', '\x1b', '\x1b[A', '\x1bOA', '\x1b[Ix', '\x1b[1;5D'].map(isTyped), Array(6).fill(true));
});

test('a paste holds no control characters but tabs and line ends', () => {
  assert.equal(cleanPaste('a\x1b[201~b\tc\r\nd\x00\x7f\x9b'), 'a[201~b\tc\r\nd');
  assert.equal(cleanPaste('naïve 漢字 🎉'), 'naïve 漢字 🎉');
});

test('a paste is asked about where its line ends would run commands', () => {
  assert.equal(pasteQuestion('one line', false), null);
  assert.equal(pasteQuestion('a\nb', true), null);
  assert.match(pasteQuestion('a\nb\n', false).text, /2 lines/);
  assert.match(pasteQuestion('rm -rf x\r', false).text, /ends with a line break/);
  assert.equal(pasteQuestion('1\n2\n3\n4\n5\n6\n7', false).preview, '1\n2\n3\n4\n5\n6\n…');
  assert.equal(pasteQuestion(`${'x'.repeat(1_000)}\ny`, false).preview.length, 402);
});

test('only links to pages and mail are opened', async () => {
  assert.equal(safeLink('https://example.org/a?b#c'), 'https://example.org/a?b#c');
  assert.equal(safeLink('mailto:a@example.org'), 'mailto:a@example.org');
  for (const bad of ['javascript:alert(1)', 'data:text/html,x', 'file:///etc/passwd', 'vbscript:x', 'nonsense', '']) {
    assert.equal(safeLink(bad), null, bad);
  }
  const opened = [];
  const links = new Links({}, async (href) => href.endsWith('/yes'), (href) => opened.push(href));
  links.openText(null, 'http://example.org/text');
  links.openText(null, 'javascript:alert(1)');
  await links.openNamed(null, 'http://example.org/no');
  await links.openNamed(null, 'http://example.org/yes');
  await links.openNamed(null, 'javascript:/yes');
  assert.deepEqual(opened, ['http://example.org/text', 'http://example.org/yes']);
});

test('an environment is lines of NAME=value', () => {
  assert.deepEqual(environmentOf(''), {});
  assert.deepEqual(environmentOf('A=1\n\n  B = two=2 \n'), { env: { A: '1', B: ' two=2 ' } });
  assert.throws(() => environmentOf('A=1\nno value'), /“no value” is not of the form NAME=value/);
  assert.throws(() => environmentOf('=x'), /NAME=value/);
});

test('a size is columns and rows within the limits', () => {
  assert.deepEqual(sizeOf(' '), {});
  assert.deepEqual(sizeOf('120×40'), { cols: 120, rows: 40 });
  assert.deepEqual(sizeOf(' 80 x 24 '), { cols: 80, rows: 24 });
  for (const bad of ['80', '80x', '0x24', '80x1001', 'axb', '-1x5']) {
    assert.throws(() => sizeOf(bad), /from 1 to 1000/, bad);
  }
});

test('the list tells what runs, and how it ended', () => {
  const now = Date.parse('2026-01-01T12:00:00Z');
  const session = { name: 'box', command: ['/bin/sh', '-x'], cols: 80, rows: 24, subscribers: 2, state: 'running', title: '', createdAt: '2026-01-01T11:55:30Z' };
  assert.deepEqual(sessionFacts(session, now), { activity: 'sh -x', figures: '80×24 · 2 viewers · 4 min' });
  assert.equal(sessionFacts({ ...session, title: 'vim' }, now).activity, 'vim');
  const ended = { ...session, state: 'exited', exit: { code: 3 }, subscribers: 0, createdAt: undefined };
  assert.deepEqual(sessionFacts(ended, now), { activity: 'exited with code 3', figures: '80×24' });
});

test('an age has one unit', () => {
  assert.deepEqual([-5, 0, 59_999, 60_000, 7_199_999, 200_000_000].map(ageInWords), ['0 s', '0 s', '59 s', '1 min', '1 h', '2 d']);
  assert.equal(ageInWords(NaN), '');
});

test('a file name is plain', () => {
  const date = new Date('2026-01-02T03:04:05Z');
  assert.equal(fileName('build box', date), 'build-box-2026-01-02-030405.txt');
  assert.equal(fileName('../../etc/passwd', date), 'etc-passwd-2026-01-02-030405.txt');
  assert.equal(fileName('…', date), 'session-2026-01-02-030405.txt');
});

test('matches are counted in words', () => {
  assert.equal(matchesInWords({ resultIndex: 2, resultCount: 17 }), '3 of 17');
  assert.equal(matchesInWords({ resultIndex: -1, resultCount: 1_000 }), 'More than 1000 matches');
  assert.equal(matchesInWords({ resultIndex: -1, resultCount: 0 }), 'No match');
});

test('keys of the key bar are what xterm sends', () => {
  assert.equal(keySequence('up', false), '\x1b[A');
  assert.equal(keySequence('up', true), '\x1bOA');
  assert.equal(keySequence('left', true, { ctrl: true }), '\x1b[1;5D');
  assert.equal(keySequence('end', false, { alt: true }), '\x1b[1;3F');
  assert.equal(keySequence('pageUp', false), '\x1b[5~');
  assert.equal(keySequence('pageDown', false, { ctrl: true, alt: true }), '\x1b[6;7~');
  assert.equal(controlCharacter('c'), '\x03');
  assert.equal(controlCharacter('ä'), 'ä');
});

test('what is shown is said in a sentence', () => {
  const open = { label: 'box', running: true, watchOnly: false, session: { cols: 80, rows: 24 } };
  assert.equal(stateInWords(open), 'box, 80 columns, 24 rows');
  assert.equal(stateInWords({ ...open, watchOnly: true }), 'box, 80 columns, 24 rows, read only');
  assert.equal(stateInWords({ ...open, running: false }), 'box, ended; this is its last screen');
});
