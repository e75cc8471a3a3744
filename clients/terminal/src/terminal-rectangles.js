const BOLD = 0x8000000;
const UNDERLINE = 0x10000000;
const BLINK = 0x20000000;
const INVERSE = 0x4000000;
const INVISIBLE = 0x40000000;
const ALL = BOLD | UNDERLINE | BLINK | INVERSE;
/** Attributes by the parameter of DECCARA and DECRARA. */
const FLAGS = { 1: BOLD, 4: UNDERLINE, 5: BLINK, 7: INVERSE, 8: INVISIBLE };
const OFF = { 22: BOLD, 24: UNDERLINE, 25: BLINK, 27: INVERSE, 28: INVISIBLE };

/** The content of an erased cell in xterm.js' layout, and of a blank. */
const ERASED = 1 << 22;
const BLANK = ERASED | 0x20;
const HAS_EXTENDED = 0x10000000;

/**
 * DECFRA, DECERA, DECSERA, DECCRA, DECCARA, DECRARA and DECSACE, which xterm.js 6.0 does not know: parts of the screen are
 * filled, erased, copied and changed, as the hub does it in its terminal state (`Rectangles`).
 */
export class TerminalRectangles {
  #core;
  #input;

  /** @param core the private part of an xterm.js terminal */
  constructor(core) {
    this.#core = core;
    this.#input = core._inputHandler;
    this.#csi('$', 'x', (params) => this.#fill(params));
    this.#csi('$', 'z', (params) => this.#erase(this.#area(params, 0), false));
    this.#csi('$', '{', (params) => this.#erase(this.#area(params, 0), true));
    this.#csi('$', 'v', (params) => this.#copy(params));
    this.#csi('$', 'r', (params) => this.#change(params, setting(params)));
    this.#csi('$', 't', (params) => this.#change(params, reversing(params)));
    this.#csi('*', 'x', (params) => this.#setExtent(params));
  }

