import assert from 'node:assert/strict';
import { test } from 'node:test';
import { splitCommandLine } from '../../../webroot/js/app/command-line.js';
import { cellsThatFit, fontThatFits } from '../../../clients/terminal/src/geometry.js';
import { controlCharacter } from '../../../clients/terminal/src/touch-keys.js';
import {
  bytesInWords,
  exitInWords,
  flowInWords,
  secondsInWords,
  sessionLabel,
  userInWords,
} from '../../../webroot/js/app/words.js';

test('bytes are told with a fitting unit', () => {
  const told = [0, 999, 1000, 1234567, 99_960_000, 123_456_789, 5e9].map(bytesInWords);
  assert.deepEqual(told, ['0 bytes', '999 bytes', '1.0 kB', '1.2 MB', '100 MB', '123 MB', '5.0 GB']);
});

test('a lagging subscriber reads how far it is behind', () => {
  const status = { zone: 'red', lagBytes: 1_200_000, unackedDeliveries: 5000 };
  assert.equal(flowInWords(status), 'You are 1.2 MB behind; output is condensed and comes in steps');
  assert.equal(flowInWords({ ...status, zone: 'yellow', lagMs: 1234 }), 'You are 1.2 s behind; output is condensed');
  assert.equal(
    flowInWords({ ...status, lagMs: 60_000 }),
    'You are 60 s behind; output is condensed and comes in steps',
  );
  assert.equal(
    flowInWords({ zone: 'yellow', lagMs: 3000, lag: 'block' }),
    'You are 3.0 s behind; the program waits for you',
  );
});

test('what is younger than half a second is not late', () => {
  assert.equal(flowInWords({ zone: 'green', lagMs: 499, lagBytes: 10 }), 'Live');
  assert.equal(flowInWords({ zone: 'green', lagMs: 500, lagBytes: 0 }), 'You are 0.5 s behind');
  assert.equal(flowInWords({ zone: 'yellow', lagMs: 10, unackedDeliveries: 1025 }), '1,025 deliveries unread; output is condensed');
});

test('durations are told with a fitting unit', () => {
  const told = [0, 949, 9_949, 9_950, 99_949, 120_000, 7_199_999, 7_200_000].map(secondsInWords);
  assert.deepEqual(told, ['0.0 s', '0.9 s', '9.9 s', '10 s', '100 s', '2 min', '119 min', '2 h']);
});

test('users are told as people know them', () => {
  assert.deepEqual(['admin', 'user:bob', 'share:3fA9xQ-rest', ''].map(userInWords), [
    'admin',
    'bob',
    'guest 3fA9xQ',
    'the hub itself',
  ]);
});

test('a green subscriber without lag reads that it is live', () => {
  assert.equal(flowInWords({ zone: 'green', lagBytes: 0, unackedDeliveries: 3 }), 'Live');
});

test('zones without lag tell how many deliveries are unread', () => {
  assert.match(flowInWords({ zone: 'yellow', unackedDeliveries: 1025 }), /^1,025 deliveries unread/);
});

test('an exit is told by code or by signal', () => {
  assert.equal(exitInWords({ code: 3 }), 'exited with code 3');
  assert.equal(exitInWords({ code: 137, signal: 'KILL' }), 'ended by SIGKILL');
  assert.equal(exitInWords({ code: 143, signal: 'SIGTERM' }), 'ended by SIGTERM');
});

test('a session is known by its name, then its title, then its command', () => {
  const session = { id: 'x', name: 'n', title: 't', command: ['/bin/bash', '-l'] };
  assert.equal(sessionLabel(session), 'n');
  assert.equal(sessionLabel({ ...session, name: '' }), 't');
  assert.equal(sessionLabel({ ...session, name: '', title: '' }), 'bash -l');
});

test('a command line is split at blanks outside quotes', () => {
  assert.deepEqual(splitCommandLine(`  sh -c 'echo "a b"'  "x \\" y" c\\ d '' `), [
    'sh',
    '-c',
    'echo "a b"',
    'x " y',
    'c d',
    '',
  ]);
  assert.deepEqual(splitCommandLine('   '), []);
});

test('an open quote is an error that says where', () => {
  assert.throws(() => splitCommandLine("sh -c 'x"), /character 7 is not closed/);
});

test('cells that fit are whole and within the limits of the hub', () => {
  assert.deepEqual(cellsThatFit({ width: 805, height: 480 }, { width: 8, height: 16 }), { cols: 100, rows: 30 });
  assert.deepEqual(cellsThatFit({ width: 1, height: 1 }, { width: 8, height: 16 }), { cols: 2, rows: 1 });
  assert.deepEqual(cellsThatFit({ width: 1e6, height: 1e6 }, { width: 8, height: 16 }), { cols: 1000, rows: 1000 });
  assert.equal(cellsThatFit({ width: 0, height: 10 }, { width: 8, height: 16 }), null);
});

test('the font shrinks to show a terminal larger than the page, and never grows', () => {
  const cell = { width: 8, height: 16 };
  assert.equal(fontThatFits({ width: 400, height: 800 }, cell, 14, { cols: 80, rows: 24 }), 8.5);
  assert.equal(fontThatFits({ width: 4000, height: 4000 }, cell, 14, { cols: 80, rows: 24 }), 14);
  assert.equal(fontThatFits({ width: 40, height: 40 }, cell, 14, { cols: 80, rows: 24 }), 6);
});

test('the Ctrl key makes control characters of letters only', () => {
  assert.deepEqual(['c', 'C', '[', '1', 'é'].map(controlCharacter), ['\x03', '\x03', '\x1b', '1', 'é']);
});
