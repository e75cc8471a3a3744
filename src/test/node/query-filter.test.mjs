import assert from 'node:assert/strict';
import { test } from 'node:test';
import headless from '@xterm/headless';
import { swallowQueries } from '../../../clients/terminal/src/query-filter.js';

const QUERIES = [
  '\x1b[c',
  '\x1b[0c',
  '\x1b[>c',
  '\x1b[=c',
  '\x1b[5n',
  '\x1b[6n',
  '\x1b[?6n',
  '\x1b[?25$p',
  '\x1b[4$p',
  '\x1bP$qm\x1b\\',
  '\x1bP$q"p\x1b\\',
  '\x1bP$q q\x1b\\',
  '\x1bP+q544e\x1b\\',
  '\x1b[>q',
  '\x1b[>0q',
  '\x1b]4;1;?\x07',
  '\x1b]10;?\x07',
  '\x1b]11;?\x1b\\',
  '\x1b]12;?\x07',
  '\x1b]10;?;?\x07',
  '\x1b[11t',
  '\x1b[14t',
  '\x1b[16t',
  '\x1b[18t',
  '\x1b[19t',
  '\x1b[20t',
  '\x1b[21t',
  '\x1b[?u',
  '\x1b[?996n',
  '\x1b[x',
  '\x1b[?1;1;0S',
  '\x1b]52;c;?\x07',
];

function terminal(filtered) {
  const windowOptions = { getWinSizeChars: true, getWinSizePixels: true, getCellSizePixels: true };
  const term = new headless.Terminal({ allowProposedApi: true, cols: 80, rows: 24, windowOptions });
  const answers = [];
  term.onData((data) => answers.push(data));
  term.onBinary((data) => answers.push(data));
  if (filtered) {
    swallowQueries(term.parser);
  }
  return { term, answers, write: (data) => new Promise((resolve) => term.write(data, resolve)) };
}

test('no query is answered', async () => {
  const { answers, write } = terminal(true);
  await write(QUERIES.join(''));
  assert.deepEqual(answers, []);
});

test('an unfiltered terminal would have answered', async () => {
  const { answers, write } = terminal(false);
  await write(QUERIES.join(''));
  assert.ok(answers.length >= 8, `answered only ${answers.length}`);
});

test('queries stay unanswered after a reset', async () => {
  const { term, answers, write } = terminal(true);
  term.reset();
  await write('\x1bc' + QUERIES.join(''));
  assert.deepEqual(answers, []);
});

test('what the user types still goes out', () => {
  const { term, answers } = terminal(true);
  term.input('x');
  assert.deepEqual(answers, ['x']);
});

test('neighbours of the queries still work', async () => {
  const { term, write } = terminal(true);
  await write('\x1b[?1049h\x1b[2;3Hx\x1b[!p\x1b]0;name\x07\x1b[s\x1b[5;5H\x1b[uy');
  assert.equal(term.buffer.active.type, 'alternate');
  assert.equal(term.buffer.active.getLine(1).translateToString(true), '  xy');
});
