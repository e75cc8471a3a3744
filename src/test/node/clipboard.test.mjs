import assert from 'node:assert/strict';
import { test } from 'node:test';
import { copyText } from '../../../clients/terminal/src/clipboard.js';

/** A page whose browser asks for what to copy when the old command is used. */
class FakePage extends EventTarget {
  clipboard = null;
  fields = [];
  focused = { focus: () => (this.refocused = true) };
  body = { append: (field) => this.fields.push(field) };

  /** @param needs what the browser wants for the command: "nothing", "selection", or "miracle" */
  constructor(needs) {
    super();
    this.needs = needs;
  }
  get activeElement() {
    return this.focused;
  }
  querySelector() {
    return null;
  }
  createElement() {
    const field = { select: () => (field.selected = true), remove: () => this.fields.splice(0) };
    return field;
  }
  execCommand() {
    const selected = this.fields.some((field) => field.selected);
    if (this.needs === 'miracle' || (this.needs === 'selection' && !selected)) {
      return false;
    }
    const event = new Event('copy', { cancelable: true });
    event.clipboardData = { setData: (type, text) => (this.clipboard = text) };
    this.dispatchEvent(event);
    return true;
  }
}

const denied = { writeText: () => Promise.reject(new Error('denied')) };

test('where there is an interface for it that is used', async () => {
  const page = new FakePage('nothing');
  let written;
  await copyText('a', { clipboard: { writeText: async (text) => (written = text) }, page });
  assert.deepEqual([written, page.clipboard], ['a', null]);
});

test('without one, or where it refuses, the command copies, and the focus is not touched', async () => {
  for (const clipboard of [undefined, denied]) {
    const page = new FakePage('nothing');
    await copyText('a\nb', { clipboard: clipboard ?? null, page });
    assert.deepEqual([page.clipboard, page.refocused], ['a\nb', undefined]);
  }
});

test('a browser that copies only what is selected gets a selection, and the focus goes back', async () => {
  const page = new FakePage('selection');
  await copyText('a', { clipboard: null, page });
  assert.deepEqual([page.clipboard, page.refocused, page.fields], ['a', true, []]);
});

test('where nothing helps it is told, and nothing is left in the page', async () => {
  const page = new FakePage('miracle');
  await assert.rejects(copyText('a', { clipboard: denied, page }), /denied/);
  assert.deepEqual(page.fields, []);
  page.execCommand = FakePage.prototype.execCommand;
  page.needs = 'nothing';
  page.execCommand();
  assert.equal(page.clipboard, null, 'the page still answers copies');
});
