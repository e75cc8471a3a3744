import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FlowBoardModel } from '../../../webroot/js/app/flow-board-model.js';
import { curve } from '../../../webroot/js/app/sparkline.js';
import { SECONDS, Throughput } from '../../../webroot/js/app/throughput.js';
import { visible } from '../../../webroot/js/app/virtual-rows.js';
import { warningInWords } from '../../../webroot/js/app/warning-feed.js';

const session = (id, more = {}) => ({
  id,
  name: id,
  command: ['sh'],
  createdAt: `2026-01-01T00:00:0${id.length}Z`,
  outputBytes: 0,
  ...more,
});
const subscriber = (id, of, more = {}) => ({
  subscriber: id,
  session: of,
  user: 'admin',
  role: 'admin',
  mode: 'write',
  lag: 'skip',
  zone: 'green',
  unackedDeliveries: 0,
  unackedBytes: 0,
  lagBytes: 0,
  lagMs: 0,
  deliveredBytes: 0,
  skippedBytes: 0,
  attachedAt: '2026-01-01T00:00:00Z',
  ...more,
});
const listing = (...subscribers) => ({ subscribers, total: subscribers.length });
const keys = (rows) => rows.map((row) => row.key);

test('rows are the sessions, oldest first, each with its subscribers in the order they came', () => {
  const model = new FlowBoardModel();
  const late = subscriber('1', 'a', { attachedAt: '2026-01-02T00:00:00Z', zone: 'red' });
  model.update(listing(late, subscriber('3', 'bb'), subscriber('2', 'a')), [session('bb'), session('a'), session('ccc')], 0);
  assert.deepEqual(keys(model.rows()), ['a', '2', '1', 'bb', '3', 'ccc']);
  const [first] = model.rows();
  assert.deepEqual([first.kind, first.count, first.worst], ['session', 2, 'red']);
  model.update(listing(subscriber('2', 'a', { zone: 'red' }), { ...late, zone: 'green' }), [session('a')], 1000);
  assert.deepEqual(keys(model.rows()), ['a', '2', '1']);
});

test('a subscriber whose session is not in the list is shown all the same', () => {
  const model = new FlowBoardModel();
  model.update(listing(subscriber('1', 'gone')), [], 0);
  assert.deepEqual(keys(model.rows()), ['gone', '1']);
});

test('warnings that were passed over are a number, and nobody is taken to have changed', () => {
  const model = new FlowBoardModel();
  model.update(listing(subscriber('1', 'a')), [session('a')], 0);
  const skipped = { event: 'skipped', count: 1234 };
  assert.match(warningInWords(skipped, model.warning(skipped)), /^1[,.\s]?234 more warnings came faster/);
  assert.equal(model.subscriber('1').zone, 'green');
});

test('rows are found by the names of users and sessions', () => {
  const model = new FlowBoardModel();
  model.update(
    listing(subscriber('1', 'build'), subscriber('2', 'build', { user: 'user:Bob' }), subscriber('3', 'logs')),
    [session('build'), session('logs')],
    0,
  );
  assert.deepEqual(keys(model.rows({ text: ' bob ' })), ['build', '2']);
  assert.deepEqual(keys(model.rows({ text: 'LOG' })), ['logs', '3']);
  assert.deepEqual(keys(model.rows({ text: 'nobody' })), []);
});

test('only those behind are who is not green or a second late', () => {
  const model = new FlowBoardModel();
  const all = [
    subscriber('1', 'a'),
    subscriber('2', 'a', { lagMs: 1000 }),
    subscriber('3', 'bb', { zone: 'yellow' }),
    subscriber('4', 'ccc', { lagMs: 999 }),
  ];
  model.update(listing(...all), [session('a'), session('bb'), session('ccc')], 0);
  assert.deepEqual(keys(model.rows({ behindOnly: true })), ['a', '2', 'bb', '3']);
});

