/**
 * The packed @termbus/terminal in somebody else's page, in a real Chromium, with a bundler and without one, under a strict
 * content security policy.
 *
 * TERMBUS_URL: the login URL of a hub with the origin of `support/shop.mjs` in `http.origins` and `http.frameAncestors`,
 * token included.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { HOME_URL, LOGIN_URL, SHOTS, TOKEN, launch } from '../support/chromium.mjs';
import { ORIGIN, Shop } from '../support/shop.mjs';
import { Tap } from '../support/tap.mjs';

const EMBEDDING = new URL('../../../../docs/embedding.md', import.meta.url);
const WEBROOT = new URL('../../../../webroot/', import.meta.url);
const HUB = HOME_URL.slice(0, -1);
/** xterm.js makes style sheets of its own; no script is allowed but those that are served. */
const POLICY = `default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-src ${HUB}; connect-src 'self' ${HUB} ${HUB.replace('http', 'ws')}`;
/** The quick start has its script in its page. */
const START = 'start.html';
const EVENTS = ['ready', 'title', 'zone', 'lag', 'exit', 'closed'];
const PAGE = (script) => `<!doctype html>
<html lang="en">
<title>Shop</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="./shop.css">
<termbus-terminal hub="${HUB}" font-size="14"></termbus-terminal>
<script type="module" src="${script}"></script>
</html>
`;
const STYLE = 'termbus-terminal { width: 800px; height: 400px; } termbus-terminal::part(terminal) { outline: 1px solid red; }';
/** Tells a test what happens. */
const SCRIPT = (component, client) => `
import '${component}';
import { connect } from '${client}';
const terminal = document.querySelector('termbus-terminal');
const events = [];
for (const type of ${JSON.stringify(EVENTS)}) {
  terminal.addEventListener(type, ({ detail }) => events.push({ type, detail }));
}
const violations = [];
addEventListener('securitypolicyviolation', ({ blockedURI, violatedDirective }) => violations.push(violatedDirective + ' ' + blockedURI));
globalThis.shop = { connect, terminal, events, violations };
`;

const shop = new Shop();
const browser = await launch([await shop.serve((name) => (name === START ? '' : POLICY))]);
const tap = new Tap();
shop.install();
shop.write('shop.css', STYLE);

/** Opens that page of the shop's; → what a test does there. */
async function opened(name) {
  const context = await browser.newContext({ viewport: { width: 1000, height: 700 } });
  const page = await context.newPage();
  const problems = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
  await page.goto(`${ORIGIN}/${name}`);
  await page.waitForFunction(() => globalThis.shop !== undefined);
  return {
    page,
    problems,
    event: async (type) => (await page.waitForFunction((wanted) => globalThis.shop.events.find((event) => event.type === wanted), type)).jsonValue(),
    shows: (pattern) =>
      page.waitForFunction((source) => {
        const buffer = globalThis.shop.terminal.terminal?.buffer.active;
        const lines = Array.from({ length: buffer?.length ?? 0 }, (_, y) => buffer.getLine(y).translateToString(true));
        return new RegExp(source, 'm').test(lines.join('\n'));
      }, pattern.source),
    /** Makes a session and shows it; → its id */
    start: (command, attributes = {}) =>
      page.evaluate(
        async ([hub, token, options, more]) => {
          const { connect, terminal } = globalThis.shop;
          globalThis.shop.hub ??= await connect({ url: hub, token });
          const { id } = await globalThis.shop.hub.create(options);
          for (const [attribute, value] of Object.entries(more)) {
            terminal.setAttribute(attribute, value);
          }
          terminal.token = token;
          terminal.setAttribute('session', id);
          return id;
        },
        [HUB, TOKEN, { command, echo: false }, attributes],
      ),
    close: () => context.close(),
  };
}

