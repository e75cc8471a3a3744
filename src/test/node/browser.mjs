/**
 * The web app in a real Chromium against a real hub.
 *
 * TERMBUS_URL: the hub's login URL, token included. TERMBUS_CHROMIUM: the browser, /usr/bin/chromium
 * if not set. TERMBUS_SCREENSHOTS: where pictures go, target/screenshots if not set.
 */
import assert from 'node:assert/strict';
import { AppPage } from './support/app-page.mjs';
import { HOME_URL, LOGIN_URL, SHOTS, TOKEN, launch } from './support/chromium.mjs';
import { Tap } from './support/tap.mjs';

const SHELL = 'bash --noprofile --norc';
const FLOOD_MS = 60_000;
const DESKTOP = { width: 1200, height: 760 };
const PHONE = { width: 390, height: 780 };

const browser = await launch();
const context = await browser.newContext({ viewport: DESKTOP, colorScheme: 'dark' });
const app = new AppPage(await context.newPage());
const { page } = app;
const tap = new Tap((number) => page.screenshot({ path: `${SHOTS}/failed-${number}.png` }));
const shot = (name, from = page) => from.screenshot({ path: `${SHOTS}/${name}.png` });
const row = (id) => page.locator(`.session[data-session="${id}"]`);
let session;

await tap.step('the login URL logs in and leaves no token in the address bar', async () => {
  await page.goto(LOGIN_URL);
  await app.connected();
  assert.ok(!page.url().includes('token'), page.url());
  await shot('welcome');
});

await tap.step('the page comes in fewer than 15 requests where it is bundled', async () => {
  const fresh = new AppPage(await context.newPage());
  const requests = [];
  fresh.page.on('request', (request) => requests.push(request.url()));
  await fresh.page.goto(HOME_URL);
  await fresh.connected();
  const bundled = (await fresh.page.locator('script[src*="assets/"]').count()) > 0;
  assert.ok(!bundled || requests.length < 15, requests.join('\n'));
  await fresh.page.close();
});

await tap.step('the token is out of reach of scripts', async () => {
  assert.equal(await page.evaluate(() => document.cookie), '');
});

await tap.step('a session is created by the dialog and gets the size of the window', async () => {
  await page.locator('#create-first').click();
  await page.locator('#create-dialog [name=command]').fill(SHELL);
  await shot('create');
  await page.locator('#create-dialog [type=submit]').click();
  await app.attached();
  session = await app.sessionId();
  const size = await app.fits();
  assert.ok(size.cols > 80 && size.rows > 24, JSON.stringify(size));
  assert.equal(await page.locator('.session[aria-current]').count(), 1);
});

await tap.step('what is typed runs and its output is shown', async () => {
  await app.terminal().focus();
  await page.keyboard.type('echo hello-$((40+2))');
  await page.keyboard.press('Enter');
  await app.shows(/^hello-42$/);
});

await tap.step('the zone of the subscription is shown', async () => {
  const flow = page.locator('#flow');
  await page.locator('#flow[data-zone=green]').waitFor();
  assert.match(await flow.innerText(), /Live/);
  assert.match(await flow.innerText(), /unacked/);
});

await tap.step('a flood of 100,000 lines arrives to its end, without a hole in what is kept', async () => {
  await app.run('seq 1 100000; echo flood-"done"');
  await app.shows(/^flood-done$/, FLOOD_MS);
  const lines = await app.lines();
  const end = lines.lastIndexOf('flood-done');
  assert.deepEqual(lines.slice(end - 100, end), Array.from({ length: 100 }, (_, i) => String(99_901 + i)));
});

await tap.step('after the flood the subscription is green again', async () => {
  await page.locator('#flow[data-zone=green]').waitFor();
});

await tap.step('an endless flood is stopped by Ctrl-C', async () => {
  await app.run('clear; yes');
  await page.waitForFunction(() => {
    const buffer = globalThis.termbus.view.terminal.buffer.active;
    return buffer.length > 10_000 && buffer.getLine(0).translateToString(true) === 'y';
  });
  await page.keyboard.press('Control+C');
  await app.run('echo stopped-$((5+6))');
  await app.shows(/^stopped-11$/);
});

