// Judges terminal snapshots with xterm.js. Reads one case a line from stdin, its fields separated by tabs,
// and writes one verdict a line to stdout: ok, skipped with the reason, or the failure in base64.
import headless from '@xterm/headless';
import unicode11 from '@xterm/addon-unicode11';
import { createInterface } from 'node:readline';
import { TerminalCorrections } from '../../../clients/terminal/src/terminal-corrections.js';
import { HAS_EXTENDED, JOIN_OVER_RESIZE, hasLeftovers, uncarried } from './uncarried.mjs';

const { Terminal } = headless;
const COLOR = 0x3ffffff;

/** Where more rows come in than fit, a reflow in xterm.js writes before the start of its ring: over the last rows. */
let overran = false;

function watchRing({ prototype }) {
  const { set } = prototype;
  prototype.set = function (index, value) {
    overran ||= index < 0;
    set.call(this, index, value);
  };
}

/** A reflow that copies a part of a row takes the texts of marks behind that part along, to cells of others. */
let misplaced = false;

function watchCopies({ prototype }) {
  const { copyCellsFrom } = prototype;
  prototype.copyCellsFrom = function (source, from, to, length, reverse) {
    const before = { ...this._combined };
    copyCellsFrom.call(this, source, from, to, length, reverse);
    const lost = (x) => (x < to || x >= to + length) && this.isCombined(x) && before[x] !== this._combined[x];
    misplaced ||= Object.keys(before).some((x) => lost(Number(x)));
  };
}

const { lines: anyLines } = new Terminal({ allowProposedApi: true })._core._bufferService.buffers.normal;
watchRing(anyLines.constructor);
watchCopies(anyLines.get(0).constructor);

function newTerminal(cols, rows, scrollback) {
  const terminal = new Terminal({ cols, rows, scrollback, allowProposedApi: true, logLevel: 'off' });
  terminal.corrections = new TerminalCorrections(terminal);
  terminal.loadAddon(new unicode11.Unicode11Addon());
  terminal.unicode.activeVersion = '11';
  terminal.titleSeen = '';
  terminal.onTitleChange((title) => { terminal.titleSeen = title; });
  terminal.answers = '';
  terminal.onData((data) => { terminal.answers += data; });
  terminal.tail = new Uint8Array(0);
  return terminal;
}

/** Length of an incomplete UTF-8 character at the end. */
function incomplete(bytes) {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const b = bytes[bytes.length - back];
    if ((b & 0xc0) === 0x80) continue;
    const length = (b & 0xe0) === 0xc0 ? 2 : (b & 0xf0) === 0xe0 ? 3 : (b & 0xf8) === 0xf0 ? 4 : 1;
    return length > back ? back : 0;
  }
  return 0;
}

/** Writes like a client must: xterm.js 6 loses some characters that are cut between two writes. */
function write(terminal, bytes) {
  const all = Buffer.concat([terminal.tail, bytes]);
  const keep = incomplete(all);
  terminal.tail = all.subarray(all.length - keep);
  terminal._core.writeSync(new Uint8Array(all.subarray(0, all.length - keep)));
}

/** True while the alternate buffer has, or will get, room for scrollback. */
function noteLowered(terminal) {
  const { alt, active } = terminal._core._bufferService.buffers;
  terminal.lowered = alt.lines.maxLength !== terminal.rows || (terminal.lowered && active === alt);
}

function resize(terminal, { cols, rows }) {
  const { normal, active, alt } = terminal._core._bufferService.buffers;
  if (terminal.lowered && active === alt) terminal.unlike = 'alternate buffer with scrollback';
  if (hasLeftovers(normal)) terminal.unlike = 'leftover texts';
  terminal.resize(cols, rows);
  const parser = terminal._core._inputHandler._parser;
  if (parser.precedingJoinState) parser.precedingJoinState |= JOIN_OVER_RESIZE;
  // without scrollback a reflow may leave the last rows of the screen without lines
  if (normal.ybase + rows > normal.lines.length) terminal.unlike = 'rows outside of the lines';
  noteLowered(terminal);
}

