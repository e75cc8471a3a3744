/**
 * Several windows on one session: its size, a lost connection, images, viewers, a phone. Real Chromium, real hub;
 * environment as for browser.mjs.
 */
import assert from 'node:assert/strict';
import { access, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppPage } from '../support/app-page.mjs';
import { HOME_URL, LOGIN_URL, SHOTS, launch } from '../support/chromium.mjs';
import { Frames, brightness } from '../support/frames.mjs';
import { INLINE_IMAGE, sixel } from '../support/pictures.mjs';
import { Tap } from '../support/tap.mjs';

const SHELL = 'bash --noprofile --norc';
const DESKTOP = { width: 1200, height: 760 };
const SMALL = { width: 620, height: 420 };
const PHONE = { width: 390, height: 844 };
/** Modes in which a terminal reports every move of the mouse, and its focus. */
const MOUSE = String.raw`\033[?1003;1006`;
const FOCUS = String.raw`\033[?1004`;
const FOLDER = await mkdtemp(join(tmpdir(), 'termbus-web-'));

const browser = await launch();
const context = await browser.newContext({ viewport: DESKTOP, colorScheme: 'dark' });
const origin = new URL(HOME_URL).origin;
await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin });
const app = new AppPage(await context.newPage());
const { page } = app;
const tap = new Tap((number) => page.screenshot({ path: `${SHOTS}/windows-failed-${number}.png` }));
const shot = (name, from = page) => from.screenshot({ path: `${SHOTS}/${name}.png` });

/** Counts what a window asks of the hub, and lets a test cut its connection. */
async function watchSocket(of) {
  const seen = { resizes: 0, snapshots: 0, attaches: [], sockets: [], held: false };
  await of.route(/eventbus\/info/, (route) => (seen.held ? route.abort() : route.continue()));
  await of.routeWebSocket(/eventbus/, (socket) => {
    const hub = socket.connectToServer();
    seen.sockets.push(socket);
    socket.onMessage((text) => {
      if (text.includes('\\"resize\\"')) {
        seen.resizes++;
      } else if (text.includes('\\"attach\\"')) {
        seen.attaches.push(text);
      }
      hub.send(text);
    });
    hub.onMessage((text) => {
      seen.snapshots += text.includes('"kind\\":\\"snapshot') || text.includes('"kind":"snapshot"') ? 1 : 0;
      socket.send(text);
    });
  });
  return seen;
}

async function openWindow(viewport, id, settings = {}) {
  const other = await browser.newContext({ viewport, colorScheme: 'dark', storageState: await context.storageState(), ...settings });
  const window = new AppPage(await other.newPage());
  const seen = await watchSocket(window.page);
  await window.page.goto(`${HOME_URL}#${id}`);
  await window.connected();
  await window.attached();
  return { window, seen, close: () => other.close() };
}

