import assert from 'node:assert/strict';
import { test } from 'node:test';
import headless from '@xterm/headless';
import { TerminalCorrections } from '../../../clients/terminal/src/terminal-corrections.js';

function terminal() {
  const term = new headless.Terminal({ allowProposedApi: true, cols: 20, rows: 6, scrollback: 10 });
  new TerminalCorrections(term);
  return {
    term,
    write: (data) => new Promise((resolve) => term.write(data, resolve)),
    line: (y) => term.buffer.active.getLine(term.buffer.active.baseY + y).translateToString(true),
    cell: (x, y) => term.buffer.active.getLine(term.buffer.active.baseY + y).getCell(x),
    at: () => [term.buffer.active.cursorX, term.buffer.active.cursorY],
  };
}

test('red, green and blue are the last three of a direct colour', async () => {
  const forms = ['38:2:1:2:3', '38:2::1:2:3', '38:2:0:1:2:3', '38;2;1;2;3', '4:3;38:2:1:2:3;1', '38:5:7;38:2:1:2:3'];
  for (const form of forms) {
    const { write, cell } = terminal();
    await write(`\x1b[${form}mx`);
    assert.equal(cell(0, 0).getFgColor(), 0x010203, form);
  }
});

test('the arguments of colours are no attributes', async () => {
  const { write, cell } = terminal();
  await write('\x1b[4;58:2:7:8:9;38;5;59;48:5:59mx\x1b[59my');
  assert.equal(cell(0, 0).getFgColor(), 59);
  assert.equal(cell(0, 0).getBgColor(), 59);
  assert.equal(cell(0, 0).extended.underlineColor, 0x3070809);
  assert.equal(cell(1, 0).extended.underlineColor, 0);
});

test('origin mode adds the top margin to rows only, and once', async () => {
  const moves = { A: [3, 1], '9B': [3, 4], '2C': [5, 2], '2D': [1, 2], E: [0, 3], F: [0, 1], '7G': [6, 2], '7`': [6, 2], '2a': [5, 2], e: [3, 3], '2d': [3, 2] };
  for (const [move, place] of Object.entries(moves)) {
    const { write, at } = terminal();
    await write(`\x1b[2;5r\x1b[?6h\x1b[2;4H\x1b[${move}`);
    assert.deepEqual(at(), place, move);
  }
});

for (const [save, restore] of [['\x1b7', '\x1b8'], ['\x1b[s', '\x1b[u'], ['\x1b[?1048h', '\x1b[?1048l'], ['\x1b[?1049h', '\x1b[?1049l']]) {
  test(`${JSON.stringify(save)} keeps a pending wrap, origin mode, attributes and character sets`, async () => {
    const { term, write, line, cell } = terminal();
    await write(`\x1b[2;5r\x1b[?6h\x1b)0\x0e\x1b[4:3m\x1b[1;20Hx${save}`);
    await write(`\x1b[?6l\x0f\x1b)B\x1b[m\x1b[5;5H${restore}q`);
    assert.equal(line(2), '─');
    assert.equal(cell(0, 2).extended.underlineStyle, 3);
    assert.equal(term.modes.originMode, true);
  });
}

test('modes before those that save the cursor count, those after them too', async () => {
  const { term, write, line } = terminal();
  await write('\x1b[2;5r\x1b[?6;1049;2004h');
  assert.equal(term.buffer.active.type, 'alternate');
  assert.equal(term.modes.bracketedPasteMode, true);
  await write('\x1b[?6;1049lx');
  assert.equal(term.modes.originMode, true);
  assert.equal(line(1), 'x');
});

test('a restored link whose row is gone is there again', async () => {
  const { term, write } = terminal();
  await write('\x1b]8;;http://e\x1b\\\x1b7\x1b]8;;\x1b\\' + '\n'.repeat(40) + '\x1b8x');
  const { urlId } = term._core._inputHandler._curAttrData.extended;
  assert.equal(term._core._oscLinkService.getLinkData(urlId)?.uri, 'http://e');
});

test('resets forget the saved cursor', async () => {
  for (const reset of ['\x1b[!p', '\x1bc']) {
    const { term, write, at } = terminal();
    await write(`\x1b[?6h\x1b[3;20Hx\x1b7${reset}\x1b[2;2H\x1b8`);
    assert.deepEqual(at(), [0, 0]);
    assert.equal(term.modes.originMode, false);
  }
});

test('5F of the DEC graphics is a blank', async () => {
  const { write, line } = terminal();
  await write('\x1b(0a_`\x1b(B_');
  assert.equal(line(0), '▒ ◆_');
});

test('the Dutch set has its letters', async () => {
  const { write, line } = terminal();
  await write('\x1b(4[|\x1b(B[|');
  assert.equal(line(0), 'ĳƒ[|');
});

test('DECALN has default attributes and no margins', async () => {
  const { term, write, line, cell } = terminal();
  await write('\x1b[31m\x1b[2;3r\x1b[?6h\x1b#8');
  assert.equal(line(5), 'E'.repeat(20));
  assert.equal(cell(0, 0).isFgDefault(), true);
  await write('x');
  assert.equal(cell(0, 0).isFgDefault(), false);
  assert.equal(term._core._bufferService.buffer.scrollBottom, 5);
});

test('OSC 8 without a URI ends a link', async () => {
  for (const parameters of ['', 'id=a', 'x=y:id=a', ' ']) {
    const { term, write } = terminal();
    await write(`\x1b]8;id=a;http://e\x1b\\x\x1b]8;${parameters};\x1b\\`);
    assert.equal(term._core._inputHandler._curAttrData.extended.urlId, 0, parameters);
  }
});

test('ED 1 in the last cell does not throw and ends the wrap into the next row', async () => {
  const { term, write, line } = terminal();
  await write(`${'\n'.repeat(8)}\x1b[3;1H${'x'.repeat(21)}\x1b[3;20H\x1b[1J`);
  assert.equal(term.buffer.active.getLine(term.buffer.active.baseY + 3).isWrapped, false);
  await write('\x1b[6;20Hy\x1b[1J\x1b[?1Jz');
  assert.equal(line(5).trim(), 'z');
});

test('rectangles are filled, erased and copied', async () => {
  const cases = {
    '42;2;2;3;3$x': ['abcd', 'e**h', 'i**l', 'mnop'],
    '2;2;3;3$z': ['abcd', 'e  h', 'i  l', 'mnop'],
    '1;1;3;3;1;2;2;1$v': ['abcd', 'eabc', 'iefg', 'mijk'],
    '42;3;2;2;3$x': ['abcd', 'efgh', 'ijkl', 'mnop'],
  };
  for (const [sequence, expected] of Object.entries(cases)) {
    const { write, line } = terminal();
    await write(`abcd\r\nefgh\r\nijkl\r\nmnop\x1b[${sequence}`);
    assert.deepEqual([0, 1, 2, 3].map(line), expected, sequence);
  }
});

test('attributes change along the text or in a rectangle, which a reset forgets', async () => {
  const { write, cell } = terminal();
  await write('abcd\x1b[1;3;2;2;1;4$r');
  assert.deepEqual([1, 2, 19].map((x) => Boolean(cell(x, 0).isBold() && cell(x, 0).isUnderline())), [false, true, true]);
  await write('\x1b[2*x\x1b[1;3;2;4;7$t');
  assert.deepEqual([2, 4].map((x) => Boolean(cell(x, 0).isInverse())), [true, false]);
  await write('\x1bc\x1b[1;3;2;2;1$r');
  assert.equal(Boolean(cell(19, 0).isBold()), true);
});