function apply(terminal, operations) {
  for (const operation of operations) {
    if (operation.bytes) write(terminal, operation.bytes);
    else resize(terminal, operation);
  }
}

const mixed = (value) => {
  const mode = value & 0x3000000;
  if (mode === 0) return 0;
  return mode === 0x3000000 ? value & COLOR : mode | (value & 0xff);
};
const attribute = (value) => ((value & ~COLOR) | mixed(value)) >>> 0;

function extendedToken(core, extended, links) {
  if (!extended) return '0,0';
  let token = `${(extended._ext >>> 26) & 7},${mixed(extended._ext & COLOR)}`;
  if (extended._urlId) {
    const data = core._oscLinkService.getLinkData(extended._urlId);
    token += links ? ',' + (data ? `${data.id ?? ''}|${data.uri}` : 'dead') : ',L';
  }
  return token;
}

/** Code points of a cell that the hub keeps. */
const MARKS = 32;

/** Left half of a wide character in the last column, cut by a resize: nothing can print that. */
const CUT = '<cut>';

/** In the alternate buffer a pending wrap behind an erased cell can only be made by printing a blank. */
const LAST_BLANK = /^alternate.*\u00b7$/;

function lineToken(core, line, cols, links) {
  let out = line.isWrapped ? 'w' : '-';
  let last = '';
  for (let x = 0; x < Math.min(cols, line.length); x++) {
    if (x === cols - 1 && line.getWidth(x) === 2) return out + CUT;
    const bg = line.getBg(x);
    let attributes = `${attribute(line.getFg(x))},${attribute(bg)}`;
    if (bg & HAS_EXTENDED) attributes += ',' + extendedToken(core, line._extendedAttrs[x], links);
    if (attributes !== last) out += `<${attributes}>`;
    last = attributes;
    const text = [...line.getString(x)].slice(0, MARKS).join('');
    const width = line.getWidth(x);
    if (width === 1 && text === '') out += '\u00b7';
    else if (width === 0 && text === '') out += '\u00ab';
    else out += (width === 0 ? '\u00b0' : '') + text;
  }
  return out;
}

function charsetToken(charset) {
  if (!charset) return '-';
  let out = '';
  for (let c = 0x20; c < 0x7f; c++) {
    const to = charset[String.fromCharCode(c)];
    if (to) out += String.fromCharCode(c) + to[0];
  }
  return out;
}

function savedToken(name, terminal, buffer, links) {
  const { _core: core, cols, rows } = terminal;
  const saved = terminal.corrections.saved(buffer);
  const savedY = Math.min(rows - 1, Math.max(0, buffer.savedY - buffer.ybase));
  const pen = saved ? `${attribute(saved.pen.fg)} ${attribute(saved.pen.bg)} ${extendedToken(core, saved.pen.extended, links)}` : '0 0 0,0';
  return `${name} saved ${Math.min(cols, buffer.savedX ?? 0)} ${savedY} ${saved?.origin ? 1 : 0} ${pen} `
    + charsetTokens(saved?.level ?? 0, saved?.charsets ?? []);
}

const charsetTokens = (level, charsets) => `${level} ` + [0, 1, 2, 3].map((i) => charsetToken(charsets[i])).join(' ');

function bufferTokens(name, terminal, buffer, links) {
  const { _core: core, cols } = terminal;
  const out = [];
  out.push(`${name} base ${buffer.ybase} margins ${buffer.scrollTop} ${buffer.scrollBottom}`);
  out.push(savedToken(name, terminal, buffer, links));
  const tabs = [];
  for (let x = 0; x < cols; x++) if (buffer.tabs[x]) tabs.push(x);
  out.push(`${name} tabs ${tabs.join(',')}`);
  for (let i = 0; i < buffer.lines.length; i++) out.push(`${name} ${i} ${lineToken(core, buffer.lines.get(i), cols, links)}`);
  return out;
}

