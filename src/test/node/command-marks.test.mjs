import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import headless from '@xterm/headless';
import { CommandMarks } from '../../../clients/terminal/src/command-marks.js';
import { commandOutput } from '../../../clients/terminal/src/command-output.js';

const A = '\x1b]133;A\x07$ ';
const C = '\x1b]133;C;n0nce\x07';
const D = (status) => `\x1b]133;D;${status};n0nce\x07`;
const encode = (text) => new TextEncoder().encode(text);

let term;
let marks;
let elements;
let chosen;
let offset;

beforeEach(() => {
  term = new headless.Terminal({ allowProposedApi: true, cols: 40, rows: 6, scrollback: 100 });
  elements = [];
  chosen = [];
  offset = 1_000;
  term.registerDecoration = ({ marker }) => ({
    onRender(dress) {
      const element = { attributes: {}, setAttribute: (name, value) => (element.attributes[name] = value) };
      elements.push({ marker, element });
      dress(element);
    },
  });
  marks = new CommandMarks(term, (command) => chosen.push(command));
});

const write = (data) => new Promise((resolve) => term.write(data, resolve));

/** As a delivery of the session's output. */
function output(text) {
  const bytes = encode(text);
  offset += bytes.length;
  marks.coming(bytes, offset);
  return new Promise((resolve) => {
    term.write(bytes, () => {
      marks.came();
      resolve();
    });
  });
}

const classes = () => elements.map(({ element }) => element.className.replace('xterm-decoration command-mark ', ''));

test('a command has a mark at its prompt that says how it ended', async () => {
  await write(`${A}true\r\n${C}${D(0)}${A}false\r\n${C}oops\r\n${D(2)}${A}sleep\r\n${C}`);
  assert.deepEqual(classes(), ['succeeded', 'failed', 'runs']);
  assert.deepEqual(elements.map(({ marker }) => marker.line), [0, 1, 3]);
  const { attributes } = elements[1].element;
  assert.equal(attributes['aria-label'], '$ false: failed with status 2');
  assert.equal(attributes.role, 'button');
  elements[1].element.onclick({});
  assert.equal(chosen[0].status, 2);
});

test('a prompt alone has none, and one that is told without an end is over with the next', async () => {
  await write(`${A}\r\n${A}x\r\n${C}${A}`);
  assert.deepEqual(classes(), ['ended']);
});

test('prompts that are not the first of a command are none, the other sequence and its letters are', async () => {
  await write('\x1b]133;A;k=s\x07> \r\n\x1b]633;A\x1b\\$ \r\n\x1b]633;C\x1b\\\x1b]633;P;Cwd=/\x07\x1b]633;D;1\x1b\\');
  assert.deepEqual(classes(), ['failed']);
  assert.equal(elements[0].marker.line, 1);
});

test('of several ends the last counts: what a program forges is put right by the shell', async () => {
  await write(`${A}x\r\n${C}\x1b]133;D;0\x07${D(3)}`);
  assert.deepEqual(classes(), ['failed']);
});

test('full-screen programs mark nothing', async () => {
  await write(`${A}vi\r\n${C}\x1b[?1049h${A}${C}${D(0)}\x1b[?1049l`);
  assert.deepEqual(classes(), ['runs']);
});

test('the output is found by its place wherever the stream is cut, and however the mark ends', async () => {
  for (const mark of [C, '\x1b]633;C\x1b\\']) {
    const text = `é${A}ls\r\n${mark}a\r\n${D(0)}${A}`;
    const end = encode(text.slice(0, text.indexOf(mark) + mark.length)).length - (mark === C ? 0 : 2);
    for (let cut = 0; cut <= text.length; cut++) {
      marks = new CommandMarks(term, () => {});
      const begin = offset;
      output(text.slice(0, cut));
      await output(text.slice(cut));
      assert.equal(marks.current.offset, begin + end, `cut at ${cut}`);
    }
  }
});

test('of several in one delivery each has its place', async () => {
  await output(`${A}${C}${D(0)}${A}${C}`);
  elements.forEach(({ element }) => element.onclick({}));
  const places = chosen.map((command) => command.offset);
  assert.deepEqual(places, [`${A}${C}`, `${A}${C}${D(0)}${A}${C}`].map((text) => 1_000 + encode(text).length));
  const commands = places.map((outputFrom, id) => ({ id, outputFrom }));
  const ask = async (action, body) => (action === 'commands' ? { commands } : body);
  assert.deepEqual(await Promise.all(chosen.map(async (command) => (await commandOutput(ask, command)).id)), [0, 1]);
});

test('one of a snapshot says which command it is', async () => {
  await write('\x1b]133;A\x07$ x\r\n\x1b]133;C;command=7\x07\x1b]133;D;0\x07');
  assert.deepEqual(await commandOutput(async (action, body) => ({ action, ...body }), marks.current), {
    action: 'commandOutput',
    id: 7,
    maxBytes: 262_144,
  });
});

test('what the hub does not know is told, after the pages that may have it', async () => {
  const asked = [];
  const ask = async (action, body) => {
    asked.push(body);
    return { commands: [{ id: 5, outputFrom: body.before ? 1 : 5_000 }], next: 5 };
  };
  await output(`${A}${C}`);
  await assert.rejects(commandOutput(ask, marks.current), /does not know/);
  assert.deepEqual(asked, [{}, { before: 5 }]);
});

test('one goes from prompt to prompt, and typing leads back', async () => {
  for (let i = 0; i < 5; i++) {
    await write(`${A}number ${i}\r\n${C}${'out\r\n'.repeat(10)}${D(0)}`);
  }
  const top = () => term.buffer.active.getLine(term.buffer.active.viewportY).translateToString(true);
  marks.go(-1);
  assert.equal(top(), '$ number 4');
  assert.equal(classes()[4], 'succeeded current');
  marks.go(-1);
  assert.equal(top(), '$ number 3');
  marks.go(1);
  marks.go(1);
  assert.equal(term.buffer.active.viewportY, term.buffer.active.baseY);
  for (let i = 0; i < 9; i++) {
    marks.go(-1);
  }
  assert.equal(top(), '$ number 0');
  marks.typed();
  assert.equal(classes()[0], 'succeeded');
  marks.go(-1);
  assert.equal(top(), '$ number 4');
});

test('a thousand are kept, and those that leave the scrollback are forgotten', async () => {
  await write(`${A}x${C}${D(0)}`.repeat(1_100));
  const live = () => elements.filter(({ marker }) => !marker.isDisposed).length;
  assert.equal(live(), 1_000);
  await write('\r\n'.repeat(300));
  assert.equal(live(), 0);
  assert.equal(marks.current, undefined);
  marks.go(-1);
});
