// Talks to the hub as the stock SockJS event bus client does. Usage: node stock-client.mjs <port>
// Prints "ok" and exits 0, or fails with what differed.
import assert from 'node:assert/strict';
import EventBus from '@vertx/eventbus-bridge-client.js';

const port = process.argv[2];
setTimeout(() => { console.error('timeout'); process.exit(2); }, 20000).unref();

function open(query, options) {
  return new Promise((resolve, reject) => {
    // Without it SockJS gives a transport but a few times the round trip, too little on a busy machine.
    const bus = new EventBus(`http://127.0.0.1:${port}/eventbus${query}`, { timeout: 10000, ...options });
    bus.onopen = () => {
      bus.onclose = (event) => {
        console.error(`closed: ${event?.code} ${event?.reason}`);
        process.exit(3);
      };
      resolve(bus);
    };
    bus.onclose = (event) => reject(new Error(`closed: ${event?.code} ${event?.reason}`));
  });
}

function ask(bus, address, action, body) {
  return new Promise((resolve, reject) => {
    bus.send(address, body, { action }, (err, message) => (err ? reject(err) : resolve(message)));
  });
}

async function fails(promise, code) {
  await assert.rejects(promise, (err) => {
    assert.equal(err.failureCode, code);
    assert.equal(typeof err.message, 'string');
    assert.equal(typeof err.failureType, 'string');
    return true;
  });
}

async function session(transports) {
  const bus = await open('', { transports, vertxbus_ping_interval: 50 });
  await fails(ask(bus, 'termbus.hub', 'info', {}), 401);
  const { body } = await ask(bus, 'termbus.hub', 'login', { token: 'admin' });
  assert.equal(body.role, 'admin');
  assert.equal(body.protocol, 1);
  await fails(ask(bus, 'termbus.session.none', 'info', {}), 404);
  await fails(ask(bus, 'termbus.nowhere', 'info', {}), 403);

  const refused = await new Promise((resolve) => bus.registerHandler('termbus.out.00other', {}, resolve));
  assert.equal(refused.failureCode, 403);

  const attached = await ask(bus, 'termbus.flow', 'attach', { session: 's1', mode: 'read' });
  const delivery = await new Promise((resolve, reject) => {
    bus.registerHandler(attached.body.address, {}, (err, message) => (err ? reject(err) : resolve(message)));
  });
  assert.equal(delivery.type, 'rec');
  assert.equal(delivery.address, attached.body.address);
  assert.deepEqual(delivery.headers, { session: 's1', kind: 'output', seq: '1', offset: '4', time: '7' });
  assert.deepEqual([...Buffer.from(delivery.body, 'base64url')], [255, 254, 253, 252]);
  bus.send('termbus.flow', { subscriber: attached.body.subscriber, seq: 1 }, { action: 'ack' });
  bus.onclose = undefined;
  bus.close();
}

await session(['websocket']);
await session(['xhr-streaming']);
await session(['xhr-polling']);

const byQuery = await open('?token=viewer', { transports: ['websocket'] });
assert.equal((await ask(byQuery, 'termbus.hub', 'info', {})).body.role, 'viewer');
console.log('ok');
process.exit(0);
