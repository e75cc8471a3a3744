import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FlowReading } from '../../../webroot/js/app/flow-reading.js';
import { HubClock } from '../../../webroot/js/client/hub-clock.js';
import { InputMark } from '../../../clients/terminal/src/input-mark.js';
import { lostInputInWords } from '../../../webroot/js/app/words.js';

function attached() {
  const clock = new HubClock();
  clock.replied(0, 0, 0);
  const reading = new FlowReading(clock);
  reading.attached();
  return reading;
}

test('nothing is called live before it is known', () => {
  assert.deepEqual(attached().read(10), { zone: 'off', text: 'Attached', late: false });
});

test('zone and figures are the hub’s, the lag is this page’s own', () => {
  const reading = attached();
  reading.status({ zone: 'green', unackedDeliveries: 3, unackedBytes: 300, offset: 1_000, lagBytes: 50, lagMs: 0, time: 900 }, 1_000);
  const read = reading.read(1_900);
  assert.equal(read.text, 'You are 1.0 s behind');
  assert.equal(read.late, true);
  assert.deepEqual([read.zone, read.unacked, read.unsentBytes], ['green', { deliveries: 3, bytes: 300 }, 50]);
});

test('a warning is fresher than the status before it', () => {
  const reading = attached();
  reading.status({ zone: 'green', offset: 0 }, 1_000);
  reading.warning({ level: 'red', queueSize: 5_000, queueBytes: 600_000 }, 1_500);
  const { zone, unacked } = reading.read(1_600);
  assert.deepEqual([zone, unacked], ['red', { deliveries: 5_000, bytes: 600_000 }]);
});

test('while output comes and replies do not, the lag is told and the old figures are not', () => {
  const reading = attached();
  reading.status({ zone: 'green', offset: 0, time: 1_000 }, 1_000);
  for (let now = 1_500; now <= 81_000; now += 500) {
    reading.received({ offset: now, time: now / 2 }, now);
    reading.painted(now);
  }
  const read = reading.read(81_000);
  assert.equal(read.text, 'You are 41 s behind');
  assert.equal(read.unacked, undefined);
});

test('no reading is shown as new that is older than three seconds', () => {
  const reading = attached();
  reading.status({ zone: 'green', offset: 0 }, 1_000);
  assert.equal(reading.read(4_000).zone, 'green');
  assert.deepEqual(reading.read(6_000), { zone: 'old', text: 'As of 5.0 s ago', late: false });
});

test('a silent hub is told with how long, in whole seconds', () => {
  const reading = attached();
  reading.status({ zone: 'green', offset: 0 }, 1_000);
  assert.equal(reading.read(3_700, 2_700).text, 'No answer from the hub for 2 s');
  assert.match(reading.read(400_000, 399_000).text, /for 6 min$/);
});

test('input is marked when it is open for a second, and so is that it has arrived', () => {
  const mark = new InputMark();
  const open = { unconfirmed: 3, unsent: 0, at: 0 };
  const none = { unconfirmed: 0, unsent: 0, at: Infinity };
  assert.equal(mark.read(open, 999), '');
  assert.equal(mark.read(open, 1_000), '3 characters unconfirmed');
  assert.equal(mark.read({ ...open, unsent: 5 }, 3_000), '3 characters unconfirmed, 5 not sent yet');
  assert.equal(mark.read({ ...open, unconfirmed: 0, unsent: 1 }, 3_000), '1 character typed, not sent yet');
  assert.equal(mark.read(none, 3_100), 'input confirmed');
  assert.equal(mark.read(none, 6_200), '');
  mark.read(open, 9_000);
  mark.lost();
  assert.equal(mark.read(none, 9_100), '');
});

test('words on lost input deny nothing that nobody knows', () => {
  assert.equal(
    lostInputInWords({ unconfirmed: 3, unsent: 0 }),
    '3 characters may not have been taken: the hub did not confirm them.',
  );
  assert.equal(lostInputInWords({ unconfirmed: 0, unsent: 1 }), '1 character typed was not sent.');
  assert.equal(
    lostInputInWords({ unconfirmed: 3, unsent: 2 }),
    '3 characters may not have been taken: the hub did not confirm them; 2 typed after that were not sent.',
  );
});
