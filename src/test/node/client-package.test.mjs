import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import * as client from '../../../clients/js/src/index.js';
import { Retry } from '../../../clients/js/src/retry.js';
import { FakeSocket } from './support/fake-socket.mjs';

const URL_OF_HUB = 'http://hub.test:8080/base';

async function connected(options = {}) {
  const sockets = FakeSocket.factory();
  const hub = client.connect({ url: URL_OF_HUB, token: 'right', WebSocket: sockets.WebSocket, ...options });
  const socket = await login(sockets);
  return { hub: await hub, socket, sockets };
}

async function login(sockets) {
  const socket = await sockets.next();
  socket.open();
  socket.answer(await socket.said('login'), { frames: 'binary' });
  return socket;
}

/** What the hub does for an attach, as subscriber 1 of the connection. */
async function attached(socket, channel = 1) {
  const attach = await socket.said('attach');
  socket.answer(attach, { subscriber: `s${channel}`, address: `termbus.out.s${channel}`, channel, session: {} });
  socket.answer(await socket.said('register'), {});
  return attach.body;
}

const text = ({ value }) => new TextDecoder().decode(value.data);

test('it asks for binary frames at the path of the raw WebSocket, below that of the web app', async () => {
  const { socket } = await connected();
  assert.equal(socket.url, 'ws://hub.test:8080/base/eventbus/websocket');
  assert.equal(socket.protocol, 'termbus.v1.binary');
});

test('the page of the web app may be named by its file', async () => {
  for (const [url, path] of [
    ['http://hub.test/', '/'],
    ['http://hub.test/index.html?session=s#x', '/'],
    ['http://hub.test/base/index.html', '/base/'],
    ['http://hub.test/base/', '/base/'],
    ['http://hub.test/an-index.html', '/an-index.html/'],
  ]) {
    const { socket } = await connected({ url });
    assert.equal(socket.url, `ws://hub.test${path}eventbus/websocket`);
  }
});

test('a wrong token rejects with 401, and is not tried again', async () => {
  const sockets = FakeSocket.factory();
  const hub = client.connect({ url: URL_OF_HUB, getToken: async () => 'wrong', WebSocket: sockets.WebSocket });
  const socket = await sockets.next();
  socket.open();
  const asked = await socket.said('login');
  assert.deepEqual(asked.body, { token: 'wrong' });
  socket.say({ type: 'err', address: asked.replyAddress, failureCode: 401, message: 'wrong token' });
  await assert.rejects(hub, { name: 'HubError', code: 401, message: 'wrong token' });
  assert.equal(socket.closed, true);
  assert.equal(sockets.made, 1);
});

test('without a token the hub knows who it is, or says so', async () => {
  const sockets = FakeSocket.factory();
  const hub = client.connect({ url: URL_OF_HUB, WebSocket: sockets.WebSocket });
  const socket = await sockets.next();
  socket.open();
  socket.answer(await socket.said('info'), { role: 'viewer' });
  await hub;
});

test('where there is no WebSocket it says what is needed', async () => {
  await assert.rejects(client.connect({ url: URL_OF_HUB, WebSocket: null }), /Node 22 or later.*package ws/);
});

test('no hub rejects with code 0, at once', async () => {
  const sockets = FakeSocket.factory();
  const hub = client.connect({ url: URL_OF_HUB, token: 'x', WebSocket: sockets.WebSocket });
  (await sockets.next()).onerror(); // Node 20 says no more
  await assert.rejects(hub, { code: 0, message: 'no connection to the hub at hub.test:8080' });
});

test('a delivery is acked when the next one is asked for, and not before', async () => {
  const { hub, socket } = await connected();
  const deliveries = hub.attach('s', { mode: 'read' });
  const first = deliveries.next();
  assert.deepEqual(await attached(socket), { session: 's', mode: 'read' });
  for (const seq of [1, 2, 3]) {
    socket.output(1, seq, seq, 'abc'[seq - 1]);
  }
  assert.equal(text(await first), 'a');
  assert.deepEqual(socket.acks, []);
  assert.equal(text(await deliveries.next()), 'b');
  assert.ok((socket.acks.at(-1) ?? 0) <= 1);
  assert.equal(text(await deliveries.next()), 'c');
  assert.ok((socket.acks.at(-1) ?? 0) <= 2);
  const next = deliveries.next();
  await socket.acked(3);
  socket.notice('termbus.out.s1', 'exit', { code: 7 });
  assert.deepEqual((await next).value, { kind: 'exit', code: 7 });
  assert.deepEqual(await deliveries.next(), { value: undefined, done: true });
  await socket.said('detach');
});