function dump(terminal, links) {
  const core = terminal._core;
  const { cols, rows } = terminal;
  const buffers = core._bufferService.buffers;
  const alternate = buffers.active === buffers.alt;
  const handler = core._inputHandler;
  const modes = core.coreService.decPrivateModes;
  const mouse = core.coreMouseService;
  const charsets = core._charsetService;
  const pen = handler._curAttrData;
  const yes = (value) => (value ? 1 : 0);
  const out = [`size ${cols} ${rows} cursor ${buffers.active.x} ${buffers.active.y} alternate ${yes(alternate)}`];
  if (alternate) out.push(`primary y ${buffers.normal.y}`);
  out.push(`pen ${attribute(pen.fg)} ${attribute(pen.bg)} ${extendedToken(core, pen.extended, links)}`);
  out.push(`charsets ${charsetToken(charsets.charset)} ${charsetTokens(charsets.glevel, charsets._charsets)}`);
  out.push(`modes ${yes(core.coreService.modes.insertMode)}${yes(modes.wraparound)}${yes(modes.reverseWraparound)}`
    + `${yes(modes.origin)}${yes(modes.applicationCursorKeys)}${yes(modes.applicationKeypad)}`
    + `${yes(modes.bracketedPasteMode)}${yes(modes.sendFocus)}${yes(modes.synchronizedOutput)}`
    + `${yes(core.coreService.isCursorHidden)}${yes(terminal.options.convertEol)}${yes(terminal.options.cursorBlink)}`
    + `${yes(modes.rectangularExtent)}`
    + ` ${modes.cursorStyle ?? '-'} ${modes.cursorBlink === undefined ? '-' : yes(modes.cursorBlink)}`
    + ` ${mouse.activeProtocol} ${mouse.activeEncoding}`);
  out.push(`join ${(handler._parser.precedingJoinState >> 1) & 3}`);
  out.push(`title ${terminal.titleSeen}`);
  out.push(...bufferTokens('primary', terminal, buffers.normal, links));
  if (alternate) out.push(...bufferTokens('alternate', terminal, buffers.alt, links));
  else out.push(savedToken('alternate', terminal, buffers.alt, links));
  return out;
}

function difference(expected, actual) {
  for (let i = 0; i < Math.max(expected.length, actual.length); i++) {
    if (expected[i]?.endsWith(CUT) && actual[i]?.startsWith(expected[i].slice(0, -CUT.length))) continue;
    if (LAST_BLANK.test(expected[i]) && expected[i].slice(0, -1) === actual[i]?.slice(0, -1) && actual[i].endsWith(' ')) continue;
    if (expected[i] !== actual[i]) return `expected ${expected[i]}\n  actual ${actual[i]}`;
  }
  return null;
}

function compare(what, whole, other, resized) {
  // tab stops beyond the margin and saved cursors that scrolled off come back with a larger screen only here
  const kept = (line) => !resized || !/^\w+ (tabs|saved) /.test(line);
  const expected = dump(whole, false).filter(kept);
  const masked = difference(expected, dump(other, false).filter(kept));
  if (masked) return `${what}: ${masked}`;
  if (!expected.some((line) => line.includes(',L'))) return null;
  const full = dump(whole, true);
  const otherFull = dump(other, true);
  // xterm.js forgets the target of links whose row was erased
  if (full.concat(otherFull).some((line) => line.includes('dead'))) return null;
  const linked = difference(full.filter(kept), otherFull.filter(kept));
  return linked ? `${what}: ${linked}` : null;
}

/**
 * What no stream can make: after the screen became lower xterm.js may give the alternate buffer some
 * scrollback; after it became narrower rows of the alternate buffer keep cells that do not show.
 */
