import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { HubClock } from '../../../webroot/js/client/hub-clock.js';
import { LagMeter } from '../../../webroot/js/client/lag-meter.js';

/** The hub's clock is ahead of the local one by that. */
const AHEAD = 1_000_000;
const hub = (localTime) => localTime + AHEAD;
let clock;
let meter;

beforeEach(() => {
  clock = new HubClock();
  meter = new LagMeter(clock);
  clock.replied(0, hub(20), 40);
});

/** The clocks are known to half of the way there and back. */
const near = (ms, wanted) => assert.ok(Math.abs(ms - wanted) <= 20, `${ms} ms, wanted ${wanted}`);

/** Output up to `offset`, born at a local time, arrives and is drawn. */
function shown(offset, bornAt, arrivedAt, paintedAt = arrivedAt) {
  meter.received({ offset, time: hub(bornAt) }, arrivedAt);
  meter.painted(paintedAt);
}

test('an idle session has no lag, however old its screen is', () => {
  shown(100, 1_000, 1_010);
  meter.status({ offset: 100, lagBytes: 0, lagMs: 0, time: hub(2_000) }, 2_010);
  assert.equal(meter.lag(60_000), 0);
});

test('output that arrives late is as late as it is old', () => {
  shown(100, 1_000, 6_000);
  near(meter.lag(6_000), 5_000);
  near(meter.lag(6_200), 5_000);
});

test('what waits to be drawn grows older', () => {
  shown(100, 1_000, 1_010);
  meter.received({ offset: 200, time: hub(5_000) }, 5_010);
  meter.received({ offset: 300, time: hub(5_500) }, 5_510);
  near(meter.lag(8_000), 3_000);
  meter.painted(8_000);
  near(meter.lag(8_000), 3_000);
  meter.painted(8_100);
  near(meter.lag(8_100), 2_600);
});

test('what the hub holds grows older while nothing comes', () => {
  shown(100, 1_000, 1_010);
  meter.status({ offset: 100, lagBytes: 5_000, lagMs: 400, time: hub(3_000) }, 3_020);
  near(meter.lag(9_000), 6_400);
});

test('what is in flight counts, and is no older than what is drawn', () => {
  shown(100, 2_900, 2_910);
  meter.status({ offset: 900, lagBytes: 0, lagMs: 1_500, time: hub(3_000) }, 3_020);
  near(meter.lag(4_000), 1_100);
  shown(900, 2_990, 4_100);
  near(meter.lag(4_100), 1_110);
  meter.status({ offset: 900, lagBytes: 0, lagMs: 0, time: hub(4_110) }, 4_120);
  assert.equal(meter.lag(4_130), 0);
});

test('a flow that has ended is not late for long', () => {
  shown(100, 1_000, 6_000);
  assert.equal(meter.lag(7_300), 0);
});

test('a reply that was long on its way is read as of when it was made', () => {
  shown(100, 900, 910);
  meter.status({ offset: 100, lagBytes: 10, lagMs: 0, time: hub(1_000) }, 81_000);
  near(meter.lag(81_000), 80_000);
});

test('a new subscription waits for nothing that the old one had on its way', () => {
  meter.received({ offset: 100, time: hub(1_000) }, 1_010);
  meter.status({ offset: 100, lagBytes: 10, lagMs: 0 }, 1_020);
  meter.begin();
  assert.equal(meter.lag(9_000), 0);
});

test('a hub that tells no time is measured by what it says and by what waits here', () => {
  meter = new LagMeter(new HubClock());
  meter.received({ offset: 100 }, 1_000);
  assert.equal(meter.lag(1_500), 500);
  meter.painted(1_500);
  meter.status({ offset: 100, lagBytes: 50, lagMs: 300 }, 2_000);
  assert.equal(meter.lag(2_700), 1_000);
  meter.status({ lagMs: 5 }, 3_000);
  assert.equal(meter.lag(3_000), 1_300);
});

test('the difference of the clocks lies between a request and its reply', () => {
  const fresh = new HubClock();
  assert.equal(fresh.local(hub(0)), null);
  fresh.arrived(hub(0), 5_000);
  assert.equal(fresh.local(hub(0)), 5_000);
  fresh.replied(6_000, hub(6_050), 6_100);
  assert.equal(Math.round(fresh.local(hub(6_050))), 6_050);
});

test('a queue on the way widens no bound, and a clock that was set is believed', () => {
  clock.replied(100, hub(150), 80_000);
  assert.ok(Math.abs(clock.local(hub(500)) - 500) <= 40, `${clock.local(hub(500))}`);
  clock.replied(80_000, hub(80_010) - 3_600_000, 80_020);
  assert.equal(Math.round(clock.local(hub(80_010) - 3_600_000)), 80_010);
});