test('the summary counts zones and what flowed to those who stayed', () => {
  const model = new FlowBoardModel();
  const at = (id, deliveredBytes, zone = 'green') => subscriber(id, 'a', { deliveredBytes, zone });
  model.update({ subscribers: [at('1', 500), at('2', 0, 'red')], total: 7 }, [session('a')], 0);
  model.update({ subscribers: [at('1', 2500), at('3', 9_000_000, 'red')], total: 7 }, [session('a')], 1000);
  const { total, listed, green, yellow, red, throughput } = model.summary;
  assert.deepEqual([total, listed, green, yellow, red], [7, 2, 1, 0, 1]);
  assert.equal(throughput.values.at(-1), 2000);
});

test('a warning is fresher than the last listing, and a disconnect takes the row away', () => {
  const model = new FlowBoardModel();
  model.update(listing(subscriber('1', 'a', { user: 'share:abcdefghij' })), [session('a', { name: 'build' })], 0);
  const warning = { session: 'a', subscriber: '1', level: 'yellow', previous: 'green', queueSize: 1024, queueBytes: 90_112 };
  assert.deepEqual(model.warning(warning), { user: 'guest abcdef', session: 'build' });
  assert.equal(model.subscriber('1').zone, 'yellow');
  assert.equal(model.subscriber('1').unackedDeliveries, 1024);
  model.warning({ event: 'disconnected', session: 'a', subscriber: '1', reason: 'stalled', level: 'red' });
  assert.deepEqual(keys(model.rows()), ['a']);
  assert.equal(model.summary.total, 0);
  assert.deepEqual(model.warning({ ...warning, subscriber: 'x', session: 'y' }), { user: 'a subscriber', session: 'y' });
});

test('warnings are told in words', () => {
  const who = { user: 'bob', session: 'build' };
  const queue = { queueSize: 4100, queueBytes: 524_300 };
  assert.equal(
    warningInWords({ level: 'red', previous: 'yellow', ...queue }, who),
    'bob at build: yellow → red; 4,100 unread, 524 kB',
  );
  assert.equal(
    warningInWords({ event: 'disconnected', reason: 'stalled', ...queue }, who),
    'bob at build: disconnected (stalled); 4,100 unread, 524 kB',
  );
});

test('throughput is spread over the seconds that a note came late', () => {
  const throughput = new Throughput();
  throughput.note(5000, 10_500);
  assert.ok(throughput.values.every((each) => each === 0), 'the first note says where it begins');
  throughput.note(6000, 11_400);
  throughput.note(6500, 11_900);
  throughput.note(9500, 14_000);
  assert.deepEqual(throughput.values.slice(-5), [0, 1500, 1000, 1000, 1000]);
  assert.equal(throughput.values.length, SECONDS);
  assert.equal(throughput.rate, 1000);
});

test('throughput forgets what is older than a minute, and survives a count that begins anew', () => {
  const throughput = new Throughput();
  throughput.note(0, 0);
  throughput.note(1000, 1000);
  throughput.note(1000, 70_000);
  assert.ok(throughput.values.every((each) => each === 0));
  throughput.note(0, 71_000);
  throughput.note(300, 72_000);
  assert.deepEqual(throughput.values.slice(-2), [0, 300]);
});

test('a curve is as high as its peak, and a few bytes are none', () => {
  assert.equal(curve([0, 2000]), 'M0 16L0 15L60 1L60 16Z');
  assert.equal(curve([0, 0]), 'M0 16L0 15L60 15L60 16Z');
});

test('of many rows those in sight exist, with a few around', () => {
  const tops = Array.from({ length: 10_001 }, (_, i) => i * 40);
  assert.deepEqual(visible(tops, 0, 400), [0, 16]);
  assert.deepEqual(visible(tops, 200_010, 400), [4994, 5017]);
  assert.deepEqual(visible(tops, 400_000 - 400, 400), [9984, 10_000]);
  assert.deepEqual(visible([0], 0, 400), [0, 0]);
});