test('with manual acks what is consumed is acked when its consumer says so', async () => {
  const { hub, socket } = await connected();
  const seen = [];
  const deliveries = hub.attach('s', { acks: 'manual', onAttached: (session) => seen.push(session) });
  const first = deliveries.next();
  assert.deepEqual(await attached(socket), { session: 's' });
  assert.deepEqual(seen, [{}]);
  socket.snapshot(1, 1, 5000, 'x'.repeat(5000));
  socket.output(1, 2, 5001, 'b');
  const { value: snapshot } = await first;
  await deliveries.next();
  assert.deepEqual(socket.acks, []);
  deliveries.consumed(snapshot);
  assert.deepEqual(socket.acks, [1]);
});

test('a loss is told before the next connection is tried, and acks for what came before it go nowhere', async () => {
  const { hub, socket, sockets } = await connected();
  const lost = [];
  const deliveries = hub.attach('s', { acks: 'manual', onLost: (error) => lost.push(error.code) });
  const first = deliveries.next();
  await attached(socket);
  socket.snapshot(1, 1, 5000, 'x'.repeat(5000));
  const { value: snapshot } = await first;
  const next = deliveries.next();
  socket.lose();
  const second = await login(sockets);
  assert.deepEqual(lost, [0]);
  await attached(second);
  deliveries.consumed(snapshot);
  second.output(1, 1, 5001, 'b');
  await next;
  assert.deepEqual(second.acks, []);
});

test('a request tells whether it may have been done', async () => {
  const { hub, socket, sockets } = await connected();
  const sent = hub.request('termbus.hub', 'create', {});
  await socket.said('create');
  socket.lose();
  await assert.rejects(sent, { code: 0, uncertain: true });
  const unsent = hub.request('termbus.hub', 'create', {});
  (await sockets.next()).lose();
  await assert.rejects(unsent, { code: 0, uncertain: false });
});

test('after a loss it goes on at the end of what was handed out', async () => {
  const { hub, socket, sockets } = await connected();
  const deliveries = hub.attach('s');
  let next = deliveries.next();
  await attached(socket);
  socket.snapshot(1, 1, 10, 'screen');
  assert.deepEqual((await next).value.cols, 80);
  socket.output(1, 2, 14, 'four');
  assert.equal(text(await deliveries.next()), 'four');
  next = deliveries.next();
  socket.lose();
  const second = await login(sockets);
  assert.equal((await attached(second)).from, 14);
  second.output(1, 1, 16, 'on');
  assert.equal(text(await next), 'on');
});

test('what came and was not handed out before a loss is not lost, nor handed out twice', async () => {
  const { hub, socket, sockets } = await connected();
  const deliveries = hub.attach('s', { from: 0 });
  const first = deliveries.next();
  await attached(socket);
  socket.output(1, 1, 1, 'a');
  socket.output(1, 2, 2, 'b');
  socket.lose();
  assert.equal(text(await first), 'a');
  assert.equal(text(await deliveries.next()), 'b');
  const next = deliveries.next();
  const second = await login(sockets);
  assert.equal((await attached(second)).from, 2);
  second.output(1, 1, 3, 'c');
  assert.equal(text(await next), 'c');
});

test('a delivery that does not follow is not handed out: it attaches anew', async () => {
  const { hub, socket } = await connected();
  const deliveries = hub.attach('s', { from: 5 });
  const next = deliveries.next();
  await attached(socket);
  socket.output(1, 1, 8, 'x');
  await socket.said('detach');
  assert.equal((await attached(socket, 2)).from, 5);
  socket.output(2, 1, 6, 'y');
  assert.equal(text(await next), 'y');
});

test('what does not follow for the second time from one place ends it', async () => {
  const { hub, socket, sockets } = await connected();
  const deliveries = hub.attach('s', { from: 5 });
  let next = deliveries.next();
  await attached(socket);
  socket.output(1, 1, 8, 'x');
  await attached(socket, 2);
  socket.output(2, 1, 6, 'y');
  assert.equal(text(await next), 'y');
  next = deliveries.next();
  socket.output(2, 2, 9, 'x');
  await attached(socket, 3);
  socket.lose();
  const again = await login(sockets);
  assert.equal((await attached(again)).from, 6);
  again.output(1, 1, 9, 'x');
  await assert.rejects(next, { name: 'HubError', code: 0, message: /does not follow/ });
  assert.equal(sockets.made, 2);
});

