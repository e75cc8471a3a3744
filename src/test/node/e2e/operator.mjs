/**
 * What operators see, in a real Chromium against a real hub: the flow board, who watches, shares, flow in words.
 *
 * TERMBUS_URL: the hub's login URL, token included. TERMBUS_SCREENSHOTS: where pictures go, target/screenshots
 * if not set.
 */
import assert from 'node:assert/strict';
import { AppPage } from '../support/app-page.mjs';
import { BusClient } from '../support/bus-client.mjs';
import { HOME_URL, LOGIN_URL, SHOTS, TOKEN, launch } from '../support/chromium.mjs';
import { Tap } from '../support/tap.mjs';

const DESKTOP = { width: 1280, height: 760 };
const PHONE = { width: 390, height: 844 };
/** As many as a connection may have, less a few. */
const CROWD = { connections: 10, each: 60 };

const browser = await launch();
const context = await browser.newContext({ viewport: DESKTOP, colorScheme: 'dark' });
const app = new AppPage(await context.newPage());
const { page } = app;
const sent = [];
let onSent = () => {};
page.on('websocket', (socket) =>
  socket.on('framesent', ({ payload }) => {
    sent.push(String(payload));
    onSent();
  }),
);
const tap = new Tap((number) => page.screenshot({ path: `${SHOTS}/operator-failed-${number}.png` }));
const shot = (name, from = page) => from.screenshot({ path: `${SHOTS}/${name}.png` });

const admin = await BusClient.open(HOME_URL, TOKEN);
const create = (name, command) => admin.ask('termbus.hub', 'create', { name, command });
const share = (body) => admin.ask('termbus.hub', 'share', body);
const guestOf = async (body) => BusClient.open(HOME_URL, (await share(body)).token);

const build = await create('build box', ['sh', '-c', 'while :; do seq 1 3000; sleep 0.05; done']);
const quiet = await create('quiet <b>shell</b>', ['sh']);
const slow = await guestOf({ session: build.id, role: 'viewer' });
const operator = await guestOf({ role: 'operator' });
const quick = await operator.attach(build.id, { mode: 'write' });
let stuck;

const boardRow = (key) => page.locator(`.board-row[data-key="${key}"]`);
const openBoard = () => page.locator('#board-open').click();
const confirm = () => page.locator('#confirm-dialog [type=submit]').click();

await tap.step('the board shows every session and subscriber', async () => {
  await page.goto(LOGIN_URL);
  await app.connected();
  await openBoard();
  await boardRow(build.id).waitFor();
  await boardRow(quiet.id).waitFor();
  const row = boardRow(quick.subscriber);
  await row.filter({ hasText: 'operator' }).filter({ hasText: 'green' }).filter({ hasText: '127.0.0.1:' }).waitFor();
  assert.match(await page.locator('[data-board=summary]').innerText(), /^1 subscriber of 2 sessions$/);
  const grid = page.getByRole('main', { name: 'Flow board' }).getByRole('grid', { name: 'Sessions and subscribers' });
  await grid.getByRole('button', { name: /^Disconnect guest .{6} from build box$/ }).waitFor();
  await grid.getByRole('button', { name: 'Open build box' }).waitFor();
  assert.equal(await grid.getByRole('row').count(), 4);
});

await tap.step('names stay text', async () => {
  assert.equal(await boardRow(quiet.id).locator('.board-name').innerText(), 'quiet <b>shell</b>');
});

await tap.step('a subscriber that does not ack turns red, with its lag, and the warning is told', async () => {
  stuck = await slow.attach(build.id, { acks: false });
  const row = boardRow(stuck.subscriber);
  await row.and(page.locator('[data-zone=red]')).waitFor();
  await row.locator('.zone-text', { hasText: 'red' }).waitFor();
  await row.locator('.behind', { hasText: /^\d+(\.\d)? s/ }).waitFor();
  assert.match(await row.locator('.unread').innerText(), /^[\d,]+ · [\d.]+ [kM]B$/);
  await page.locator('[data-board=feed] li[data-zone=red]', { hasText: 'at build box: yellow → red' }).waitFor();
  assert.equal(await page.locator('[data-board=red]').innerText(), '1 red');
});

