/**
 * The web app on links that stall and break, in a real Chromium against a real hub. Environment as for
 * browser.mjs; a proxy stands between the two.
 */
import assert from 'node:assert/strict';
import { AppPage } from '../support/app-page.mjs';
import { LOGIN_URL, SHOTS, launch } from '../support/chromium.mjs';
import { SlowLink } from '../support/slow-link.mjs';
import { Tap } from '../support/tap.mjs';

/** How long a user may be in doubt whether the hub is there. */
const TOLD_MS = 3_000;
/** What is said aloud of one stall: of its beginning and its end, of the link and of the input. */
const SPOKEN = 8;

const { host, hostname, port } = new URL(LOGIN_URL);
const link = await SlowLink.to({ host: hostname, port: Number(port) });
const browser = await launch([`--host-resolver-rules=MAP ${host} 127.0.0.1:${link.port}`]);
const context = await browser.newContext({ viewport: { width: 1200, height: 760 }, colorScheme: 'dark' });
const app = new AppPage(await context.newPage());
const { page } = app;
const tap = new Tap((number) => page.screenshot({ path: `${SHOTS}/links-failed-${number}.png` }));
const shot = (name) => page.screenshot({ path: `${SHOTS}/${name}.png` });

const stalled = () => page.locator('#connection[data-state=stalled]').waitFor();
const input = (pattern) => page.locator('#flow [data-flow=input]', { hasText: pattern }).waitFor();
const notice = (pattern) => page.locator('#notice-text', { hasText: pattern }).waitFor();
const type = async (line) => {
  await page.keyboard.type(line);
  await page.keyboard.press('Enter');
};
/** All that is typed has arrived: what follows is about what follows. */
const settled = () => page.waitForFunction(() => globalThis.termbus.pane.current.inputInWords === '');
const times = async (text) => (await app.lines()).filter((line) => line === text).length;

await page.goto(LOGIN_URL);
await app.connected();
await app.create({ command: 'bash --noprofile --norc', name: 'far away' });
await app.run("PS1='$ '; clear; echo here-$((1+1))");
await app.shows(/^here-2$/);

/** Notes when the page first calls the link stalled, and all that is spoken. */
await page.evaluate(() => {
  const connection = document.getElementById('connection');
  const noted = (globalThis.noted = { stalledAt: null, spoken: 0 });
  new MutationObserver(() => {
    if (connection.dataset.state === 'stalled') {
      noted.stalledAt ??= performance.now();
    }
  }).observe(connection, { attributes: true });
  const spoken = new MutationObserver((changes) => (noted.spoken += new Set(changes.map(({ target }) => target)).size));
  for (const region of document.querySelectorAll('[role=status], [role=alert], [role=log]')) {
    spoken.observe(region, { childList: true, characterData: true, subtree: true });
  }
});

await tap.step('a link that stalls is told within three seconds', async () => {
  await page.evaluate(() => (globalThis.noted.spoken = 0));
  link.stalled = true;
  await stalled();
  const after = await page.evaluate(() => globalThis.noted.stalledAt - globalThis.termbus.bus.heardAt);
  assert.ok(after <= TOLD_MS, `${after} ms after the last sign of the hub`);
  await page.locator('#flow[data-zone=old]', { hasText: /No answer from the hub for \d+ s/ }).waitFor();
  await page.locator('#flow [data-flow=unacked]').waitFor({ state: 'hidden' });
  link.stalled = false;
  await app.connected();
  await page.locator('#flow[data-zone=green]').waitFor();
});

await tap.step('what is typed meanwhile is marked, kept and runs once, in order, when the link is back', async () => {
  link.stalled = true;
  await type('echo sent-$((1+2))');
  await input(/^\d+ characters unconfirmed$/);
  await stalled();
  await type('echo kept-$((2+2))');
  await input(/^\d+ characters unconfirmed, \d+ not sent yet$/);
  await shot('link-stalled');
  link.stalled = false;
  await app.shows(/^kept-4$/);
  await settled();
  await app.run('echo end-of-"stall"');
  await app.shows(/^end-of-stall$/);
  assert.deepEqual([await times('sent-3'), await times('kept-4')], [1, 1]);
  const spoken = await page.evaluate(() => globalThis.noted.spoken);
  assert.ok(spoken <= 2 * SPOKEN, `${spoken} things were said aloud in two stalls`);
});

