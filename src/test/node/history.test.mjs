import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { History } from '../../../clients/js/src/history.js';
import { FakeClock } from './support/fake-clock.mjs';
import { settle } from './support/settle.mjs';

const ALL = 'x'.repeat(100_000);

/** A hub whose pieces take a millisecond for so many characters. */
class FakeApi {
  sizes = [];
  constructor(clock, charsPerMs) {
    this.clock = clock;
    this.charsPerMs = charsPerMs;
  }
  async snapshotPiece(id, piece, next = '0') {
    assert.equal(id, 's');
    this.sizes.push(piece);
    this.clock.now += piece / this.charsPerMs;
    const from = Number(next);
    const told = from === 0 ? { cols: 80, rows: 24, offset: 7, scrollbackLines: 900, chars: ALL.length } : {};
    const to = from + piece;
    return { ...told, data: ALL.slice(from, to), ...(to < ALL.length ? { next: String(to) } : {}) };
  }
}

let clock;

beforeEach(() => {
  clock = new FakeClock();
});

function fetched(api, wants = () => true, parts = []) {
  const history = new History(api, 's', { timers: clock, now: () => clock.now });
  return [history, history.fetch(wants, (part) => parts.push(part))];
}

test('all of it comes, told as it was with the first piece', async () => {
  const parts = [];
  const [, all] = fetched(new FakeApi(clock, 1000), undefined, parts);
  assert.deepEqual(await all, { cols: 80, rows: 24, offset: 7, scrollbackLines: 900, chars: ALL.length, data: ALL });
  assert.ok(parts.length > 1 && parts.every((part, i) => part > (parts[i - 1] ?? 0) && part < 1));
});

test('a fast link gets larger pieces, a slow one none that takes more than a quarter of a second', async () => {
  const fast = new FakeApi(clock, 5_000);
  await fetched(fast)[1];
  assert.equal(fast.sizes.at(-1), 65_536);
  const slow = new FakeApi(clock, 25);
  await fetched(slow)[1];
  assert.ok(slow.sizes.every((size) => size / 25 <= 250));
  const slower = new FakeApi(clock, 10);
  await fetched(slower)[1];
  assert.equal(slower.sizes.at(-1), 2_048);
});

test('who has all the lines that there are gets the first piece only', async () => {
  const api = new FakeApi(clock, 1000);
  assert.equal(await fetched(api, ({ scrollbackLines }) => scrollbackLines > 900)[1], null);
  assert.equal(api.sizes.length, 1);
});

test('while somebody types no piece is asked for', async () => {
  const api = new FakeApi(clock, 25);
  const [history, all] = fetched(api);
  history.typed();
  await settle();
  const before = api.sizes.length;
  clock.advance(900);
  history.typed();
  await settle();
  clock.advance(900);
  await settle();
  assert.equal(api.sizes.length, before);
  clock.advance(200);
  assert.equal((await all).data, ALL);
});

test('of one connection one is fetched after the other', async () => {
  const api = new FakeApi(clock, 1000);
  const asked = [];
  const one = { snapshotPiece: async (session, size, next) => {
    asked.push(session);
    return api.snapshotPiece('s', size, next);
  } };
  const [first, second] = ['a', 'b'].map((session) => new History(one, session, { timers: clock, now: () => clock.now }).fetch(() => true, () => {}));
  assert.equal((await first).data, ALL);
  assert.equal((await second).data, ALL);
  assert.ok(asked.length > 3);
  assert.deepEqual(asked, [...asked].sort());
});

test('what fails is told to who asked', async () => {
  const api = { snapshotPiece: async () => Promise.reject(new Error('gone')) };
  await assert.rejects(fetched(api)[1], /gone/);
});
