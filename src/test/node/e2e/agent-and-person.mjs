/**
 * An agent that has nothing but MCP builds, answers a question and edits in a shell, while a person watches in a real
 * Chromium, and takes over.
 *
 * TERMBUS_URL: the hub's login URL, token included. TERMBUS_SCREENSHOTS: where pictures go, target/screenshots
 * if not set.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { AppPage } from '../support/app-page.mjs';
import { BusClient } from '../support/bus-client.mjs';
import { HOME_URL, LOGIN_URL, SHOTS, TOKEN, launch } from '../support/chromium.mjs';
import { Tap } from '../support/tap.mjs';

const BUILD = `echo building
printf 'Run the tests? [y/N] '; read answer; [ "$answer" = y ] || exit 9
. ./app.conf
[ "$answer" = 42 ] || { echo "FAILED: the answer is $answer, not 42"; exit 2; }
echo all tests passed
`;
const NOTE = 'fixes the tests';
const folder = mkdtempSync(join(tmpdir(), 'agent-and-person-'));
const file = (name) => join(folder, name);
writeFileSync(file('build.sh'), BUILD);
writeFileSync(file('app.conf'), '# what the tests ask for\nanswer=41\n');

const admin = await BusClient.open(HOME_URL, TOKEN);
const share = await admin.ask('termbus.hub', 'share', { role: 'admin' });
const client = new Client({ name: 'agent', version: '1' });
await client.connect(
  new StreamableHTTPClientTransport(new URL('mcp', HOME_URL), {
    requestInit: { headers: { Authorization: `Bearer ${share.token}` } },
  }),
);
const call = (name, args) => client.callTool({ name, arguments: args });

/** What a tool answers; none may refuse. */
async function ask(name, args) {
  const result = await call(name, args);
  assert.notEqual(result.isError, true, JSON.stringify(result));
  return result.structuredContent;
}

const browser = await launch();
const context = await browser.newContext({ viewport: { width: 1200, height: 760 }, colorScheme: 'dark' });
await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: new URL(HOME_URL).origin });
const app = new AppPage(await context.newPage());
const { page } = app;
const tap = new Tap((number) => page.screenshot({ path: `${SHOTS}/agent-failed-${number}.png` }));
const driver = page.locator('#driver');
const mark = (state) => page.locator(`.terminal-host:not([hidden]) .command-mark.${state}`);
const clipboard = (text) =>
  page.waitForFunction(async (wanted) => (await navigator.clipboard.readText()).includes(wanted), text);

let session;
let lease;
let failed;
const keys = (...pressed) => ask('keys', { session, lease, keys: pressed });
/** Until something comes behind what was pressed. */
const until = async (since, condition) => {
  const { matched } = await ask('wait', { session, since, any: [condition], timeoutMs: 40_000 });
  assert.equal(matched, 0, `never came: ${JSON.stringify(condition)}`);
};

await tap.step('the agent starts a shell, and the person opens it', async () => {
  ({ id: session } = await ask('create', { command: ['bash'], cwd: folder, name: 'fix it', env: { HOME: folder, PS1: '$ ' } }));
  await until(0, { prompt: true });
  await page.goto(LOGIN_URL);
  await app.connected();
  await page.locator('.session', { hasText: 'fix it' }).click();
  await app.attached();
  assert.equal(await app.sessionId(), session);
  assert.equal(await driver.isVisible(), false);
});

await tap.step('the person sees who drives, with the note, and for how long', async () => {
  ({ lease } = await ask('lease', { session, note: NOTE, ttlMs: 60_000 }));
  await driver.getByText(`guest ${share.id.slice(0, 6)} (${NOTE}) drives`, { exact: true }).waitFor();
  await driver.getByText(/^(60|5\d) s$/).waitFor();
  const before = await driver.locator('[data-left]').innerText();
  await page.waitForFunction((text) => document.querySelector('#driver [data-left]').textContent !== text, before);
  await driver.getByRole('button', { name: 'Take over' }).waitFor();
});

await tap.step('the agent builds and answers the question, and the person sees both', async () => {
  const { offset } = await ask('read', { session, maxBytes: 16 });
  const build = ask('run', { session, lease, command: 'sh build.sh', timeoutMs: 40_000 });
  await until(offset, { regex: '\\[y/N\\]' });
  await keys('y', 'Enter');
  failed = await build;
  assert.equal(failed.exitCode, 2);
  await app.shows(/^Run the tests\? \[y\/N\] y$/);
  await app.shows(/^FAILED: the answer is 41, not 42$/);
});

await tap.step('the agent sees what failed by the command, the person by the mark beside the prompt', async () => {
  const output = await ask('read', { session, command: failed.id });
  assert.match(output.text, /^building\n[^]*FAILED: the answer is 41, not 42\n/);
  await page.getByRole('button', { name: /sh build.sh: failed with status 2$/ }).waitFor();
  assert.equal(await mark('failed').count(), 1);
});