function resizedAlternate(terminal, stage) {
  const { alt, active } = terminal._core._bufferService.buffers;
  noteLowered(terminal);
  if (active !== alt) return false;
  if (terminal.lowered) return true;
  return stage > 0 && terminal.hidesCells;
}

function noteHiddenCells(terminal) {
  const { alt, active } = terminal._core._bufferService.buffers;
  terminal.hidesCells = false;
  if (active !== alt) return;
  for (let y = 0; y < alt.lines.length; y++) terminal.hidesCells ||= alt.lines.get(y).length > terminal.cols;
}

function judge(test) {
  overran = false;
  misplaced = false;
  const whole = newTerminal(test.cols, test.rows, test.scrollback);
  try {
    apply(whole, test.before);
  } catch (error) {
    return { skipped: String(error.stack) };
  }
  noteHiddenCells(whole);
  if (resizedAlternate(whole, 0)) return { skipped: 'alternate buffer after a resize' };
  const excuse = uncarried(whole, test.before.some((operation) => !operation.bytes));
  const own = test.dump && difference(dump(whole, false), test.dump);
  const verdict = own ? { failure: `own screen: ${own}` } : judgeFrom(whole, test);
  const slip = overran ? 'rows written over others' : misplaced ? 'texts of marks moved to others' : null;
  const reason = whole.unlike ?? slip ?? (own ? null : excuse);
  return verdict.failure && reason ? { skipped: reason } : verdict;
}

function judgeFrom(whole, test) {
  const other = newTerminal(test.snapshotCols, test.snapshotRows, test.scrollback);
  // what an earlier life of the client may have left behind
  if (test.dirty) {
    write(other, Buffer.from('\x1b[31mold\x1b[?1049h\x1b[20h\x1b[5;3r\x1b]2;unfinished'));
    other.reset();
  }
  write(other, test.snapshot);
  if (other.answers) return { failure: `snapshot was answered: ${JSON.stringify(other.answers)}` };
  // a cut inside a string has no dump of its own: the string ends later
  let failure = compare('at the cut', whole, other);
  if (failure) return { failure };
  let resized = false;
  for (const [name, operations] of [['after the rest', test.rest], ['after the suffix', test.suffix]]) {
    try {
      apply(whole, operations);
    } catch (error) {
      return { skipped: String(error.stack) };
    }
    if (resizedAlternate(whole, 1)) return { skipped: 'alternate buffer after a resize' };
    apply(other, operations);
    resized ||= operations.some((operation) => !operation.bytes);
    failure = compare(name, whole, other, resized);
    if (failure) return { failure };
  }
  return {};
}

function operations(field) {
  return field.split(',').filter((part) => part).map((part) => {
    if (part[0] === 'o') return { bytes: Buffer.from(part.slice(1), 'base64') };
    const [cols, rows] = part.slice(1).split(':').map(Number);
    return { cols, rows };
  });
}

function parse(line) {
  const [cols, rows, scrollback, before, dumped, snapshotCols, snapshotRows, snapshot, rest, suffix, dirty] = line.split('\t');
  return {
    cols: Number(cols),
    rows: Number(rows),
    scrollback: Number(scrollback),
    before: operations(before),
    dump: dumped && Buffer.from(dumped, 'base64').toString('utf8').split('\n'),
    snapshotCols: Number(snapshotCols),
    snapshotRows: Number(snapshotRows),
    snapshot: Buffer.from(snapshot, 'base64'),
    rest: operations(rest),
    suffix: operations(suffix),
    dirty: dirty === 'dirty',
  };
}

for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  let verdict;
  try {
    verdict = judge(parse(line));
  } catch (error) {
    verdict = { failure: `judge: ${error.stack}` };
  }
  const text = verdict.failure ? Buffer.from(verdict.failure).toString('base64') : verdict.skipped ? `skipped ${verdict.skipped.split('\n')[0]}` : 'ok';
  process.stdout.write(text + '\n');
}
