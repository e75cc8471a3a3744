import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ACK_BYTES, ACK_DELAY_MS } from '../../../clients/js/src/ack-batcher.js';
import { Attachment } from '../../../webroot/js/client/attachment.js';
import { HubApi } from '../../../webroot/js/client/hub-api.js';
import { HubBus } from '../../../webroot/js/client/hub-bus.js';
import { FakeClock } from './support/fake-clock.mjs';
import { FakeEventBus } from './support/fake-event-bus.mjs';
import { settle } from './support/settle.mjs';

const SESSION = { id: 's1', cols: 80, rows: 24, state: 'running' };

function setUp() {
  const clock = new FakeClock();
  const clients = [];
  const bus = new HubBus(() => clients[clients.push(new FakeEventBus()) - 1], { timers: clock });
  bus.start();
  clients[0].open();
  const shown = [];
  const told = [];
  const dones = [];
  const text = (bytes) => Buffer.from(bytes).toString();
  const screen = {
    restore: (cols, rows, bytes, done) => dones.push(done) && shown.push(`restore ${cols}x${rows} ${text(bytes)}`),
    output: (bytes, done) => dones.push(done) && shown.push(`output ${text(bytes)}`),
    resize: (cols, rows) => shown.push(`resize ${cols}x${rows}`),
  };
  const listener = {
    attached: () => told.push('attached'),
    warning: (body) => told.push(`warning ${body.level}`),
    exited: (body) => told.push(`exited ${body.code}`),
    disconnected: (reason) => told.push(`disconnected ${reason}`),
    failed: (error) => told.push(`failed ${error.code}`),
  };
  const attachment = new Attachment(new HubApi(bus), 's1', screen, listener, {
    options: { mode: 'write' },
    timers: clock,
  });
  return { clock, bus, clients, client: clients[0], shown, told, dones, attachment };
}

/** Answers the waiting attach; returns its body. */
async function accept(client, subscriber, session = SESSION) {
  const request = client.take('attach');
  request.callback(null, { body: { subscriber, address: `termbus.out.${subscriber}`, session } });
  await settle();
  return request.body;
}

const counted = (kind, seq, offset, extra = {}) => ({ kind, session: 's1', seq: `${seq}`, offset: `${offset}`, ...extra });
const body = (text) => Buffer.from(text).toString('base64url');

async function attached() {
  const parts = setUp();
  parts.attachment.attach();
  await accept(parts.client, 'u1');
  parts.client.deliver('termbus.out.u1', counted('snapshot', 1, 100, { cols: '80', rows: '24' }), body('screen'));
  return parts;
}

test('a first attach asks for no offset and shows the snapshot', async () => {
  const { attachment, client, shown, told } = setUp();
  attachment.attach();
  assert.deepEqual(await accept(client, 'u1'), { session: 's1', mode: 'write' });
  client.deliver('termbus.out.u1', counted('snapshot', 1, 100, { cols: '90', rows: '30' }), body('hi'));
  assert.deepEqual(told, ['attached']);
  assert.deepEqual(shown, ['restore 90x30 hi']);
});

test('output is shown and acked when the screen has consumed it, not before', async () => {
  const { clock, client, dones, shown } = await attached();
  client.deliver('termbus.out.u1', counted('output', 2, 105, {}), body('hello'));
  assert.equal(shown[1], 'output hello');
  clock.advance(1000);
  assert.equal(client.sent.length, 0);
  dones.forEach((done) => done());
  clock.advance(ACK_DELAY_MS);
  const ack = client.take('ack');
  assert.deepEqual(ack.body, { subscriber: 'u1', seq: 2 });
  assert.equal(ack.address, 'termbus.flow');
});

test('much output is acked without waiting', async () => {
  const { client, dones } = await attached();
  client.deliver('termbus.out.u1', counted('output', 2, 100 + ACK_BYTES), body('x'.repeat(ACK_BYTES)));
  dones.forEach((done) => done());
  assert.deepEqual(client.take('ack').body, { subscriber: 'u1', seq: 2 });
});

