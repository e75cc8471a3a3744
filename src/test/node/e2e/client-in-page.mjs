/**
 * @termbus/client in a page of the hub's, in a real Chromium: logged in by the cookie, over the binary WebSocket.
 *
 * TERMBUS_URL: the login URL of a hub, token included.
 */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { LOGIN_URL, launch } from '../support/chromium.mjs';
import { Tap } from '../support/tap.mjs';

const PACKAGE = new URL('../../../../clients/js/src/', import.meta.url);
const LINES = 200_000;

const browser = await launch();
const page = await browser.newPage();
const problems = [];
page.on('pageerror', (error) => problems.push(error.message));
page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
const sockets = [];
page.on('websocket', (socket) => {
  const messages = { text: 0, binary: 0 };
  socket.on('framereceived', ({ payload }) => messages[typeof payload === 'string' ? 'text' : 'binary']++);
  sockets.push({ url: socket.url(), messages });
});
const tap = new Tap();

await page.route('**/client/*.js', (route) =>
  route.fulfill({ path: fileURLToPath(new URL(new URL(route.request().url()).pathname.replace('/client/', ''), PACKAGE)) }),
);
await page.goto(LOGIN_URL);

await tap.step('every byte comes, in binary messages, and the exit is the last', async () => {
  const seen = await page.evaluate(async (lines) => {
    const { connect } = await import('/client/index.js');
    const hub = await connect();
    const session = await hub.create({ command: ['sh', '-c', `read go; seq 1 ${lines}; exit 7`], echo: false, waitForSubscriber: true });
    await hub.input(session.id, new TextEncoder().encode('go\r'));
    const parts = [];
    const others = [];
    for await (const delivery of hub.attach(session.id, { lag: 'block', from: 0 })) {
      if (delivery.kind === 'output') {
        parts.push(delivery.data);
      } else if (delivery.kind !== 'warning') {
        others.push(delivery);
      }
    }
    hub.close();
    const digest = await crypto.subtle.digest('SHA-256', await new Blob(parts).arrayBuffer());
    return { others, sha256: Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('') };
  }, LINES);
  assert.deepEqual(seen.others, [{ kind: 'exit', code: 7 }]);
  const expected = createHash('sha256');
  for (let line = 1; line <= LINES; line++) {
    expected.update(`${line}\r\n`);
  }
  assert.equal(seen.sha256, expected.digest('hex'));
  const own = sockets.filter(({ url }) => url.endsWith('/eventbus/websocket') && !url.includes('/eventbus/0'));
  assert.ok(own.some(({ messages }) => messages.binary > 10), JSON.stringify(sockets));
});

await tap.step('a wrong token rejects', async () => {
  const code = await page.evaluate(async () => {
    const { connect } = await import('/client/index.js');
    return connect({ token: 'wrong' }).then(() => 0, (error) => error.code);
  });
  assert.equal(code, 401);
});

await tap.step('no error was logged', () => assert.deepEqual(problems, []));

await browser.close();
process.exit(tap.finish() ? 0 : 1);