/** Waits until a program has made that file. */
async function exists(file) {
  while (!(await access(file).then(() => true, () => false))) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const sameSize = (window, { cols, rows }) =>
  window.page.waitForFunction((want) => {
    const now = globalThis.termbus.view.size;
    return now.cols === want.cols && now.rows === want.rows;
  }, { cols, rows });

const asked = await watchSocket(page);
await page.goto(LOGIN_URL);
await app.connected();
let session;

await tap.step('two windows of different size never fight for the size, however much is shown', async () => {
  session = await app.create({ command: SHELL, name: 'shared' });
  const large = await app.fits();
  const { window: small, seen, close } = await openWindow(SMALL, session);
  assert.deepEqual(await small.size(), large, 'merely opening changed the size');
  asked.resizes = 0;
  await app.run(
    `for i in $(seq 1 60); do echo busy-$i; sleep 0.02; done; printf '${MOUSE}h${FOCUS}h'; echo calm-"down"; read -rs -d q; printf '${MOUSE}l${FOCUS}l'`,
  );
  await small.shows(/^calm-down$/);
  for (const one of [small, app]) {
    await one.page.bringToFront();
    await one.page.mouse.move(300, 200);
    await one.page.mouse.move(310, 210);
  }
  await shot('scaled', small.page);
  assert.equal(asked.resizes + seen.resizes, 0, 'a window asked for a size although nobody typed or resized');
  assert.deepEqual(await small.size(), large);

  await page.bringToFront();
  await page.keyboard.press('q');
  await small.page.bringToFront();
  await small.run('echo typed-in-the-small');
  const little = await small.fits(large);
  await sameSize(app, little);
  await app.shows(/^typed-in-the-small$/);
  await shot('letterboxed-large');
  await app.page.setViewportSize({ width: 1000, height: 700 });
  await sameSize(small, await app.fits(little));
  await app.run(`stty size; echo both-"settled"`);
  await small.shows(/^both-settled$/);
  assert.ok(asked.resizes <= 3 && seen.resizes === 1, JSON.stringify({ large: asked.resizes, small: seen.resizes }));
  const { cols, rows } = await app.size();
  assert.ok((await app.lines()).includes(`${rows} ${cols}`), 'the program was told another size');
  await page.setViewportSize(DESKTOP);
  await sameSize(small, await app.fits({ cols, rows }));
  await close();
});

/** All frames of the terminal while `act` runs must show about as much text as before it. */
async function neverBlank(act) {
  const box = await page.locator('.terminal-host:not([hidden])').boundingBox();
  const frames = await Frames.of(page);
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
  await act();
  const counts = await brightness(page, await frames.stop(), box, page.viewportSize());
  assert.ok(counts.length > 1, 'no frames were seen');
  assert.ok(counts[0] > 30, `the screen was empty at first: ${counts}`);
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  assert.ok(least > most / 2, `a frame was almost blank: ${counts}`);
}

const FULL_SCREEN = 'for i in $(seq 1 60); do printf "%s full of text %s\\n" "$i" "$(printf "%070d" $i)"; done';

await tap.step('a lost connection is resumed where it stood, without a blank frame', async () => {
  await app.run(`${FULL_SCREEN}; (until [ -e ${FOLDER}/go ]; do sleep 0.05; done; echo while-"away") & echo screen-"full"`);
  await app.shows(/^screen-full$/);
  asked.attaches.length = 0;
  await neverBlank(async () => {
    asked.held = true;
    await asked.sockets.at(-1).close();
    await page.locator('#connection[data-state=offline]').waitFor();
    await writeFile(join(FOLDER, 'go'), '');
    asked.held = false;
    await app.connected();
    await app.shows(/while-away$/);
  });
  assert.equal(asked.attaches.length, 1);
  assert.match(asked.attaches[0], /\\"from\\":\d+/);
  assert.equal((await app.lines()).filter((line) => line.endsWith('while-away')).length, 1);
});

await tap.step('what came in meanwhile and is too much arrives as a whole, without a blank frame', async () => {
  await app.run(`(until [ -e ${FOLDER}/more ]; do sleep 0.05; done; yes 'text that fills the line as well' | head -100000; ${FULL_SCREEN}; echo all-"there"; touch ${FOLDER}/done) & echo`);
  asked.snapshots = 0;
  await neverBlank(async () => {
    asked.held = true;
    await asked.sockets.at(-1).close();
    await page.locator('#connection[data-state=offline]').waitFor();
    await writeFile(join(FOLDER, 'more'), '');
    await exists(join(FOLDER, 'done'));
    asked.held = false;
    await app.connected();
    await app.shows(/^all-there$/);
  });
  assert.ok(asked.snapshots > 0, 'it was to be so much that only a snapshot can tell it');
});

/** How many pixels of pictures the terminal that is shown has on its screen. */
const picturePixels = (of) =>
  of.evaluate(() => {
    const canvas = document.querySelector('.terminal-host:not([hidden]) .xterm-image-layer');
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    return data.filter((value, at) => at % 4 === 3 && value > 0).length;
  });

await tap.step('pictures are drawn, and whoever comes in later sees the text around them', async () => {
  const [box, inline] = [join(FOLDER, 'box'), join(FOLDER, 'inline')];
  await writeFile(box, sixel(120, 48));
  await writeFile(inline, INLINE_IMAGE);
  await app.run(`clear; echo above; cat ${box}; echo between; cat ${inline}; echo; echo below-"all"`);
  await app.shows(/^below-all$/);
  await page.waitForFunction(() => document.querySelector('.terminal-host:not([hidden]) .xterm-image-layer') !== null);
  assert.ok((await picturePixels(page)) > 120 * 40, 'no SIXEL picture');
  await shot('pictures');
  await app.run(`clear; cat ${inline}; echo; echo only-"inline"`);
  await app.shows(/^only-inline$/);
  assert.ok((await picturePixels(page)) > 90 * 30, 'no inline picture');

  await app.run(`clear; echo above; cat ${box}; echo below-"both"`);
  await app.shows(/^below-both$/);
  await page.reload();
  await app.connected();
  await app.attached();
  assert.deepEqual((await app.lines()).slice(0, 2), ['above', 'below-both']);
  await app.run('echo goes-on');
  await app.shows(/^goes-on$/);
});

await tap.step('a window that comes in the middle of a picture shows no pieces of it as text', async () => {
  const whole = sixel(300, 1_200).replace(/!300~/g, '~'.repeat(300));
  const [begin, end] = [join(FOLDER, 'begin'), join(FOLDER, 'end')];
  await writeFile(begin, whole.slice(0, 40_000));
  await writeFile(end, whole.slice(40_000));
  await app.run(`clear; cat ${begin}; touch ${FOLDER}/begun; until [ -e ${FOLDER}/attached ]; do sleep 0.05; done; cat ${end}; echo; echo picture-"done"`);
  await exists(join(FOLDER, 'begun'));
  const late = new AppPage(await context.newPage());
  await late.page.goto(`${HOME_URL}#${session}`);
  await late.page.waitForFunction(() => globalThis.termbus.pane.subscriber !== null);
  await writeFile(join(FOLDER, 'attached'), '');
  for (const window of [app, late]) {
    await window.shows(/^picture-done$/);
    assert.ok(!(await window.lines()).some((line) => line.includes('~~~')), 'a piece of the picture is text');
  }
  late.assertNoProblems();
  await late.page.close();
});

await tap.step('a viewer sees that it can only look, never resizes, and is never asked for its clipboard', async () => {
  const { token } = await page.evaluate(
    (id) => globalThis.termbus.bus.request('termbus.hub', 'share', { session: id, role: 'viewer', expiresInSeconds: 600 }),
    session,
  );
  const guests = await browser.newContext({ viewport: SMALL, colorScheme: 'light' });
  const viewer = new AppPage(await guests.newPage());
  const seen = await watchSocket(viewer.page);
  await viewer.page.goto(`${HOME_URL}?token=${encodeURIComponent(token)}#${session}`);
  await viewer.connected();
  await viewer.attached();
  await viewer.page.locator('#read-only').waitFor();
  const size = await app.size();
  await viewer.page.setViewportSize({ width: 900, height: 600 });
  await viewer.run('viewers-cannot-type');
  await viewer.terminal().focus();
  await viewer.page.keyboard.press('Control+=');
  await page.bringToFront();
  await app.run(String.raw`printf '\033]52;c;%s\007' "$(printf secret | base64)"; echo asked-"owner"`);
  await page.locator('#clipboard-question').waitFor();
  await page.locator('#clipboard-question [data-deny]').click();
  await viewer.page.bringToFront();
  await viewer.shows(/^asked-owner$/);
  await shot('viewer', viewer.page);
  assert.ok(await viewer.page.locator('#clipboard-question').isHidden());
  assert.equal(seen.resizes, 0);
  assert.deepEqual(await app.size(), size);
  assert.ok(!(await app.lines()).some((line) => line.includes('viewers-cannot-type')));
  await guests.close();
});

await tap.step('a phone scrolls by touch and has the keys that its keyboard lacks', async () => {
  const { window: phone, close } = await openWindow(PHONE, session, { hasTouch: true, isMobile: true });
  await phone.run('clear; seq 1 200; echo phone-"ready"');
  await phone.shows(/^phone-ready$/);
  await phone.fits();
  const touch = await phone.page.context().newCDPSession(phone.page);
  const drag = async (from, to) => {
    const at = (y) => ({ touchPoints: [{ x: 150, y }] });
    await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', ...at(from) });
    for (let step = 1; step <= 8; step++) {
      await touch.send('Input.dispatchTouchEvent', { type: 'touchMove', ...at(from + ((to - from) * step) / 8) });
    }
    await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  };
  const scrolled = () =>
    phone.page.evaluate(() => {
      const { baseY, viewportY } = globalThis.termbus.view.terminal.buffer.active;
      return baseY - viewportY;
    });
  await drag(300, 600);
  await phone.page.waitForFunction(() => {
    const { baseY, viewportY } = globalThis.termbus.view.terminal.buffer.active;
    return baseY - viewportY >= 10;
  });
  await shot('phone-scrolled', phone.page);
  assert.ok((await scrolled()) < 200);
  const key = (name) => phone.page.locator(`#keys [data-key=${name}]`).tap();
  await phone.run(`clear; cat -v; echo caught-"it"`);
  await phone.terminal().focus();
  await key('up');
  await key('tab');
  await key('alt');
  await phone.page.keyboard.insertText('x');
  await key('ctrl');
  await key('left');
  await phone.page.keyboard.press('Enter');
  await phone.shows(/^\^\[\[A\t?\s*\^\[x\^\[\[1;5D$/);
  await key('ctrl');
  await phone.page.keyboard.insertText('d');
  await phone.shows(/^caught-it$/);
  await phone.page.locator('#more').tap();
  await phone.page.getByRole('menu').waitFor();
  await shot('phone-menu-more', phone.page);
  await phone.page.keyboard.press('Escape');
  await close();
});

await tap.step('no error was logged and nothing broke the content security policy', async () => {
  app.problems = app.problems.filter((problem) => !problem.includes('ERR_FAILED')); // connections that were cut on purpose
  app.assertNoProblems();
});

await browser.close();
await rm(FOLDER, { recursive: true });
process.exit(tap.finish() ? 0 : 1);
