import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { Driver } from '../../../clients/terminal/src/driver.js';
import { settle } from './support/settle.mjs';

const AGENT = { holder: 'share:3fA9xQzz', connection: 'agent', note: 'runs the tests', leftMs: 11_500 };
const NOBODY = { text: '', left: '', action: '', refused: false };

let now;
let asked;
let problems;
let answer;
let mayDrive;
let driver;

beforeEach(() => {
  now = 1_000;
  asked = [];
  problems = [];
  mayDrive = true;
  answer = async () => ({ connection: 'page' });
  driver = new Driver(
    (action, body) => {
      asked.push([action, body]);
      return answer();
    },
    { mayDrive: () => mayDrive, changed: () => {}, problem: (error) => problems.push(error.message), now: () => now },
  );
});

test('who drives is named with the note and the time, which runs out', () => {
  assert.deepEqual(driver.line, NOBODY);
  driver.told(AGENT);
  assert.deepEqual(driver.line, { text: 'guest 3fA9xQ (runs the tests) drives', left: '12 s', action: 'Take over', refused: false });
  now += 11_499;
  assert.equal(driver.line.left, '1 s');
  now += 1;
  assert.deepEqual(driver.line, NOBODY);
});

test('nobody drives any more where the hub says so', () => {
  driver.told(AGENT);
  driver.told(undefined);
  assert.deepEqual(driver.line, NOBODY);
});

test('who may not type sees it and has no button', () => {
  mayDrive = false;
  driver.told({ ...AGENT, note: undefined });
  assert.deepEqual(driver.line, { text: 'guest 3fA9xQ drives', left: '12 s', action: '', refused: false });
});

test('what is typed in vain makes the line stand out for a moment, and is an error where nobody drives', () => {
  assert.equal(driver.refused(), false);
  driver.told(AGENT);
  assert.equal(driver.refused(), true);
  assert.equal(driver.line.refused, true);
  now += 1_500;
  assert.equal(driver.line.refused, false);
});

test('the button takes over, also where the notice comes first, and then lets go', async () => {
  driver.told(AGENT);
  const taken = driver.act();
  driver.told({ holder: 'admin', connection: 'page', leftMs: 60_000 });
  await taken;
  assert.deepEqual(asked, [['lease', { take: true, ttlMs: 60_000 }]]);
  assert.deepEqual(driver.line, { text: 'You drive', left: '60 s', action: 'Let go', refused: false });
  await driver.act();
  assert.deepEqual(asked.at(-1), ['release', {}]);
});

test('who types goes on driving, and asks for it once', async () => {
  driver.told({ ...AGENT, connection: 'page', leftMs: 60_000 });
  await driver.act();
  driver.typed();
  now += 30_001;
  driver.typed();
  driver.typed();
  await settle();
  assert.equal(asked.length, 2);
});

test('typing takes nothing from others', async () => {
  driver.told(AGENT);
  driver.typed();
  now += 60_000;
  driver.typed();
  assert.deepEqual(asked, []);
});

test('a refusal is told', async () => {
  answer = async () => {
    throw new Error('not allowed');
  };
  driver.told(AGENT);
  await driver.act();
  assert.deepEqual(problems, ['not allowed']);
  assert.equal(driver.line.action, 'Take over');
});
