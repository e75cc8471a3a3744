/** The terminals of the web app, one feature a step, in a real Chromium against a real hub. Environment as for browser.mjs. */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppPage } from '../support/app-page.mjs';
import { HOME_URL, LOGIN_URL, SHOTS, launch } from '../support/chromium.mjs';
import { Tap } from '../support/tap.mjs';

const SHELL = 'bash --noprofile --norc';
const PLAIN = `sh -c 'echo ready; exec cat'`;
const FOLDER = await mkdtemp(join(tmpdir(), 'termbus-web-'));
/** A program waits for this file. */
const SIGNAL = join(FOLDER, 'signal');
const DESKTOP = { width: 1200, height: 760 };

const browser = await launch();
const context = await browser.newContext({ viewport: DESKTOP, colorScheme: 'dark', reducedMotion: 'reduce' });
await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: new URL(HOME_URL).origin });
const app = new AppPage(await context.newPage());
const { page } = app;
const tap = new Tap((number) => page.screenshot({ path: `${SHOTS}/terminal-failed-${number}.png` }));
const shot = (name, from = page) => from.screenshot({ path: `${SHOTS}/${name}.png` });
const tab = (id) => page.locator(`#tabs [data-session="${id}"]`);
const row = (id) => page.locator(`.session[data-session="${id}"]`);
const clipboard = () => page.evaluate(() => navigator.clipboard.readText());
const setClipboard = (text) => page.evaluate((value) => navigator.clipboard.writeText(value), text);
const isCurrent = (id) => page.waitForFunction((wanted) => globalThis.termbus.pane.session?.id === wanted, id);
await page.addInitScript(() => {
  Object.assign(globalThis, { flashes: 0, tones: 0 });
  addEventListener('animationstart', ({ animationName }) => (globalThis.flashes += animationName === 'rings' ? 1 : 0));
  const { start } = OscillatorNode.prototype;
  OscillatorNode.prototype.start = function counted(...when) {
    globalThis.tones++;
    return start.apply(this, when);
  };
});
const tabIds = () => page.locator('#tabs [role=tab]').evaluateAll((tabs) => tabs.map((each) => each.dataset.session));
const focused = () =>
  page.evaluate(() => (document.activeElement.closest('.terminal-host:not([hidden])') ? 'terminal' : document.activeElement.id));

/** The middle of a cell of the newest row that matches, on the page. */
function cell(pattern, column) {
  return page.evaluate(
    ([source, x]) => {
      const { terminal } = globalThis.termbus.view;
      const { active } = terminal.buffer;
      const wanted = new RegExp(source);
      let row = active.length - 1;
      while (!wanted.test(active.getLine(row).translateToString(true))) {
        row--;
      }
      const box = terminal.element.querySelector('.xterm-screen').getBoundingClientRect();
      const [width, height] = [box.width / terminal.cols, box.height / terminal.rows];
      return { x: box.left + (x + 0.5) * width, y: box.top + (row - active.viewportY + 0.5) * height };
    },
    [pattern.source, column],
  );
}