await tap.step('throughput is a figure and a curve', async () => {
  const row = boardRow(quick.subscriber);
  await row.locator('.rate', { hasText: /^[1-9][\d.]* kB\/s$/ }).waitFor();
  const curve = await row.locator('.sparkline path').getAttribute('d');
  await page.waitForFunction(
    ([key, before]) => document.querySelector(`[data-key="${key}"] .sparkline path`).getAttribute('d') !== before,
    [quick.subscriber, curve],
  );
  await shot('board-dark');
});

await tap.step('rows are found by name, and by being behind', async () => {
  await page.locator('[data-board=filter]').fill('quiet');
  await boardRow(build.id).waitFor({ state: 'detached' });
  await boardRow(quiet.id).waitFor();
  await page.locator('[data-board=filter]').fill('no such name');
  await page.locator('[data-board=none]').waitFor();
  await page.locator('[data-board=filter]').fill('');
  await page.locator('[data-board=behind]').check();
  await boardRow(quick.subscriber).waitFor({ state: 'detached' });
  await boardRow(stuck.subscriber).waitFor();
  await page.locator('[data-board=behind]').uncheck();
  await boardRow(quick.subscriber).waitFor();
});

await tap.step('a subscriber is disconnected after confirmation only', async () => {
  await boardRow(stuck.subscriber).locator('button').click();
  await page.locator('#confirm-dialog', { hasText: 'will no longer see “build box”' }).waitFor();
  await shot('board-disconnect');
  await page.locator('#confirm-dialog [data-cancel]').click();
  await boardRow(stuck.subscriber).waitFor();
  await boardRow(stuck.subscriber).locator('button').click();
  await confirm();
  assert.equal(await stuck.disconnected, 'kicked');
  await boardRow(stuck.subscriber).waitFor({ state: 'detached' });
  await page.locator('[data-board=feed] li', { hasText: 'disconnected (kicked)' }).waitFor();
});

await tap.step('the keyboard alone finds a row, disconnects it, and closes the board', async () => {
  const victim = await operator.attach(quiet.id);
  await boardRow(victim.subscriber).waitFor();
  await page.locator('[data-board=filter]').fill('quiet');
  await page.locator('[data-board=filter]').press('ArrowDown');
  await page.keyboard.press('End');
  assert.equal(await page.evaluate(() => document.activeElement.dataset.key), victim.subscriber);
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute('aria-label')?.slice(0, 10)), 'Disconnect');
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Delete');
  await page.locator('#confirm-dialog[open]').waitFor();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  assert.equal(await victim.disconnected, 'kicked');
  await boardRow(victim.subscriber).waitFor({ state: 'detached' });
  await page.waitForFunction((key) => document.activeElement.dataset.key === key, quiet.id);
  await page.keyboard.press('/');
  assert.equal(await page.evaluate(() => document.activeElement.dataset.board), 'filter');
  await page.locator('[data-board=filter]').fill('');
  await page.keyboard.press('Escape');
  await page.locator('#board').waitFor({ state: 'hidden' });
  assert.equal(await page.evaluate(() => document.activeElement.id), 'board-open');
});

await tap.step('a closed board asks nothing', async () => {
  await page.locator(`.session[data-session="${quiet.id}"]`).click();
  await app.attached();
  const asked = (action) => sent.filter((frame) => frame.includes(`\\"${action}\\"`)).length;
  const before = asked('subscribers');
  assert.ok(before > 3, `${before} listings`);
  const statuses = asked('status');
  await new Promise((resolve) => (onSent = () => asked('status') >= statuses + 3 && resolve()));
  assert.equal(asked('subscribers'), before);
});