async function works(name) {
  const { page, problems, event, shows, start, close } = await opened(name);
  tap.onFailure = (number) => page.screenshot({ path: `${SHOTS}/component-failed-${number}.png` });
  const command = ['sh', '-c', `printf '\\033]2;till\\007'; echo open; read name; printf 'hello %s\\n' "$name"; read end; exit 3`];

  await tap.step(`${name}: output is shown, and the element says that it is ready`, async () => {
    const id = await start(command);
    await shows(/^open$/m);
    const { detail } = await event('ready');
    assert.equal(detail.id, id);
    assert.equal((await event('title')).detail.title, 'till');
  });
  await tap.step(`${name}: a click takes the keyboard, and what is typed arrives`, async () => {
    await page.locator('termbus-terminal').click();
    await page.keyboard.type('wörld');
    await page.keyboard.press('Enter');
    await shows(/^hello wörld$/m);
  });
  await tap.step(`${name}: typing has given the session the size that fits the element`, async () => {
    await page.waitForFunction(() => globalThis.shop.terminal.terminal.cols > 85);
  });
  await tap.step(`${name}: the text of the screen comes from the hub, and is found`, async () => {
    const { found, missing, data } = await page.evaluate(async () => {
      const { terminal } = globalThis.shop;
      return { found: terminal.find('hello'), missing: terminal.find('nowhere'), data: (await terminal.snapshot()).data };
    });
    assert.deepEqual({ found, missing }, { found: true, missing: false });
    assert.match(data, /open\r?\nhello wörld/);
  });
  await tap.step(`${name}: the program's end is told last, and the element stays`, async () => {
    await page.evaluate(() => void globalThis.shop.terminal.paste('\n'));
    await page.locator('termbus-terminal').getByRole('button', { name: 'Paste' }).last().click();
    assert.deepEqual((await event('exit')).detail, { code: 3 });
    assert.deepEqual((await event('closed')).detail, { reason: 'exit' });
    await page.locator('termbus-terminal').getByText('The session has exited with code 3.').waitFor();
  });
  await tap.step(`${name}: another session takes its place`, async () => {
    await page.evaluate(() => globalThis.shop.events.splice(0));
    const id = await start(['sh', '-c', 'echo second; exec cat'], { theme: 'light', mode: 'read' });
    await shows(/^second$/m);
    assert.equal((await event('ready')).detail.id, id);
    await page.locator('termbus-terminal').click();
    await page.keyboard.type('nothing');
    await page.evaluate(() => globalThis.shop.hub.input(globalThis.shop.terminal.getAttribute('session'), 'from elsewhere\r'));
    await shows(/^from elsewhere$/m);
    const data = await page.evaluate(async () => (await globalThis.shop.terminal.snapshot()).data);
    assert.doesNotMatch(data, /nothing/);
  });
  await tap.step(`${name}: nothing broke the content security policy, and no error was logged`, async () => {
    assert.deepEqual(await page.evaluate(() => globalThis.shop.violations), []);
    assert.deepEqual(problems, []);
  });
  await close();
}

shop.write('index.html', PAGE('./main.js'));
shop.write('main.js', SCRIPT('@termbus/terminal', '@termbus/client'));
shop.bundle();
await works('dist/index.html');

shop.write('plain.html', PAGE('./plain.js'));
const standalone = './node_modules/@termbus/terminal/dist/standalone.js';
shop.write('plain.js', SCRIPT(standalone, standalone));
await works('plain.html');

await tap.step('the quick start of docs/embedding.md runs as it stands there, but for the port', async () => {
  const [, example] = /^```html\n(.*?)^```$/ms.exec(readFileSync(EMBEDDING, 'utf8'));
  assert.equal(example.trimEnd().split('\n').length, 15);
  shop.write(START, example.replace('http://127.0.0.1:8080', HUB));
  const context = await browser.newContext();
  const page = await context.newPage();
  page.on('dialog', (dialog) => dialog.accept(TOKEN));
  await page.goto(`${ORIGIN}/${START}`);
  await page.waitForFunction(() => document.querySelector('termbus-terminal').terminal?.buffer.active.length > 0);
  await page.locator('termbus-terminal').click();
  await page.keyboard.type('world');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.title === 'exit 3');
  assert.match(await page.evaluate(async () => (await document.querySelector('termbus-terminal').snapshot()).data), /hello world/);
  await context.close();
});

