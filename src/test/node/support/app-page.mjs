import assert from 'node:assert/strict';

/** No wait of a passing test comes near it, but on a machine that has much else to do. */
const TIMEOUT_MS = 45_000;

/** The web app in a browser page, as a user sees it. Every wait has a limit. */
export class AppPage {
  problems = [];

  constructor(page) {
    this.page = page;
    page.setDefaultTimeout(TIMEOUT_MS);
    page.on('pageerror', (error) => this.problems.push(`uncaught: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error') {
        this.problems.push(`console: ${message.text()}`);
      }
    });
  }

  async connected() {
    await this.page.locator('#connection[data-state=online]').waitFor();
  }

  /** Waits for an attached session whose screen has something on it. */
  async attached() {
    await this.page.waitForFunction(() => globalThis.termbus.pane.subscriber !== null);
    await this.shows(/\S/);
  }

  /** Creates a session by the dialog; → its id. */
  async create({ command = '', cwd = '', name = '' } = {}) {
    const before = await this.sessionId();
    await this.page.locator('#create').click();
    await this.page.locator('#create-dialog [name=command]').fill(command);
    await this.page.locator('#create-dialog [name=cwd]').fill(cwd);
    await this.page.locator('#create-dialog [name=name]').fill(name);
    await this.page.locator('#create-dialog [type=submit]').click();
    await this.page.waitForFunction((id) => ![undefined, id].includes(globalThis.termbus.pane.session?.id), before);
    await this.attached();
    return this.sessionId();
  }

  sessionId() {
    return this.page.evaluate(() => globalThis.termbus.pane.session?.id);
  }

  /** Where the keys of the terminal that is shown go. */
  terminal() {
    return this.page.locator('.terminal-host:not([hidden]) textarea');
  }

  /** An item of the menu of the session that is shown. */
  async choose(label) {
    await this.page.locator('#more').click();
    const item = this.page.getByText(label, { exact: true });
    await this.page.getByRole('menu').locator('button', { has: item }).click();
  }

  async run(line) {
    await this.terminal().focus();
    await this.page.waitForFunction(() => document.activeElement?.matches('.terminal-host:not([hidden]) textarea'));
    await this.page.keyboard.insertText(line);
    await this.page.keyboard.press('Enter');
  }

  /** All lines of the terminal's buffer, scrollback included, soft-wrapped rows joined. */
  lines() {
    return this.page.evaluate(() => {
      const buffer = globalThis.termbus.view.terminal.buffer.active;
      const lines = [];
      for (let y = 0; y < buffer.length; y++) {
        const line = buffer.getLine(y);
        const text = line.translateToString(true);
        if (line.isWrapped && lines.length > 0) {
          lines[lines.length - 1] += text;
        } else {
          lines.push(text);
        }
      }
      while (lines.at(-1) === '') {
        lines.pop();
      }
      return lines;
    });
  }

  /** Waits until a line of the last rows matches; → the match. */
  async shows(pattern, timeout = TIMEOUT_MS) {
    const handle = await this.page.waitForFunction(
      ([source, flags]) => {
        const buffer = globalThis.termbus.view.terminal.buffer.active;
        const wanted = new RegExp(source, flags);
        for (let y = buffer.length - 1; y >= Math.max(0, buffer.length - 200); y--) {
          const found = wanted.exec(buffer.getLine(y).translateToString(true));
          if (found) {
            return [...found];
          }
        }
        return null;
      },
      [pattern.source, pattern.flags],
      { timeout },
    ).catch(async (error) => {
      const tail = (await this.lines()).slice(-8).join('\n');
      throw new Error(`never showed ${pattern}; the last lines are:\n${tail}\n${error.message}`);
    });
    return handle.jsonValue();
  }

  size() {
    return this.page.evaluate(() => globalThis.termbus.view.size);
  }

  /** Waits until the terminal has the size that fits the window. */
  async fits(unlike) {
    await this.page.waitForFunction((before) => {
      const { view } = globalThis.termbus;
      const { cols, rows } = view.size;
      const fits = view.proposal !== null && view.proposal.cols === cols && view.proposal.rows === rows;
      return fits && (before === null || cols !== before.cols || rows !== before.rows);
    }, unlike ?? null);
    return this.size();
  }

  assertNoProblems() {
    assert.deepEqual(this.problems, []);
  }
}