await tap.step('wide characters take two cells', async () => {
  await app.run(String.raw`clear; printf '\346\274\242\345\255\227\360\237\216\211e\314\201|\n'`);
  await app.shows(/漢字🎉e\u0301\|/);
  const widths = await page.evaluate(() => {
    const buffer = globalThis.termbus.view.terminal.buffer.active;
    for (let y = 0; y < buffer.length; y++) {
      const line = buffer.getLine(y);
      if (line.getCell(0).getChars() === '漢') {
        return [0, 2, 4, 6, 7].map((x) => [line.getCell(x).getChars(), line.getCell(x).getWidth()]);
      }
    }
    return null;
  });
  assert.deepEqual(widths, [['漢', 2], ['字', 2], ['🎉', 2], ['e\u0301', 1], ['|', 1]]);
});

await tap.step('a query is answered once, by the hub', async () => {
  // the answer may be there before read has turned the echo off
  await app.run(String.raw`clear; stty -echo; printf '\033[6n'; IFS= read -rsd R -t 3 a; IFS= read -rsd R -t 1 b; stty echo; echo "first=${'${a:+yes}'} second=${'${b:+yes}'}."`);
  const [line] = await app.shows(/^first=.*\.$/);
  assert.equal(line, 'first=yes second=.');
});

await tap.step('the size of the window is the size of the terminal', async () => {
  const before = await app.size();
  await page.setViewportSize({ width: 900, height: 600 });
  const { cols, rows } = await app.fits(before);
  await app.run('clear; stty size');
  const [, sttyRows, sttyCols] = await app.shows(/^(\d+) (\d+)$/);
  assert.deepEqual([sttyCols, sttyRows], [String(cols), String(rows)]);
  await page.setViewportSize(DESKTOP);
  await app.fits({ cols, rows });
});

await tap.step('a session is renamed', async () => {
  await app.choose('Rename…');
  await page.locator('#rename-dialog [name=name]').fill('build box');
  await page.locator('#rename-dialog [type=submit]').click();
  await row(session).filter({ hasText: 'build box' }).waitFor();
  await page.waitForFunction(() => document.title.startsWith('build box'));
});

await tap.step('a reload comes back to the same session and the same screen', async () => {
  await app.run("clear; for i in 1 2 3; do echo line-$i; done; printf 'reload-%s\\n' ready");
  await app.shows(/^reload-ready$/);
  const before = (await app.lines()).slice(-4);
  await page.reload();
  await app.connected();
  await app.attached();
  await app.shows(/^reload-ready$/);
  assert.equal(await app.sessionId(), session);
  assert.deepEqual((await app.lines()).slice(-4), before);
  await app.run('echo still-$((1+1))');
  await app.shows(/^still-2$/);
});

await tap.step('a lost connection is made anew and no line is lost or doubled', async () => {
  const second = new AppPage(await context.newPage());
  const sockets = [];
  await second.page.routeWebSocket(/eventbus/, (socket) => {
    socket.connectToServer();
    sockets.push(socket);
  });
  await second.page.goto(HOME_URL);
  await second.connected();
  await second.create({ command: SHELL, name: 'ticks' });
  await second.run('clear; for i in $(seq 1 150); do echo tick-$i; sleep 0.02; done; echo ticks-"done"');
  await second.shows(/^tick-20$/);
  await sockets.at(-1).close();
  await second.shows(/^ticks-done$/);
  const ticks = (await second.lines()).filter((line) => line.startsWith('tick-'));
  assert.deepEqual(ticks, Array.from({ length: 150 }, (_, i) => `tick-${i + 1}`));
  assert.ok(sockets.length > 1, 'the connection was never lost');
  await second.run('exit');
  await second.page.close();
});