await tap.step('a wrong token is told, and not tried again', async () => {
  const { page, event, problems, close } = await opened('plain.html');
  await page.evaluate(() => {
    const { terminal } = globalThis.shop;
    terminal.setAttribute('session', 'any');
    terminal.token = 'wrong';
  });
  const { detail } = await event('closed');
  assert.equal(detail.reason, 'failed');
  assert.equal(await page.evaluate(() => globalThis.shop.events.find(({ type }) => type === 'closed').detail.error.code), 401);
  await page.locator('termbus-terminal').getByRole('button', { name: 'Try again' }).waitFor();
  assert.deepEqual(problems, []);
  await close();
});

await tap.step('the page with one terminal is in a frame, takes a token from the page around it, and tells that what happens', async () => {
  const { page, event, start, close } = await opened('plain.html');
  const id = await start(['sh', '-c', 'echo framed; read name; exit 4']);
  await page.evaluate(
    ([url, token]) => {
      const { terminal, events } = globalThis.shop;
      events.splice(0);
      terminal.removeAttribute('session');
      const frame = document.createElement('iframe');
      frame.src = url;
      frame.addEventListener('load', () => frame.contentWindow.postMessage({ token }, new URL(url).origin));
      addEventListener('message', ({ origin, data }) => origin === new URL(url).origin && events.push(data));
      document.body.append(frame);
    },
    [`${HUB}/?embed&session=${id}&theme=dark`, TOKEN],
  );
  assert.equal((await event('ready')).detail.id, id);
  const terminal = page.frameLocator('iframe').locator('termbus-terminal');
  await terminal.click();
  await page.keyboard.press('Enter');
  assert.deepEqual((await event('exit')).detail, { code: 4 });
  await terminal.getByText('The session has exited with code 4.').waitFor();
  await close();
});

/** The page as its source has it, in place of the one that names bundles. */
async function unbundled(page, address, file) {
  const path = fileURLToPath(new URL(file, WEBROOT));
  await page.route(address, async (route) => route.fulfill({ response: await route.fetch(), path }));
  const problems = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
  await page.goto(address);
  return problems;
}

await tap.step('the modules of web app and packages run as they are served, too', async () => {
  // a page that comes from here, and not from the network, is of no place to a browser
  const context = await browser.newContext({ permissions: ['local-network-access'] });
  const page = await context.newPage();
  await page.goto(LOGIN_URL);
  const app = await unbundled(page, `${HUB}/`, 'index.html');
  await page.locator('#connection[data-state=online]').waitFor();
  const sources = await page.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname));
  assert.ok(sources.includes('/packages/terminal/terminal-view.js'), sources.join());
  assert.equal(sources.some((name) => name.startsWith('/assets/')), false);
  const id = await page.evaluate(async () => {
    const { connect } = await import('/packages/client/index.js');
    const hub = await connect();
    const session = await hub.create({ command: ['sh', '-c', 'echo alone; exec cat'] });
    hub.close();
    return session.id;
  });
  const alone = await unbundled(page, `${HUB}/?embed&session=${id}`, 'embed.html');
  await page.waitForFunction(() => document.querySelector('termbus-terminal')?.terminal?.buffer.active.getLine(0).translateToString(true) === 'alone');
  assert.deepEqual([app, alone], [[], []]);
  await context.close();
});

await tap.step('the web app itself is in no frame', async () => {
  const { page, problems, close } = await opened('plain.html');
  const refused = page.waitForEvent('console', (message) => /frame-ancestors/.test(message.text()));
  await page.evaluate((url) => {
    const frame = document.createElement('iframe');
    frame.src = url;
    document.body.append(frame);
  }, `${HUB}/`);
  await refused;
  assert.equal(problems.length, 1);
  await close();
});

shop.remove();
await browser.close();
process.exit(tap.finish() ? 0 : 1);
