/**
 * Copying in a page on plain HTTP by a name that is not this computer's, where browsers have no clipboard
 * interface, in a real Chromium.
 *
 * TERMBUS_URL: the login URL of a hub with `http.publicUrl` http://terminals.test, token included.
 */
import assert from 'node:assert/strict';
import { AppPage } from '../support/app-page.mjs';
import { LOGIN_URL, SHOTS, TOKEN, launch } from '../support/chromium.mjs';
import { Tap } from '../support/tap.mjs';

const PUBLIC = 'http://terminals.test/';

const browser = await launch([`--host-resolver-rules=MAP terminals.test:80 ${new URL(LOGIN_URL).host}`]);
const context = await browser.newContext({ viewport: { width: 1000, height: 600 }, colorScheme: 'dark' });
const app = new AppPage(await context.newPage());
const { page } = app;
const tap = new Tap((number) => page.screenshot({ path: `${SHOTS}/plain-http-failed-${number}.png` }));

/** What is on the clipboard, as a paste into a field tells: no page may read it here. */
async function clipboard() {
  await page.evaluate(() => {
    const field = document.createElement('textarea');
    field.id = 'pasted';
    (document.querySelector('dialog[open]') ?? document.body).append(field);
    field.focus();
  });
  await page.keyboard.press('Control+V');
  return page.evaluate(() => {
    const field = document.getElementById('pasted');
    field.remove();
    return field.value;
  });
}

async function holds(wanted) {
  let found;
  for (let tries = 0; tries < 100 && found !== wanted; tries++) {
    found = await clipboard();
  }
  assert.equal(found, wanted);
}

/** Selects all there is; → what is selected. */
const selectAll = () =>
  page.evaluate(() => {
    const { view } = globalThis.termbus;
    view.selectAll();
    return view.selection;
  });
const osc52 = (text) => app.run(String.raw`clear; printf '\033]52;c;%s\007' "$(printf ${text} | base64)"; echo done-"${text}"`);

await tap.step('the page is one to which browsers give no clipboard', async () => {
  await page.goto(`${PUBLIC}?token=${encodeURIComponent(TOKEN)}`);
  await app.connected();
  assert.equal(await page.evaluate(() => globalThis.isSecureContext || 'clipboard' in navigator), false);
  await app.create({ command: 'bash --noprofile --norc' });
  await app.run('PS1=; clear; echo by-"key"');
  await app.shows(/^by-key$/);
});

await tap.step('a selection is copied by key, and the focus stays', async () => {
  const selected = await selectAll();
  await app.terminal().focus();
  await page.keyboard.press('Control+Shift+C');
  assert.ok(await page.evaluate(() => document.activeElement.matches('.terminal-host textarea')));
  await holds(selected);
});

await tap.step('a selection is copied by the menu', async () => {
  await app.run('clear; echo by-"menu"');
  await app.shows(/^by-menu$/);
  const selected = await selectAll();
  await app.choose('Copy');
  await holds(selected);
});

await tap.step('a program copies when it was allowed to, and from then on', async () => {
  await osc52('first');
  await page.locator('#clipboard-question [data-allow]').click();
  await holds('first');
  await osc52('second');
  await holds('second');
});

await tap.step('a share link is copied within its dialog', async () => {
  await page.locator('#share').click();
  await page.locator('#share-dialog [type=submit]').click();
  await page.locator('#share-dialog [data-result]').waitFor();
  const made = await page.locator('#share-dialog [name=link]').inputValue();
  await page.locator('#share-dialog [data-copy]').click();
  await page.locator('#share-dialog [data-copied]', { hasText: /^Copied/ }).waitFor();
  await holds(made);
  await page.screenshot({ path: `${SHOTS}/plain-http.png` });
});

await tap.step('no error was logged', async () => {
  app.problems = app.problems.filter((problem) => !problem.includes('Cross-Origin-Opener-Policy')); // needs TLS
  assert.equal(await page.locator('.toast.error').count(), 0);
  app.assertNoProblems();
});

await browser.close();
process.exit(tap.finish() ? 0 : 1);