await tap.step('of hundreds of rows few exist, and the last one is reached', async () => {
  const crowd = await Promise.all(Array.from({ length: CROWD.connections }, () => BusClient.open(HOME_URL, TOKEN)));
  await Promise.all(crowd.flatMap((each) => Array.from({ length: CROWD.each }, () => each.attach(quiet.id))));
  await openBoard();
  await page.locator('[data-board=summary]', { hasText: '602 subscribers of 2 sessions' }).waitFor();
  assert.equal(await page.locator('[data-board=grid]').getAttribute('aria-rowcount'), '605');
  assert.ok((await page.locator('.board-row').count()) < 60);
  await page.locator('[data-board=filter]').press('ArrowDown');
  await page.keyboard.press('End');
  const last = page.locator('.board-row[aria-rowindex="605"]');
  assert.ok(await last.evaluate((element) => element === document.activeElement));
  assert.ok(await last.isVisible());
  await page.keyboard.press('PageUp');
  assert.notEqual(await page.evaluate(() => document.activeElement.getAttribute('aria-rowindex')), '605');
  await shot('board-crowd');
  crowd.forEach((each) => each.close());
  await page.locator('[data-board=summary]', { hasText: '2 subscribers of 2 sessions' }).waitFor();
});

await tap.step('a board that lost its connection says so, and goes on with listings and warnings', async () => {
  const cut = new AppPage(await context.newPage());
  const sockets = [];
  let refuse = false;
  await cut.page.routeWebSocket(/eventbus/, (socket) => {
    if (refuse) {
      socket.close();
      return;
    }
    socket.connectToServer();
    sockets.push(socket);
  });
  await cut.page.route(/eventbus\/.*xhr/, (route) => route.abort());
  await cut.page.goto(HOME_URL);
  await cut.connected();
  await cut.page.locator('#board-open').click();
  const row = (key) => cut.page.locator(`.board-row[data-key="${key}"]`);
  await row(quick.subscriber).waitFor();
  refuse = true;
  await sockets.at(-1).close();
  await cut.page.locator('#board [data-board=problem]', { hasText: 'Not up to date' }).waitFor();
  refuse = false;
  await cut.page.locator('#board [data-board=problem]:empty').waitFor({ state: 'attached' });
  const late = await operator.attach(quiet.id);
  await row(late.subscriber).waitFor();
  await admin.ask('termbus.flow', 'disconnect', { subscriber: late.subscriber });
  await cut.page.locator('[data-board=feed] li', { hasText: 'disconnected (kicked)' }).waitFor();
  await cut.page.close();
});

await tap.step('light and phone size can be looked at', async () => {
  stuck = await slow.attach(build.id, { acks: false });
  await boardRow(stuck.subscriber).and(page.locator('[data-zone=red]')).waitFor();
  await page.emulateMedia({ colorScheme: 'light' });
  await shot('board-light');
  await page.setViewportSize(PHONE);
  await page.waitForFunction(() => document.querySelector('.board-row.subscriber').offsetHeight > 60);
  await shot('board-phone-light');
  await page.emulateMedia({ colorScheme: 'dark' });
  await shot('board-phone-dark');
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(overflow <= 0, `${overflow} px too wide`);
  assert.ok(await page.locator('[data-board=close]').isVisible());
  await page.setViewportSize(DESKTOP);
});

await tap.step('a session is opened from the board', async () => {
  await boardRow(build.id).locator('button').click();
  await page.locator('#board').waitFor({ state: 'hidden' });
  await page.waitForFunction((id) => globalThis.termbus.pane.session?.id === id, build.id);
  await app.attached();
});

await tap.step('a session that is chosen in the list, or made, comes to the front', async () => {
  await openBoard();
  await page.locator(`.session[data-session="${build.id}"]`).click();
  await page.locator('#board').waitFor({ state: 'hidden' });
  assert.ok(await page.evaluate(() => document.activeElement.matches('#terminal textarea')));
  await openBoard();
  await app.create({ command: `sh -c 'echo made; exec cat'`, name: 'made from the board' });
  await page.locator('#board').waitFor({ state: 'hidden' });
  await page.locator(`.session[data-session="${build.id}"]`).click();
  await app.attached();
});