await tap.step('a window that does not ack sees its zone in words, and recovers', async () => {
  const slow = new AppPage(await context.newPage());
  let dropAcks = true;
  await slow.page.routeWebSocket(/eventbus/, (socket) => {
    const hub = socket.connectToServer();
    socket.onMessage((text) => !(dropAcks && text.includes('\\"ack\\"')) && hub.send(text));
  });
  await slow.page.goto(HOME_URL);
  await slow.connected();
  await slow.create({ command: SHELL, name: 'slow window' });
  await slow.run('clear; seq 1 140000; echo slow-"done"');
  await slow.page.locator('#flow[data-zone=red]').waitFor();
  assert.match(await slow.page.locator('#flow').innerText(), /behind|unread/);
  await shot('red', slow.page);
  await slow.shows(/^slow-done$/, FLOOD_MS);
  dropAcks = false;
  await slow.run('exit');
  await slow.page.locator('#flow[data-zone=green]').waitFor();
  // the scrollback comes behind the screen
  await slow.page.waitForFunction(() => {
    const { active } = globalThis.termbus.view.terminal.buffer;
    return Array.from({ length: active.length }, (_, y) => active.getLine(y).translateToString(true)).includes('139901');
  });
  const lines = await slow.lines();
  const end = lines.lastIndexOf('slow-done');
  assert.deepEqual(lines.slice(end - 100, end), Array.from({ length: 100 }, (_, i) => String(139_901 + i)));
  await slow.page.close();
});

await tap.step('two windows show the same session, and the one that is typed in has its size', async () => {
  const second = new AppPage(await context.newPage());
  await second.page.setViewportSize({ width: 800, height: 500 });
  await second.page.goto(`${HOME_URL}#${session}`);
  await second.connected();
  await second.attached();
  assert.deepEqual(await second.size(), await app.size());
  await shot('letterboxed', second.page);
  const before = await app.size();
  await second.run('echo from-the-second-$((2+3))');
  await app.shows(/^from-the-second-5$/);
  const size = await second.fits(before);
  await page.waitForFunction(({ cols, rows }) => {
    const now = globalThis.termbus.view.size;
    return now.cols === cols && now.rows === rows;
  }, size);
  await page.locator('#fit').waitFor();
  await second.page.close();
  await app.run('clear');
  await app.fits();
});

await tap.step('light, dark and phone size can be looked at', async () => {
  await app.run(`clear; ls --color=always -la / | head -20; printf '\\033[1;32mok\\033[0m \\033[33mwarn\\033[0m \\033[31merror\\033[0m\\n'; echo look-"done"`);
  await app.shows(/^look-done$/);
  await shot('dark');
  await page.locator('#theme').click();
  await page.waitForFunction(() => document.documentElement.dataset.theme === 'light');
  await shot('light');
  const desktop = await app.size();
  await page.setViewportSize(PHONE);
  await app.fits(desktop);
  await shot('phone-light');
  await page.locator('#theme').click();
  await page.waitForFunction(() => document.documentElement.dataset.theme === 'dark');
  await shot('phone-dark');
  await page.locator('#menu').click();
  await page.waitForFunction(() => document.getElementById('sidebar').getAnimations().length === 0);
  await shot('phone-menu');
  await page.locator('#backdrop').click({ position: { x: 360, y: 300 } });
  const phone = await app.size();
  await page.setViewportSize(DESKTOP);
  await app.fits(phone);
  assert.deepEqual(await app.size(), desktop);
});

await tap.step('the list is reached and used by keyboard alone', async () => {
  await page.keyboard.press('Control+Shift+E');
  assert.equal(await page.evaluate(() => document.activeElement.dataset.session), session);
  await page.keyboard.press('Control+Shift+E');
  assert.ok(await page.evaluate(() => document.activeElement.matches('.terminal-host textarea')));
});

await tap.step('an exit is shown with its code', async () => {
  const short = await app.create({ command: `sh -c 'echo bye; exit 3'`, name: 'short' });
  await page.locator('#notice', { hasText: 'exited with code 3' }).waitFor();
  await app.shows(/^bye$/);
  await row(short).filter({ hasText: 'exited with code 3' }).waitFor();
  await shot('exited');
});

