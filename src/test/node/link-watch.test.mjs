import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LinkWatch } from '../../../webroot/js/client/link-watch.js';
import { FakeClock } from './support/fake-clock.mjs';

const STEP_MS = 10;

class FakeBus extends EventTarget {
  isOpen = true;
  heardAt = 0;
}

/** A page at a hub that answers each question after `wayMs`, or, while it is null, not at all. */
function setUp({ wayMs = 40 } = {}) {
  const clock = new FakeClock();
  const bus = new FakeBus();
  const world = { clock, bus, wayMs, visible: true, asked: 0, changes: [], looks: 0 };
  const ask = () => {
    world.asked++;
    if (world.wayMs !== null) {
      clock.setTimeout(() => (bus.heardAt = clock.now), world.wayMs);
    }
  };
  const watch = new LinkWatch(bus, ask, { timers: clock, now: () => clock.now, visible: () => world.visible });
  watch.addEventListener('change', () => world.changes.push(`${watch.stalled ? 'stalled' : 'heard'} ${clock.now}`));
  watch.addEventListener('look', () => world.looks++);
  watch.start();
  return Object.assign(world, { watch });
}

test('a hub that answers is asked once a second and never called silent', () => {
  const world = setUp();
  world.clock.advance(60_000);
  assert.ok(world.asked >= 58 && world.asked <= 62, `${world.asked}`);
  assert.deepEqual(world.changes, []);
});

test('a far hub is not called silent: questions do not wait for answers', () => {
  const world = setUp({ wayMs: 2_000 });
  world.clock.advance(60_000);
  assert.deepEqual(world.changes, []);
});

test('silence is told within three seconds, whenever it begins, and its end at once', () => {
  for (let begin = 10_000; begin < 11_100; begin += 70) {
    const world = setUp();
    world.clock.advance(begin);
    world.wayMs = null;
    world.clock.advance(3_000);
    assert.equal(world.watch.stalled, true, `stalled at ${begin}`);
    assert.ok(world.watch.silentMs >= 2_500 && world.watch.silentMs < 4_200);
    world.clock.advance(5_000);
    assert.equal(world.changes.length, 1);
    world.bus.heardAt = world.clock.now;
    world.clock.advance(260);
    assert.equal(world.watch.stalled, false);
  }
});

test('output is a sign as well', () => {
  const world = setUp();
  world.clock.advance(5_000);
  world.wayMs = null;
  for (let i = 0; i < 200; i++) {
    world.clock.advance(500);
    world.bus.heardAt = world.clock.now;
  }
  assert.deepEqual(world.changes, []);
});

test('a page that is not looked at asks nothing and is not alarmed when it is looked at again', () => {
  const world = setUp();
  world.clock.advance(5_000);
  world.visible = false;
  const asked = world.asked;
  world.clock.advance(3_600_000);
  assert.equal(world.asked, asked);
  world.visible = true;
  world.clock.advance(10_000);
  assert.deepEqual(world.changes, []);
});

test('a computer that has slept, and timers that are late, cry no wolf', () => {
  const world = setUp();
  world.clock.advance(5_000);
  for (let i = 0; i < 50; i++) {
    world.clock.sleep(10_000);
    world.clock.advance(1_000);
  }
  assert.deepEqual(world.changes, []);
});

test('a stalled link stays so while the page is not looked at', () => {
  const world = setUp();
  world.clock.advance(5_000);
  world.wayMs = null;
  world.clock.advance(4_000);
  world.visible = false;
  world.clock.advance(60_000);
  world.visible = true;
  world.clock.advance(1_000);
  assert.equal(world.watch.stalled, true);
  assert.equal(world.changes.length, 1);
  assert.ok(world.watch.silentMs > 60_000);
});

test('a connection that is lost meanwhile stays silent until there is a new one, which is judged anew', () => {
  const world = setUp();
  world.clock.advance(5_000);
  world.wayMs = null;
  world.clock.advance(4_000);
  world.bus.isOpen = false;
  world.clock.advance(20_000);
  assert.equal(world.watch.stalled, true);
  world.bus.isOpen = true;
  world.bus.heardAt = world.clock.now;
  world.wayMs = STEP_MS;
  world.bus.dispatchEvent(new Event('open'));
  world.clock.advance(20_000);
  assert.equal(world.changes.length, 2);
});