test('who attaches and fails before anything comes gives up; a quiet session that stays attached does not', async (t) => {
  let now = 0;
  t.mock.method(performance, 'now', () => now);
  t.mock.method(globalThis, 'setTimeout', (wake, ms) => {
    now += ms;
    wake();
  });
  const cause = new Error('cut');
  async function fails(attachedMs) {
    const retry = new Retry(60_000);
    for (now = 0; now < 1_000_000; ) {
      retry.attached();
      now += attachedMs;
      try {
        await retry.pause(cause);
      } catch (error) {
        assert.equal(error, cause);
        return now;
      }
    }
    return null;
  }
  const failedAt = await fails(100);
  assert.ok(failedAt >= 60_000 && failedAt <= 66_000, `${failedAt}`);
  assert.equal(await fails(6_000), null);
});

test('with first: output the beginning may be lost, and says so by its offset', async () => {
  const { hub, socket } = await connected();
  const next = hub.attach('s', { from: 0, first: 'output' }).next();
  await attached(socket);
  socket.output(1, 1, 1000, 'late');
  assert.equal((await next).value.offset, 1000);
});

test('only the beginning may be lost with first: output, not what is missing after a loss', async () => {
  const { hub, socket, sockets } = await connected();
  const options = Object.freeze({ from: 0, first: 'output' });
  const deliveries = hub.attach('s', options);
  const first = deliveries.next();
  await attached(socket);
  socket.lose();
  const second = await login(sockets);
  assert.equal((await attached(second)).first, 'output');
  second.output(1, 1, 104, 'late');
  assert.equal(text(await first), 'late');
  const next = deliveries.next();
  second.lose();
  const third = await login(sockets);
  assert.deepEqual(await attached(third), { session: 's', from: 104 });
  third.output(1, 1, 204, 'gone');
  await third.said('detach');
  await attached(third, 2);
  third.snapshot(2, 1, 204, 'screen');
  assert.deepEqual([(await next).value.kind, text(await next)], ['snapshot', 'screen']);
});

test('a limit that is reached ends who was not attached, and not who comes back', async () => {
  const { hub, socket, sockets } = await connected();
  const refuse = ({ replyAddress }, to) =>
    to.say({ type: 'err', address: replyAddress, failureCode: 429, message: 'too many subscribers' });
  const refused = hub.attach('s').next();
  refuse(await socket.said('attach'), socket);
  await assert.rejects(refused, { code: 429 });
  const next = hub.attach('s').next();
  await attached(socket);
  socket.lose();
  const again = await login(sockets);
  refuse(await again.said('attach'), again);
  await attached(again);
  again.output(1, 1, 1, 'x');
  assert.equal(text(await next), 'x');
});

test('a token that ends is told by the consumer, not tried again and again', async () => {
  const { hub, socket, sockets } = await connected();
  const next = hub.attach('s').next();
  await attached(socket);
  socket.say({ type: 'err', failureCode: 401, message: 'the token has expired' });
  socket.lose();
  await assert.rejects(next, { code: 401, message: 'the token has expired' });
  assert.equal(sockets.made, 1);
});

test('who is kicked hears why, and stays away', async () => {
  const { hub, socket } = await connected();
  const deliveries = hub.attach('s');
  const next = deliveries.next();
  await attached(socket);
  socket.notice('termbus.out.s1', 'disconnected', { reason: 'kicked' });
  await assert.rejects(next, { name: 'Disconnected', reason: 'kicked' });
  assert.deepEqual(await deliveries.next(), { value: undefined, done: true });
});

test('a consumer that throws ends its own subscription only', async () => {
  const { hub, socket } = await connected();
  const other = hub.attach('s');
  const waiting = other.next();
  await attached(socket, 1);
  const faulty = (async () => {
    for await (const delivery of hub.attach('s')) {
      throw new Error(`cannot take ${delivery.kind}`);
    }
  })();
  await attached(socket, 2);
  socket.output(2, 1, 1, 'x');
  await assert.rejects(faulty, /cannot take output/);
  assert.deepEqual((await socket.said('detach')).body, { subscriber: 's2' });
  socket.output(1, 1, 1, 'y');
  assert.equal(text(await waiting), 'y');
});