await tap.step('who watches is counted and listed, and an operator ends it', async () => {
  await page.locator('#viewers', { hasText: '3 viewers' }).click();
  const viewers = page.locator('#viewers-dialog .viewer');
  await viewers.filter({ hasText: '(this window)' }).waitFor();
  const guest = viewers.filter({ hasText: 'viewer · watches · red' });
  await guest.waitFor();
  await shot('viewers');
  await guest.locator('button').click();
  await confirm();
  assert.equal(await stuck.disconnected, 'kicked');
  await guest.waitFor({ state: 'detached' });
  assert.equal(await viewers.count(), 2);
  await page.locator('#viewers-dialog [data-cancel]').click();
});

await tap.step('a window that reads too slowly is told so in words', async () => {
  const late = new AppPage(await context.newPage());
  await late.page.routeWebSocket(/eventbus/, (socket) => {
    const hub = socket.connectToServer();
    socket.onMessage((text) => !text.includes('\\"ack\\"') && hub.send(text));
  });
  await late.page.goto(`${HOME_URL}#${build.id}`);
  await late.connected();
  await late.page.locator('#flow[data-zone=red]').waitFor();
  await late.page
    .locator('[data-flow=text]', { hasText: /^You are \d+(\.\d)? s behind; output is condensed and comes in steps$/ })
    .waitFor();
  await late.page.locator('[data-flow=lag]', { hasText: /^lag \d+(\.\d)? s/ }).waitFor();
  await late.page.locator('[data-flow=unacked]', { hasText: /^[\d,]+ unacked · [\d.]+ [kM]B$/ }).waitFor();
  await shot('flow-in-words', late.page);
  await late.page.close();
});

await tap.step('a link is made, copied, listed and revoked, and whoever used it is out', async () => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.locator('#share').click();
  const dialog = page.locator('#share-dialog');
  await dialog.locator('[name=role]').selectOption('viewer');
  await dialog.locator('[name=expiry]').selectOption('3600');
  await dialog.locator('[type=submit]').click();
  await dialog.locator('[data-copy]').click();
  await dialog.locator('[data-copied]', { hasText: 'Copied' }).waitFor();
  const link = await dialog.locator('[name=link]').inputValue();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), link);
  await shot('share-list');
  const listed = dialog.locator('[data-shares] li');
  const before = await listed.count();
  assert.ok(before >= 3, `${before} links`);

  const guest = await browser.newContext({ viewport: PHONE, colorScheme: 'dark' });
  const watcher = new AppPage(await guest.newPage());
  await watcher.page.goto(link);
  await watcher.connected();
  await watcher.attached();
  for (const hidden of ['#board-open', '#share', '#kill', '#rename']) {
    assert.equal(await watcher.page.locator(hidden).isVisible(), false, hidden);
  }
  await watcher.page.locator('#viewers').click();
  await watcher.page.locator('#viewers-dialog .viewer', { hasText: '(this window)' }).waitFor();
  assert.equal(await watcher.page.locator('#viewers-dialog .viewer button').first().isVisible(), false);
  await shot('viewers-phone', watcher.page);
  await watcher.page.locator('#viewers-dialog [data-cancel]').click();

  await listed.first().locator('button').click();
  await confirm();
  await watcher.page.locator('#login').waitFor();
  await page.waitForFunction((count) => document.querySelectorAll('[data-shares] li').length === count, before - 1);
  await dialog.locator('[data-cancel]').click();
  await guest.close();
});

await tap.step('no error was logged and nothing broke the content security policy', async () => {
  app.assertNoProblems();
});

[admin, slow, operator].forEach((each) => each.close());
await browser.close();
process.exit(tap.finish() ? 0 : 1);
