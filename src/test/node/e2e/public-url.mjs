/**
 * A hub behind a proxy, as `http.publicUrl` tells it, in a real Chromium: links that others can open.
 *
 * TERMBUS_URL: the login URL of a hub with `http.publicUrl` https://terminals.example/below, token included.
 */
import assert from 'node:assert/strict';
import { AppPage } from '../support/app-page.mjs';
import { HOME_URL, LOGIN_URL, SHOTS, launch } from '../support/chromium.mjs';
import { Tap } from '../support/tap.mjs';

const PUBLIC = 'https://terminals.example/below/';

const browser = await launch();
const app = new AppPage(await browser.newPage());
const { page } = app;
const tap = new Tap((number) => page.screenshot({ path: `${SHOTS}/public-url-failed-${number}.png` }));

await tap.step('a link begins with the public URL and holds what logs in behind it', async () => {
  await page.goto(LOGIN_URL);
  await app.connected();
  const session = await app.create({ command: `sh -c 'echo here; exec cat'` });
  await page.locator('#share').click();
  await page.locator('#share-dialog [type=submit]').click();
  await page.locator('#share-dialog [data-result]').waitFor();
  const link = await page.locator('#share-dialog [name=link]').inputValue();
  await page.screenshot({ path: `${SHOTS}/public-url.png` });
  assert.ok(link.startsWith(`${PUBLIC}?token=`), link.slice(0, PUBLIC.length));
  assert.ok(link.endsWith(`#${session}`));

  const guest = await browser.newContext();
  const watcher = new AppPage(await guest.newPage());
  await watcher.page.goto(link.replace(PUBLIC, HOME_URL));
  await watcher.connected();
  await watcher.page.waitForFunction((id) => globalThis.termbus.pane.session?.id === id, session);
  watcher.assertNoProblems();
});

await tap.step('no error was logged', async () => {
  app.assertNoProblems();
});

await browser.close();
process.exit(tap.finish() ? 0 : 1);