  #csi(intermediates, final, act) {
    this.#core.registerCsiHandler({ intermediates, final }, (params) => {
      act(params);
      return true;
    });
  }

  get #buffer() {
    return this.#core._bufferService.buffer;
  }

  /** The rows that rectangles are counted from, and cut at. */
  get #rows() {
    const { scrollTop, scrollBottom } = this.#buffer;
    const { origin } = this.#core.coreService.decPrivateModes;
    return origin ? { first: scrollTop, end: scrollBottom + 1 } : { first: 0, end: this.#core.rows };
  }

  /** Ends are not included. */
  #area(params, index) {
    const { first, end } = this.#rows;
    const at = (i) => parameter(params, index + i);
    const edge = (last, size) => (last === 0 ? size : Math.min(last, size));
    return {
      top: first + Math.min(Math.max(1, at(0)) - 1, end - first),
      left: Math.min(Math.max(1, at(1)) - 1, this.#core.cols),
      bottom: first + edge(at(2), end - first),
      right: edge(at(3), this.#core.cols),
    };
  }

  #line(y) {
    return this.#buffer.lines.get(this.#buffer.ybase + y);
  }

  #fill(params) {
    const code = parameter(params, 0);
    if (code < 0x20 || code > 0xff || (code > 0x7e && code < 0xa0)) {
      return;
    }
    const pen = this.#input._curAttrData;
    const area = this.#area(params, 1);
    this.#erase(area, false);
    for (let y = area.top; y < area.bottom; y++) {
      for (let x = area.left; x < area.right; x++) {
        this.#line(y).setCellFromCodepoint(x, code, 1, pen);
      }
      if (pen.extended.urlId && !empty(area)) {
        this.#core._oscLinkService.addLineToLink(pen.extended.urlId, this.#buffer.ybase + y);
      }
    }
  }

  #erase(area, selective) {
    if (empty(area)) {
      return;
    }
    for (let y = area.top; y < area.bottom; y++) {
      this.#input._eraseInBufferLine(y, area.left, area.right, false, selective);
    }
    this.#input.markRangeDirty(area.top, area.bottom - 1);
  }

  /** There is one page. */
  #copy(params) {
    const source = this.#area(params, 0);
    const { top, left } = this.#area(params, 5);
    const target = {
      top,
      left,
      bottom: Math.min(this.#rows.end, top + source.bottom - source.top),
      right: Math.min(this.#core.cols, left + source.right - source.left),
    };
    if (empty(source) || empty(target)) {
      return;
    }
    const copies = [];
    for (let y = 0; y < target.bottom - target.top; y++) {
      copies.push(this.#cells(source.top + y, source.left, target.right - target.left));
    }
    this.#erase(target, false);
    copies.forEach((cells, y) => this.#paste(cells, this.#line(target.top + y), target.left));
  }

  #newCell() {
    const { constructor: Cell } = this.#buffer.getNullCell();
    return new Cell();
  }

  #cells(y, from, count) {
    return Array.from({ length: count }, (_, x) => this.#line(y).loadCell(from + x, this.#newCell()));
  }

  /** Half of a wide character stays erased. */
  #paste(cells, line, at) {
    const last = cells.length - 1;
    cells.forEach((cell, x) => {
      const half = (x === 0 && cell.content === 0) || (x === last && cell.getWidth() === 2);
      if (!half) {
        line.setCell(at + x, cell);
      }
    });
  }

  #setExtent(params) {
    const extent = parameter(params, 0);
    if (extent <= 2) {
      this.#core.coreService.decPrivateModes.rectangularExtent = extent === 2; // goes with a reset, as they do
    }
  }

  /** Without DECSACE 2 from the first to the last character of the area. */
  #change(params, change) {
    const area = this.#area(params, 0);
    const whole = this.#core.coreService.decPrivateModes.rectangularExtent;
    for (let y = area.top; y < area.bottom; y++) {
      const from = whole || y === area.top ? area.left : 0;
      const to = whole || y === area.bottom - 1 ? area.right : this.#core.cols;
      for (let x = from; x < to; x++) {
        this.#changeCell(this.#line(y), x, change);
      }
    }
    this.#input.markRangeDirty(area.top, Math.max(area.top, area.bottom - 1));
  }

  /** An erased cell becomes a blank; a wide character changes with its left half. */
  #changeCell(line, x, change) {
    const cell = line.loadCell(x, this.#newCell());
    const fg = change(cell.fg);
    if (cell.content === 0 || fg === cell.fg) {
      return;
    }
    const wide = cell.getWidth() === 2;
    if (cell.content === ERASED) {
      cell.content = BLANK;
    }
    setFlags(line, x, cell, fg);
    if (wide && x + 1 < line.length) {
      const right = line.loadCell(x + 1, this.#newCell());
      if (right.content === 0) {
        setFlags(line, x + 1, right, change(right.fg));
      }
    }
  }
}

function parameter(params, index) {
  return index < params.length ? params.params[index] : 0;
}

/** True also where the parameters are out of order. */
function empty({ top, left, bottom, right }) {
  return top >= bottom || left >= right;
}

/** DECCARA: 0 for none. */
function setting(params) {
  let keep = -1;
  let turn = 0;
  for (let i = 4; i < Math.max(params.length, 5); i++) {
    const code = parameter(params, i);
    const off = code === 0 ? ALL : OFF[code] ?? 0;
    const on = FLAGS[code] ?? 0;
    keep &= ~(off | on);
    turn = (turn & ~off) | on;
  }
  return (fg) => ((fg & keep) ^ turn) >>> 0;
}

/** DECRARA: 0 for all. */
function reversing(params) {
  let turn = 0;
  for (let i = 4; i < Math.max(params.length, 5); i++) {
    const code = parameter(params, i);
    turn ^= code === 0 ? ALL : FLAGS[code] ?? 0;
  }
  return (fg) => (fg ^ turn) >>> 0;
}

/** A cell is underlined by its flag and by its style. */
function setFlags(line, x, cell, fg) {
  const extended = cell.bg & HAS_EXTENDED ? cell.extended.clone() : new cell.extended.constructor();
  const underlined = (fg & UNDERLINE) !== 0;
  if (underlined !== (((extended._ext >>> 26) & 7) !== 0)) {
    extended.underlineStyle = underlined ? 1 : 0;
  }
  cell.fg = fg;
  cell.extended = extended;
  cell.updateExtended();
  line.setCell(x, cell);
}
