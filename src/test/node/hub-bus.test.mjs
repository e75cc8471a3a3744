import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Backoff } from '../../../webroot/js/client/backoff.js';
import { HubBus } from '../../../webroot/js/client/hub-bus.js';
import { FakeClock } from './support/fake-clock.mjs';
import { FakeEventBus } from './support/fake-event-bus.mjs';

function setUp() {
  const clock = new FakeClock();
  const clients = [];
  const backoff = new Backoff({ minMs: 100, maxMs: 1000, random: () => 1 });
  const bus = new HubBus(() => clients[clients.push(new FakeEventBus()) - 1], { backoff, timers: clock, now: () => clock.now });
  const events = [];
  bus.addEventListener('open', () => events.push('open'));
  bus.addEventListener('close', (event) => events.push(`close ${event.detail.retryMs}`));
  bus.start();
  return { clock, clients, bus, events };
}

test('a request is answered with the body of its reply', async () => {
  const { clients, bus } = setUp();
  clients[0].open();
  const reply = bus.request('termbus.hub', 'list');
  const { address, headers, callback } = clients[0].take('list');
  assert.equal(address, 'termbus.hub');
  assert.deepEqual(headers, { action: 'list' });
  callback(null, { body: { sessions: [] } });
  assert.deepEqual(await reply, { sessions: [] });
});

test('a failure carries its code and message', async () => {
  const { clients, bus } = setUp();
  clients[0].open();
  const reply = bus.request('termbus.hub', 'info');
  clients[0].take('info').callback({ failureCode: 401, message: 'not logged in' });
  await assert.rejects(reply, { name: 'HubError', code: 401, message: 'not logged in' });
});

test('a request without a connection fails at once', async () => {
  const { bus } = setUp();
  await assert.rejects(bus.request('termbus.hub', 'info'), { code: 0 });
});

test('a lost connection fails what waits and is tried again, ever more slowly', async () => {
  const { clock, clients, bus, events } = setUp();
  clients[0].open();
  const reply = bus.request('termbus.hub', 'info');
  clients[0].lose();
  await assert.rejects(reply, { code: 0 });
  for (const delay of [100, 200, 400, 800, 1000, 1000]) {
    assert.equal(events.at(-1), `close ${delay}`);
    clock.advance(delay);
    clients.at(-1).lose();
  }
  assert.equal(clients.length, 7);
});

test('a connection that opens starts the delays anew', () => {
  const { clock, clients, events } = setUp();
  clients[0].lose();
  clock.advance(100);
  clients[1].open();
  clients[1].lose();
  assert.deepEqual(events, ['close 100', 'open', 'close 100']);
});

test('a retry can be had at once', () => {
  const { clock, clients, bus } = setUp();
  clients[0].lose();
  bus.retryNow();
  bus.retryNow();
  assert.equal(clients.length, 2);
  clock.advance(10_000);
  assert.equal(clients.length, 2);
});

test('a connection on which nothing arrives is dropped', async () => {
  const { clock, clients, bus, events } = setUp();
  clients[0].open();
  const reply = bus.request('termbus.hub', 'info');
  clock.advance(15_000);
  await assert.rejects(reply, { code: 0 });
  assert.ok(clients[0].closed);
  assert.deepEqual(events, ['open', 'close 100']);
});

test('a slow answer on a live connection does not drop it', async () => {
  const { clock, clients, bus, events } = setUp();
  clients[0].open();
  const slow = bus.request('termbus.hub', 'create');
  bus.register('termbus.events', () => {});
  clients[0].deliver('termbus.events', {}, {});
  clock.advance(15_000);
  await assert.rejects(slow, { code: 0 });
  assert.deepEqual(events, ['open']);
});

test('it is known when anything was heard last', () => {
  const { clock, clients, bus } = setUp();
  clock.advance(10);
  clients[0].open();
  assert.equal(bus.heardAt, 10);
  bus.register('termbus.events', () => {});
  clock.advance(90);
  clients[0].deliver('termbus.events', {}, {});
  assert.equal(bus.heardAt, 100);
});

test('a computer that has slept gives the connection a second chance', async () => {
  const { clock, clients, bus, events } = setUp();
  clients[0].open();
  const reply = bus.request('termbus.hub', 'info');
  clock.sleep(3_600_000);
  clients[0].take('info').callback(null, { body: {} });
  assert.deepEqual(await reply, {});
  const unanswered = bus.request('termbus.hub', 'info');
  clock.sleep(3_600_000);
  clock.advance(3_000);
  await assert.rejects(unanswered, { code: 0, uncertain: true });
  assert.equal(events.at(-1), 'close 100');
});

test('what never left this page has not been done for certain, what was not answered may have been', async () => {
  const { clients, bus } = setUp();
  await assert.rejects(bus.request('termbus.hub', 'create'), { uncertain: false });
  clients[0].open();
  const reply = bus.request('termbus.hub', 'create');
  clients[0].lose();
  await assert.rejects(reply, { uncertain: true });
});

test('after close there is no further attempt', () => {
  const { clock, clients, bus } = setUp();
  clients[0].open();
  bus.close();
  clock.advance(60_000);
  assert.equal(clients.length, 1);
});