await tap.step('where the connection breaks before an answer, nobody denies that input was taken, and nothing behind it is sent', async () => {
  await settled();
  link.stalled = true;
  await type('echo doubtful-$((1+1))');
  await stalled();
  await type('echo never-$((1+1))');
  await input(/not sent yet/);
  link.cut();
  await notice(/^\d+ characters may not have been taken: the hub did not confirm them; \d+ typed after that were not sent\.$/);
  assert.equal(await page.locator('.toast').count(), 0, 'a toast on top of it');
  await shot('link-broken');
  link.stalled = false;
  await app.connected();
  await app.attached();
  await app.run('echo again-$((3+3))');
  await app.shows(/^again-6$/);
  assert.ok(!(await app.lines()).some((line) => line.includes('never-')), 'input behind a gap was sent');
  await page.locator('#notice-action', { hasText: 'OK' }).click();
  await page.locator('#notice').waitFor({ state: 'hidden' });
});

await tap.step('what is typed without a connection runs once when there is one again', async () => {
  await settled();
  link.stalled = true;
  link.cut();
  await page.locator('#connection[data-state=offline]').waitFor();
  await app.terminal().focus();
  await type('echo offline-$((4+4))');
  await input(/^\d+ characters typed, not sent yet$/);
  link.stalled = false;
  await app.shows(/^offline-8$/);
  await settled();
  assert.equal(await times('offline-8'), 1);
  assert.ok(await page.locator('#notice').isHidden());
});

await tap.step('a window that was hidden meanwhile is not alarmed', async () => {
  await page.evaluate(() => {
    globalThis.noted.stalledAt = null;
    globalThis.hiddenNow = true;
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => globalThis.hiddenNow });
    document.dispatchEvent(new Event('visibilitychange'));
  });
  const quiet = await page.evaluate(() => new Promise((done) => {
    const from = performance.now();
    const look = () => (performance.now() - from > 4_000 ? done(globalThis.noted.stalledAt === null) : setTimeout(look, 100));
    look();
  }));
  await page.evaluate(() => {
    globalThis.hiddenNow = false;
    document.dispatchEvent(new Event('visibilitychange'));
  });
  await page.locator('#flow[data-zone=green]').waitFor();
  assert.ok(quiet && (await page.evaluate(() => globalThis.noted.stalledAt === null)));
});

await tap.step('over a slow link the scrollback comes when the user scrolls up to its end, behind what he types', async () => {
  await settled();
  link.bytesPerSecond = 10_000; // so little of it comes, however long a busy machine takes to print it
  await app.run('seq 1 200000; echo all-"out"');
  await app.shows(/^all-out$/);
  link.bytesPerSecond = 50_000;
  const numbers = async () => (await app.lines()).filter((line) => /^\d+$/.test(line)).map(Number);
  const before = (await numbers()).length;
  assert.ok(before < 9_000, `${before} lines came at once`);
  const box = await page.locator('.terminal-host:not([hidden])').boundingBox();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.wheel(0, -10_000_000);
  await notice(/^Fetching [\d,]+ lines above… \d+ %$/);
  const pressed = Date.now();
  await page.keyboard.type('#');
  await app.shows(/#$/);
  assert.ok(Date.now() - pressed < 1_000, `the echo took ${Date.now() - pressed} ms`);
  await page.waitForFunction(() => globalThis.termbus.view.terminal.buffer.normal.baseY >= 9_900);
  await page.locator('#notice').waitFor({ state: 'hidden' });
  await app.shows(/#$/);
  const after = await numbers();
  assert.ok(after.length >= 9_900 && after.every((number, i) => number === 200_000 - after.length + 1 + i));
  link.bytesPerSecond = Infinity;
  await page.keyboard.press('Control+u');
});

await tap.step('no error was logged but of connections that were cut', async () => {
  app.problems = app.problems.filter((problem) => !/ERR_|WebSocket connection/.test(problem));
  app.assertNoProblems();
});

await browser.close();
link.close();
process.exit(tap.finish() ? 0 : 1);