test('it may be ended while a delivery is waited for, and while it waits for a hub', async () => {
  const { hub, socket, sockets } = await connected();
  const quiet = hub.attach('s');
  const next = quiet.next();
  await attached(socket);
  await quiet.return();
  assert.equal((await next).done, true);
  const waiting = hub.attach('s');
  const second = waiting.next();
  await socket.said('attach');
  socket.lose();
  (await sockets.next()).lose();
  await waiting.return();
  assert.equal((await second).done, true);
});

test('a hub that does not come back is told when the time is over', async () => {
  const { hub, socket, sockets } = await connected({ retryMs: 0 });
  const next = hub.attach('s').next();
  await attached(socket);
  socket.lose();
  await assert.rejects(next, { code: 0 });
  assert.equal(sockets.made, 1);
});

test('requests that wait fail with the connection, and the next one makes a new one', async () => {
  const { hub, socket, sockets } = await connected();
  const list = hub.sessions();
  await socket.said('list');
  socket.lose();
  await assert.rejects(list, { code: 0 });
  const again = hub.sessions();
  const second = await login(sockets);
  second.answer(await second.said('list'), { sessions: [{ id: 's' }] });
  assert.deepEqual(await again, [{ id: 's' }]);
  hub.close();
  await assert.rejects(hub.sessions(), /closed/);
});

test('closing the hub ends what waits for a delivery, and a connection that is being made', async () => {
  const { hub, socket, sockets } = await connected();
  const deliveries = hub.attach('s');
  const next = deliveries.next();
  await attached(socket);
  socket.lose();
  const second = await sockets.next();
  second.open();
  const asked = await second.said('login');
  hub.close();
  second.answer(asked, { frames: 'binary' });
  await assert.rejects(next, { name: 'HubError', code: 0, message: 'the hub was closed' });
  assert.equal(second.closed, true);
  assert.deepEqual(await deliveries.next(), { value: undefined, done: true });

  const other = await connected();
  const waiting = other.hub.attach('s').next();
  await attached(other.socket);
  other.hub.close();
  await assert.rejects(waiting, { name: 'HubError', code: 0, message: 'the hub was closed' });
  assert.equal(other.sockets.made, 1);
});

test('what no hub says ends the connection, not the program', async () => {
  for (const garbage of ['no JSON', new Uint8Array([1, 2]).buffer, new ArrayBuffer(0)]) {
    const { hub, socket } = await connected();
    const list = hub.sessions();
    await socket.said('list');
    socket.raw(garbage);
    await assert.rejects(list, { code: 0, message: /no hub/ });
  }
});

test('who drives and what has run is handed on', async () => {
  const { hub, socket } = await connected();
  const deliveries = hub.attach('s');
  const next = deliveries.next();
  await attached(socket);
  socket.notice('termbus.out.s1', 'lease', { lease: { holder: 'admin' } });
  socket.notice('termbus.out.s1', 'command', { event: 'command.finished', command: { id: 7, exitCode: 2 } });
  assert.deepEqual((await next).value, { kind: 'lease', lease: { holder: 'admin' } });
  assert.deepEqual((await deliveries.next()).value, {
    kind: 'command',
    event: 'command.finished',
    command: { id: 7, exitCode: 2 },
  });
});

test('a kind of frame or notice that later hubs send is passed over', async () => {
  const { hub, socket } = await connected();
  const next = hub.attach('s').next();
  await attached(socket);
  socket.raw(new Uint8Array([8, 1]).buffer);
  socket.notice('termbus.out.s1', 'recording', {});
  socket.output(1, 1, 1, 'z');
  assert.equal(text(await next), 'z');
});

test('bytes are typed as they are', async () => {
  const { hub, socket } = await connected();
  const typed = hub.input('s', new Uint8Array([0xff, 0x0d]));
  const { body, ...message } = await socket.said('input');
  assert.deepEqual(body, { base64: '/w0=' });
  socket.answer(message, {});
  await typed;
});

test('what is exported is declared', () => {
  const declared = readFileSync(new URL('../../../clients/js/src/index.d.ts', import.meta.url), 'utf8');
  const names = [...declared.matchAll(/^export (?:class|function) (\w+)/gm)].map(([, name]) => name);
  assert.deepEqual(names.sort(), Object.keys(client).sort());
});