test('after a lost connection it resumes from the last offset', async () => {
  const { clock, clients, client, attachment, shown } = await attached();
  client.deliver('termbus.out.u1', counted('output', 2, 105), body('hello'));
  client.lose();
  attachment.suspend();
  clock.advance(10_000);
  clients[1].open();
  attachment.attach();
  assert.equal((await accept(clients[1], 'u2')).from, 105);
  clients[1].deliver('termbus.out.u2', counted('output', 1, 106), body('!'));
  assert.deepEqual(shown.slice(1), ['output hello', 'output !']);
});

test('acks of an earlier subscriber are not sent for the later one', async () => {
  const { clock, client, attachment, dones } = await attached();
  attachment.attach();
  await accept(client, 'u2');
  dones.forEach((done) => done());
  clock.advance(1000);
  assert.throws(() => client.take('ack'));
});

test('a gap leads to another attach from the last good offset', async () => {
  const { clock, client, shown } = await attached();
  client.deliver('termbus.out.u1', counted('output', 2, 500), body('lost'));
  assert.deepEqual(client.take('detach').body, { subscriber: 'u1' });
  clock.advance(1000);
  assert.equal((await accept(client, 'u2')).from, 100);
  client.deliver('termbus.out.u2', counted('output', 1, 104), body('good'));
  assert.deepEqual(shown.slice(1), ['output good']);
});

test('a session of another size is not resumed but taken anew', async () => {
  const { client, attachment } = await attached();
  attachment.attach();
  assert.equal((await accept(client, 'u2', { ...SESSION, cols: 132 })).from, 100);
  assert.deepEqual(client.take('detach').body, { subscriber: 'u2' });
  assert.equal((await accept(client, 'u3', { ...SESSION, cols: 132 })).from, undefined);
});

test('resizes, warnings and the exit are passed on in order', async () => {
  const { client, shown, told } = await attached();
  client.deliver('termbus.out.u1', { kind: 'resize', session: 's1' }, { cols: 100, rows: 30 });
  client.deliver('termbus.out.u1', { kind: 'warning', session: 's1' }, { level: 'yellow', previous: 'green' });
  client.deliver('termbus.out.u1', { kind: 'exit', session: 's1' }, { code: 3 });
  assert.equal(shown[1], 'resize 100x30');
  assert.deepEqual(told, ['attached', 'warning yellow', 'exited 3']);
});

test('a disconnected subscriber is gone and its place in the stream kept', async () => {
  const { client, attachment, told } = await attached();
  client.deliver('termbus.out.u1', { kind: 'disconnected', session: 's1' }, { reason: 'red_zone' });
  assert.equal(attachment.subscriber, null);
  assert.equal(told.at(-1), 'disconnected red_zone');
  attachment.attach();
  assert.equal((await accept(client, 'u2')).from, 100);
});

test('a session that does not exist is a failure, not a reason to try again', async () => {
  const { clock, client, attachment, told } = setUp();
  attachment.attach();
  client.take('attach').callback({ failureCode: 404, message: 'no such session' });
  await settle();
  clock.advance(60_000);
  assert.deepEqual(told, ['failed 404']);
  assert.throws(() => client.take('attach'));
});

test('an owner that cannot be reached is tried again', async () => {
  const { clock, client, attachment } = setUp();
  attachment.attach();
  client.take('attach').callback({ failureCode: 503, message: 'owner unreachable' });
  await settle();
  clock.advance(1000);
  client.take('attach');
});

test('an attach that is answered too late is undone', async () => {
  const { client, attachment, told } = setUp();
  attachment.attach();
  const late = client.take('attach');
  attachment.detach();
  late.callback(null, { body: { subscriber: 'u1', address: 'termbus.out.u1', session: SESSION } });
  await settle();
  assert.deepEqual(client.take('detach').body, { subscriber: 'u1' });
  assert.deepEqual(told, []);
});

test('after detach nothing is shown', async () => {
  const { client, attachment } = await attached();
  attachment.detach();
  assert.deepEqual(client.take('detach').body, { subscriber: 'u1' });
  assert.equal(client.handlers.size, 0);
});