async function middle() {
  const box = await page.locator('.terminal-host:not([hidden])').boundingBox();
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

await page.goto(LOGIN_URL);
await app.connected();
let first;
let second;

await tap.step('a session is created with a size, an environment and a directory of its own', async () => {
  await page.locator('#create').click();
  const dialog = page.locator('#create-dialog');
  await dialog.locator('[name=command]').fill(SHELL);
  await dialog.locator('[name=cwd]').fill('/tmp');
  await dialog.locator('[name=size]').fill('60 by 20');
  await dialog.locator('[name=env]').fill('GREETING=hello world\nPS1=$ ');
  await dialog.locator('[type=submit]').click();
  await dialog.locator('.problem', { hasText: '120×40' }).waitFor();
  await dialog.locator('[name=size]').fill('60x20');
  await dialog.locator('[type=submit]').click();
  await app.attached();
  first = await app.sessionId();
  assert.deepEqual(await app.size(), { cols: 60, rows: 20 });
  await shot('own-size');
  await app.run('echo "$GREETING, $PWD"');
  await app.shows(/^hello world, \/tmp$/);
  assert.deepEqual(await app.size(), { cols: 60, rows: 20 });
  await page.locator('#fit').click();
  await app.fits();
});

await tap.step('the list tells what runs, its size, its viewers and its age', async () => {
  const { cols, rows } = await app.size();
  await row(first).filter({ hasText: `${cols}×${rows} · 1 viewer · ` }).waitFor();
});

await tap.step('a title shows in the tab, the head and the list at once', async () => {
  await app.run(String.raw`printf '\033]0;my title\007'`);
  await row(first).filter({ hasText: 'my title' }).waitFor();
  await page.locator('#subtitle', { hasText: 'my title' }).waitFor();
});

await tap.step('what xterm.js reads otherwise than other terminals is corrected', async () => {
  await app.run(String.raw`printf '\033[38:2:1:2:3mdirect\033[m\n\033(0_a\033(B|\n'`);
  await app.shows(/^ ▒\|$/);
  await app.shows(/^direct$/);
  const colour = await page.evaluate(() => {
    const { active } = globalThis.termbus.view.terminal.buffer;
    const lines = Array.from({ length: active.length }, (_, y) => active.getLine(y));
    return lines.find((line) => line.translateToString(true) === 'direct').getCell(0).getFgColor();
  });
  assert.equal(colour, 0x010203);
});

await tap.step('several sessions are open in tabs, and keys that no program can have switch between them', async () => {
  second = await app.create({ command: PLAIN, name: 'second' });
  assert.equal(await page.getByRole('tab').count(), 2);
  await page.keyboard.press('Control+Shift+Comma');
  await isCurrent(first);
  await app.shows(/^hello world/);
  await page.keyboard.press('Control+Shift+Period');
  await isCurrent(second);
  await page.keyboard.type('x');
  await app.shows(/^x$/);
  await page.keyboard.press('Control+u');
});

await tap.step('what rings in a tab that is not shown marks the tab and the title of the page', async () => {
  await tab(first).click();
  await app.run(String.raw`(until [ -e ${SIGNAL} ]; do sleep 0.05; done; printf '\007') &`);
  await tab(second).click();
  await writeFile(SIGNAL, '');
  await page.locator('.tab[data-alert=bell]').waitFor();
  await page.waitForFunction(() => document.title.startsWith('🔔'));
  await shot('tabs');
  await tab(first).click();
  await page.waitForFunction(() => !document.title.startsWith('🔔'));
});

await tap.step('a bell in the terminal that is shown is seen, also where motion is to be reduced', async () => {
  await page.evaluate(() => (globalThis.flashes = 0));
  await app.run(String.raw`printf '\007'`);
  await page.waitForFunction(() => globalThis.flashes > 0);
  await page.locator('.terminal-host.rings').waitFor({ state: 'detached' });
});

await tap.step('a bell is heard only where that was asked for', async () => {
  const tones = () => page.evaluate(() => globalThis.tones);
  assert.equal(await tones(), 0);
  await app.choose('Sound of the bell');
  await app.run(String.raw`printf '\007'`);
  await page.waitForFunction(() => globalThis.tones === 1);
  await app.choose('Sound of the bell');
});

await tap.step('a closed tab leaves its session alone, and a reload brings the open tabs back', async () => {
  const third = await app.create({ command: PLAIN, name: 'third' });
  await tab(third).press('Delete');
  await isCurrent(second);
  assert.equal(await tab(third).count(), 0);
  assert.equal(await row(third).and(page.locator('.exited')).count(), 0);
  await page.reload();
  await app.connected();
  await app.attached();
  await isCurrent(second);
  assert.deepEqual(await tabIds(), [first, second]);
  await row(third).click();
  await isCurrent(third);
  await page.locator('#kill').click();
  await page.locator('#confirm-dialog [type=submit]').click();
  await page.locator('#notice', { hasText: 'ended' }).waitFor();
});

await tap.step('an ended session is started again in its place, with its command, directory and name', async () => {
  const first = await app.create({ command: `sh -c 'pwd; echo once; exit 3'`, cwd: FOLDER, name: 'again' });
  await page.locator('#notice', { hasText: 'exited with code 3' }).waitFor();
  await page.locator('#notice button', { hasText: 'Start again' }).dblclick();
  await page.waitForFunction((old) => ![null, undefined, old].includes(globalThis.termbus.pane.session?.id), first);
  await app.shows(new RegExp(`^${FOLDER}$`));
  assert.equal(await page.evaluate(() => globalThis.termbus.pane.session.name), 'again');
  assert.deepEqual((await tabIds()).includes(first), false);
  assert.equal(await page.locator('.session', { hasText: 'again' }).count(), 2, 'the old and the new one');
  await page.locator('#notice', { hasText: 'exited with code 3' }).waitFor();
  await page.evaluate(() => globalThis.termbus.pane.close(globalThis.termbus.pane.session.id));
});

await tap.step('a create that fails keeps its form and says why', async () => {
  await page.click('#create');
  await page.fill('#create-dialog [name=command]', 'no-such-program-anywhere');
  await page.fill('#create-dialog [name=name]', 'kept');
  await page.keyboard.press('Enter');
  await page.locator('#create-dialog [data-problem]', { hasText: 'no-such-program-anywhere' }).waitFor();
  assert.equal(await page.inputValue('#create-dialog [name=name]'), 'kept');
  await page.locator('#create-dialog [data-cancel]').click();
  await page.locator('#create-dialog').waitFor({ state: 'hidden' });
});

await tap.step('the last screen of an ended session stays, and can be opened again', async () => {
  const ended = await app.create({ command: `sh -c 'echo the-last-words; exit 4'`, name: 'ended' });
  await page.locator('#notice', { hasText: 'exited with code 4' }).waitFor();
  await app.shows(/^the-last-words$/);
  await tab(ended).press('Delete');
  await row(ended).click();
  await isCurrent(ended);
  await app.shows(/^the-last-words$/);
  await tab(ended).press('Delete');
});

await tap.step('text is found in the scrollback, counted, with case and as an expression', async () => {
  await tab(first).click();
  await app.run('clear; for i in $(seq 1 200); do echo "Line $i of the poem"; done; echo poem-"done"');
  await app.shows(/^poem-done$/);
  await page.keyboard.press('Control+Shift+F');
  await page.keyboard.type('line 19');
  const count = page.locator('#search [data-count]');
  await count.filter({ hasText: '11 of 11' }).waitFor();
  await shot('search');
  await page.keyboard.press('Enter');
  await count.filter({ hasText: '10 of 11' }).waitFor();
  await page.keyboard.press('Shift+Enter');
  await count.filter({ hasText: '11 of 11' }).waitFor();
  await page.getByRole('button', { name: 'Match case' }).click();
  await count.filter({ hasText: 'No match' }).waitFor();
  await page.getByRole('button', { name: 'Match case' }).click();
  await page.getByRole('button', { name: 'Regular expression' }).click();
  await page.locator('#search input').fill('^Line 1\\d\\d ');
  await count.filter({ hasText: '100 of 100' }).waitFor();
  await page.locator('#search input').fill('(');
  await count.filter({ hasText: 'Not a valid expression' }).waitFor();
  await page.getByRole('button', { name: 'Regular expression' }).click();
  await page.locator('#search input').fill('Line 1 of');
  await count.filter({ hasText: '1 of 1' }).waitFor();
  assert.ok(await page.evaluate(() => {
    const { viewportY, baseY } = globalThis.termbus.view.terminal.buffer.active;
    return viewportY < baseY;
  }), 'the match far above was not scrolled to');
  await page.locator('#search input').press('Escape');
  assert.ok(await page.locator('#search').isHidden());
  assert.equal(await focused(), 'terminal');
});

await tap.step('the font is made larger and smaller by keys and by the menu, and is kept', async () => {
  const normal = await app.fits();
  await page.keyboard.press('Control+=');
  await page.keyboard.press('Control+=');
  const larger = await app.fits(normal);
  assert.ok(larger.cols < normal.cols && larger.rows < normal.rows, JSON.stringify({ normal, larger }));
  await page.reload();
  await app.connected();
  await app.attached();
  assert.deepEqual(await app.fits(), larger);
  await app.choose('Smaller text');
  await app.fits(larger);
  await app.terminal().focus();
  await page.keyboard.press('Control+0');
  await page.waitForFunction(({ cols }) => globalThis.termbus.view.size.cols === cols, normal);
});

await tap.step('a selection is copied by key and by the menu of the right button', async () => {
  await app.run('clear; echo copy-me');
  await app.shows(/^copy-me$/);
  const place = await cell(/^copy-me$/, 2);
  await page.mouse.dblclick(place.x, place.y);
  await page.keyboard.press('Control+Shift+C');
  await page.waitForFunction(async () => (await navigator.clipboard.readText()).startsWith('copy'));
  await setClipboard('');
  await page.mouse.click(place.x, place.y, { button: 'right' });
  await page.getByRole('menu').waitFor();
  await shot('context-menu');
  await page.getByRole('menuitem', { name: 'Copy' }).click();
  await page.waitForFunction(async () => (await navigator.clipboard.readText()).startsWith('copy'));
  assert.equal(await focused(), 'terminal');
});

await tap.step('several lines are pasted only after a question where the program cannot tell them from typing', async () => {
  await tab(second).click();
  await setClipboard('one\ntwo\x1b[201~\nthree');
  await app.terminal().focus();
  await page.keyboard.press('Control+Shift+V');
  await page.locator('#confirm-dialog', { hasText: '3 lines' }).waitFor();
  await shot('paste');
  await page.locator('#confirm-dialog [data-cancel]').click();
  await page.locator('#confirm-dialog').waitFor({ state: 'hidden' });
  await app.run('nothing-pasted');
  await app.shows(/^nothing-pasted$/);
  assert.ok(!(await app.lines()).includes('one'));
  await app.terminal().focus();
  await page.keyboard.press('Control+Shift+V');
  await page.locator('#confirm-dialog [type=submit]').click();
  await app.shows(/^three/);
  await app.terminal().focus();
  await page.keyboard.press('Enter');
  await app.shows(/^three$/);
  assert.ok((await app.lines()).includes('two[201~'), (await app.lines()).join('|'));
});

await tap.step('a program that brackets pastes gets them at once, and no paste can leave its brackets', async () => {
  await tab(first).click();
  await app.run('clear');
  await setClipboard('echo a\necho b\x1b[201~\necho c');
  await page.mouse.click((await middle()).x, (await middle()).y, { button: 'right' });
  await page.getByRole('menuitem', { name: 'Paste' }).click();
  await app.shows(/echo c$/);
  assert.ok(!(await app.lines()).includes('a'), 'a line was run');
  await page.keyboard.press('Control+u');
  await app.run('echo line-"emptied"');
  await app.shows(/^line-emptied$/);
});

await tap.step('a program writes to the clipboard only where that session was allowed to, and never reads it', async () => {
  const osc52 = (text) => String.raw`printf '\033]52;c;%s\007' "$(printf ${text} | base64)"`;
  await setClipboard('mine');
  await app.run(osc52('first'));
  const question = page.locator('#clipboard-question');
  await question.filter({ hasText: '5 characters' }).waitFor();
  await shot('clipboard');
  assert.equal(await clipboard(), 'mine');
  await question.getByRole('button', { name: 'Deny' }).click();
  await app.run(`${osc52('again')}; echo denied-"done"`);
  await app.shows(/^denied-done$/);
  assert.ok(await question.isHidden());
  assert.equal(await clipboard(), 'mine');

  const third = await app.create({ command: SHELL, name: 'trusted' });
  await app.run(osc52('second'));
  await question.getByRole('button', { name: 'Allow' }).click();
  await page.waitForFunction(async () => (await navigator.clipboard.readText()) === 'second');
  await app.run(osc52('third'));
  await page.waitForFunction(async () => (await navigator.clipboard.readText()) === 'third');
  await app.run(String.raw`clear; printf '\033]52;c;?\007'; IFS= read -rsd '' -t 1 answer; echo "answer=<$answer>"`);
  await app.shows(/^answer=<>$/);
  await app.run('exit');
  await page.locator('#notice', { hasText: 'exited' }).waitFor();
  await tab(third).press('Delete');
});

await tap.step('a link in the text opens in a page of its own, one with a name only after its address was shown', async () => {
  await tab(first).click();
  const href = `${HOME_URL}healthz`;
  await app.run(String.raw`clear; echo ${href}; printf '\033]8;;${href}\033\\named\033]8;;\033\\ \033]8;;javascript:alert(1)\033\\bad\033]8;;\033\\\n'`);
  await app.shows(/^named bad$/);
  const plain = await cell(/^http.*healthz$/, 3);
  await page.mouse.move(plain.x, plain.y);
  await page.locator('#link-hint', { hasText: href }).waitFor();
  await shot('link');
  const opened = context.waitForEvent('page');
  await page.mouse.click(plain.x, plain.y);
  const other = await opened;
  await other.waitForLoadState();
  assert.equal(other.url(), href);
  assert.equal(await other.evaluate(() => globalThis.opener), null);
  await other.close();
  const named = await cell(/^named bad$/, 2);
  await page.mouse.move(named.x, named.y);
  await page.mouse.click(named.x, named.y);
  await page.locator('#confirm-dialog', { hasText: href }).waitFor();
  await page.locator('#confirm-dialog [data-cancel]').click();
  const bad = await cell(/^named bad$/, 7);
  await page.mouse.move(bad.x, bad.y);
  await page.mouse.click(bad.x, bad.y);
  assert.equal(await page.locator('dialog[open]').count(), 0);
  assert.equal(context.pages().length, 1);
});

await tap.step('text composed by an input method arrives once and whole', async () => {
  await tab(second).click();
  await app.terminal().focus();
  const cdp = await context.newCDPSession(page);
  await cdp.send('Input.imeSetComposition', { text: 'に', selectionStart: 1, selectionEnd: 1 });
  await cdp.send('Input.imeSetComposition', { text: 'にほん', selectionStart: 3, selectionEnd: 3 });
  await page.locator('.composition-view.active', { hasText: 'にほん' }).waitFor();
  await cdp.send('Input.insertText', { text: '日本' });
  await page.keyboard.press('Enter');
  await app.shows(/^日本$/);
});

await tap.step('scrollback and screen are saved as text', async () => {
  await tab(first).click();
  await app.run('clear; seq 1 500; echo saved-"done"');
  await app.shows(/^saved-done$/);
  const download = page.waitForEvent('download');
  await app.choose('Save as text');
  const file = await download;
  assert.match(file.suggestedFilename(), /^[\w-]+-\d{4}-\d\d-\d\d-\d{6}\.txt$/);
  const lines = (await readFile(await file.path(), 'utf8')).split('\n');
  const end = lines.indexOf('saved-done');
  assert.deepEqual(lines.slice(end - 500, end), Array.from({ length: 500 }, (_, i) => String(i + 1)));
});

await tap.step('the page fills the screen and comes back', async () => {
  await app.choose('Full screen');
  await page.waitForFunction(() => document.fullscreenElement !== null);
  await app.choose('Full screen');
  await page.waitForFunction(() => document.fullscreenElement === null);
});

await tap.step('a lost drawing context goes unnoticed', async () => {
  await app.run('clear; echo before-the-loss');
  await app.shows(/^before-the-loss$/);
  assert.equal(await page.locator('.terminal-host:not([hidden]) .xterm-rows').count(), 0);
  await page.evaluate(() => {
    for (const canvas of document.querySelectorAll('.terminal-host:not([hidden]) canvas')) {
      canvas.getContext('webgl2')?.getExtension('WEBGL_lose_context').loseContext();
    }
  });
  await page.locator('.terminal-host:not([hidden]) .xterm-rows', { hasText: 'before-the-loss' }).waitFor();
  await app.run('echo after-the-loss');
  await page.locator('.terminal-host:not([hidden]) .xterm-rows', { hasText: 'after-the-loss' }).waitFor();
});

await tap.step('everything has a role and a name for screen readers', async () => {
  await page.getByRole('tablist', { name: 'Open sessions' }).waitFor();
  await page.getByRole('tab', { name: 'second', selected: false }).waitFor();
  await page.getByRole('tabpanel', { name: /^Terminal of / }).waitFor();
  await page.getByRole('navigation', { name: 'Sessions' }).waitFor();
  const nameless = await page.evaluate(() =>
    [...document.querySelectorAll('button:not([hidden]), input, select, textarea')]
      .filter((each) => !each.getAttribute('aria-label') && !each.textContent.trim() && !each.labels?.length)
      .map((each) => each.outerHTML),
  );
  assert.deepEqual(nameless, []);
  assert.match(await page.locator('#announcer').textContent(), /columns, \d+ rows$/);
  await app.choose('Text for screen readers');
  await page.locator('.terminal-host:not([hidden]) .xterm-accessibility', { hasText: 'after-the-loss' }).waitFor();
  await app.choose('Text for screen readers');
});

await tap.step('Ctrl and a slash reach the program', async () => {
  await app.create({ command: PLAIN });
  await app.terminal().focus();
  await page.keyboard.press('Control+/');
  await app.shows(/^\^_$/);
});

await tap.step('who has scrolled up is not thrown to the end by a snapshot', async () => {
  await app.create({ command: PLAIN });
  const place = (lines) =>
    page.evaluate(async (count) => {
      const { view } = globalThis.termbus;
      const { terminal } = view;
      const state = new TextEncoder().encode(Array.from({ length: count }, (_, i) => `line ${i}`).join('\r\n'));
      await new Promise((done) => view.restore(terminal.cols, terminal.rows, state, done));
      const { baseY, viewportY } = terminal.buffer.active;
      return { up: baseY - viewportY, above: baseY };
    }, lines);
  assert.equal((await place(500)).up, 0);
  await page.evaluate(() => globalThis.termbus.view.terminal.scrollLines(-100));
  assert.equal((await place(700)).up, 100);
  const fewer = await place(80);
  assert.equal(fewer.up, fewer.above);
});

await tap.step('a long list is searched by words, and Escape shows all of it again', async () => {
  const rows = page.locator('#sessions li:not([hidden])');
  const wanted = await app.create({ command: PLAIN, name: 'needle' });
  while ((await rows.count()) < 6) {
    await app.create({ command: PLAIN });
  }
  const all = await rows.count();
  await page.fill('#session-filter', 'NEED exec');
  await page.waitForFunction(() => document.querySelectorAll('#sessions li:not([hidden])').length === 1);
  await page.locator('#session-filter').press('Enter');
  await isCurrent(wanted);
  await page.locator('#session-filter').press('Escape');
  assert.equal(await rows.count(), all);
  await page.fill('#session-filter', 'nowhere-to-be-found');
  await page.waitForFunction(() => document.querySelectorAll('#sessions li:not([hidden])').length === 0);
  await page.fill('#session-filter', '');
});

await tap.step('no error was logged and nothing broke the content security policy', async () => {
  app.assertNoProblems();
});

await browser.close();
await rm(FOLDER, { recursive: true });
process.exit(tap.finish() ? 0 : 1);