await tap.step('a session that cannot be created is told in words', async () => {
  await page.locator('#create').click();
  await page.locator('#create-dialog [name=cwd]').fill('/does/not/exist');
  await page.locator('#create-dialog [type=submit]').click();
  await page.locator('#create-dialog [data-problem]', { hasText: '/does/not/exist' }).waitFor();
  await shot('create-failed');
  await page.locator('#create-dialog [data-cancel]').click();
  await page.locator('#create-dialog').waitFor({ state: 'hidden' });
});

await tap.step('a share link shows one session to somebody else, who cannot type', async () => {
  await row(session).click();
  await app.attached();
  await page.locator('#share').click();
  await page.locator('#share-dialog [type=submit]').click();
  await page.locator('#share-dialog [data-result]').waitFor();
  const link = await page.locator('#share-dialog [name=link]').inputValue();
  await shot('share');
  await page.locator('#share-dialog [data-cancel]').click();
  const guest = await browser.newContext({ viewport: DESKTOP });
  const watcher = new AppPage(await guest.newPage());
  await watcher.page.goto(link);
  await watcher.connected();
  await watcher.attached();
  assert.equal(await watcher.sessionId(), session);
  assert.ok(!watcher.page.url().includes('token'), watcher.page.url());
  assert.equal(await watcher.page.locator('.session').count(), 1);
  assert.equal(await watcher.page.locator('#kill').isVisible(), false);
  await watcher.run('echo from-the-guest');
  await app.run('echo from-the-owner-$((1+1))');
  await watcher.shows(/^from-the-owner-2$/);
  assert.ok(!(await app.lines()).some((line) => line.includes('from-the-guest')));
  watcher.assertNoProblems();
  await guest.close();
});

await tap.step('markup in names, titles and output stays text', async () => {
  const markup = '<img src=x onerror="globalThis.broken=1">';
  const hostile = await app.create({ command: `sh -c 'printf "\\033]0;%s\\007%s" "$1" "$1"; exec cat' sh '${markup}'`, name: markup });
  await row(hostile).filter({ hasText: markup }).waitFor();
  await page.waitForFunction((text) => document.title.includes(text), markup);
  assert.equal(await page.evaluate(() => globalThis.broken), undefined);
  assert.equal(await page.locator('#app img[src=x]').count(), 0);
});

await tap.step('a session is killed only after confirmation', async () => {
  await row(session).click();
  await app.attached();
  await page.locator('#kill').click();
  await shot('kill');
  await page.locator('#confirm-dialog [data-cancel]').click();
  await app.run('echo alive-$((3+4))');
  await app.shows(/^alive-7$/);
  await page.locator('#kill').click();
  await page.locator('#confirm-dialog [type=submit]').click();
  await page.locator('#notice', { hasText: /ended by SIG(HUP|KILL)|exited with code/ }).waitFor();
  await row(session).and(page.locator('.exited')).waitFor();
});

await tap.step('without a token a form asks for it, refuses a wrong one and takes the right one', async () => {
  const stranger = await browser.newContext({ viewport: DESKTOP, colorScheme: 'light' });
  const form = new AppPage(await stranger.newPage());
  await form.page.goto(HOME_URL);
  await form.page.locator('#login').waitFor();
  await form.page.locator('#login [name=token]').fill('wrong');
  await form.page.locator('#login [type=submit]').click();
  await form.page.locator('#login .problem', { hasText: /\S/ }).waitFor();
  await shot('login', form.page);
  await form.page.locator('#login [name=token]').fill(TOKEN);
  await form.page.locator('#login [type=submit]').click();
  await form.connected();
  await form.page.locator('#login').waitFor({ state: 'hidden' });
  await stranger.close();
});

await tap.step('no error was logged and nothing broke the content security policy', async () => {
  app.assertNoProblems();
});

await browser.close();
process.exit(tap.finish() ? 0 : 1);