await tap.step('the person copies the output from the menu of the mark', async () => {
  await mark('failed').click();
  await page.getByRole('menuitem', { name: 'Copy output of command' }).click();
  await clipboard('FAILED: the answer is 41');
});

await tap.step('while the agent types in vim what the person types is not taken, and no error', async () => {
  const { offset } = await keys({ text: 'vim -u NONE -N app.conf' }, 'Enter');
  await until(offset, { text: 'answer=41' });
  await app.shows(/^answer=41$/);
  await keys({ text: '/41' }, 'Enter', { text: 'cw' });
  await app.terminal().focus();
  await page.keyboard.type('dd');
  await page.locator('#driver.refused').waitFor();
  assert.equal(await page.locator('.toast').count(), 0);
  await keys({ text: '42' }, 'Escape');
  await app.shows(/^answer=42$/);
  const written = await keys({ text: ':wq' }, 'Enter');
  await until(written.offset, { prompt: true });
  assert.equal(readFileSync(file('app.conf'), 'utf8'), '# what the tests ask for\nanswer=42\n');
});

await tap.step('the person takes over with the button: the agent is told, the person types', async () => {
  await page.screenshot({ path: `${SHOTS}/agent-drives.png` });
  await driver.getByRole('button', { name: 'Take over' }).click();
  await driver.getByText('You drive', { exact: true }).waitFor();
  const refused = await call('keys', { session, lease, keys: ['x'] });
  assert.equal(refused.isError, true);
  assert.match(refused.content[0].text, /^423: .*admin drives/);
  assert.match((await call('run', { session, lease, command: 'true' })).content[0].text, /^423: /);
  await app.run('echo "typed by $((6 * 7))"');
  await app.shows(/^typed by 42$/);
  const [{ exitCode, line }] = (await admin.ask(`termbus.session.${session}`, 'commands', { limit: 1 })).commands;
  assert.deepEqual({ exitCode, line }, { exitCode: 0, line: 'echo "typed by $((6 * 7))"' });
});

await tap.step('after a reload the marks are there, with what they are of', async () => {
  await page.reload();
  await app.attached();
  await mark('failed').click();
  await page.evaluate(() => navigator.clipboard.writeText(''));
  await page.getByRole('menuitem', { name: 'Copy output of command' }).click();
  await clipboard('FAILED: the answer is 41');
  assert.equal(await mark('succeeded').count(), 2);
});

await tap.step('keys lead from prompt to prompt, and the menu copies what they have led to', async () => {
  for (let i = 0; i < 3; i++) {
    await page.keyboard.press('Control+Shift+BracketLeft');
  }
  await page.locator('.command-mark.failed.current').waitFor();
  await app.choose('Copy output of command');
  await clipboard('FAILED: the answer is 41');
  await page.keyboard.press('Control+Shift+BracketRight');
  await page.locator('.command-mark.succeeded.current').waitFor();
});

await tap.step('the reload was the end of the lease: the agent drives again, and the build succeeds', async () => {
  ({ lease } = await ask('lease', { session, note: NOTE, ttlMs: 60_000 }));
  await driver.getByText(/drives$/).waitFor();
  const run = await ask('run', { session, lease, command: 'yes | sh build.sh', timeoutMs: 40_000 });
  assert.equal(run.exitCode, 0, run.text);
  await app.shows(/all tests passed$/);
  assert.deepEqual(await ask('lease', { session, lease, release: true }), { released: true });
  await driver.waitFor({ state: 'hidden' });
});

await tap.step('where nobody drives both may type in vim at once, and nothing is lost', async () => {
  lease = undefined;
  const { offset } = await keys({ text: 'vim -u NONE -N both' }, 'Enter');
  await until(offset, { text: '[New]' });
  await keys('i');
  await app.terminal().focus();
  const agent = async () => {
    for (let i = 0; i < 50; i++) {
      await keys('a');
    }
  };
  await Promise.all([agent(), page.keyboard.type('p'.repeat(50), { delay: 5 })]);
  await page.waitForFunction(() => globalThis.termbus.pane.current.inputInWords === '');
  const written = await keys('Escape', { text: ':wq' }, 'Enter');
  await until(written.offset, { prompt: true });
  const letters = [...readFileSync(file('both'), 'utf8').trim()];
  assert.equal(letters.filter((letter) => letter === 'a').length, 50);
  assert.equal(letters.filter((letter) => letter === 'p').length, 50);
  assert.equal(letters.length, 100);
});

await tap.step('no errors were logged', () => assert.deepEqual(app.problems, []));

await client.close();
admin.close();
await browser.close();
rmSync(folder, { recursive: true });
process.exit(tap.finish() ? 0 : 1);
