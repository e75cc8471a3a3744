import { Terminal } from '../vendor/@xterm/xterm/lib/xterm.mjs';
import { MIN_FONT_PX, cellsThatFit, fontThatFits, sameSize } from './geometry.js';
import { swallowQueries } from './query-filter.js';
import { loadAddons, useWebgl } from './terminal-addons.js';
import { TERMINAL_THEMES } from './themes.js';
import { Utf8Tail } from './utf8-tail.js';

const FONT_FAMILY =
  'ui-monospace, "Cascadia Mono", "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", "Liberation Mono", monospace';
const FONT_PX = 14;
const SMALL_FONT_PX = 13;
/** The same as the hub's default for `session.scrollbackLines`. */
const SCROLLBACK_LINES = 10_000;
/** Room that xterm.js keeps for its scroll bar. */
const SCROLL_BAR_PX = 14;
/** What xterm.js sends at once when a snapshot turns focus events on. */
const FOCUS_REPORTS = ['\x1b[I', '\x1b[O'];
/** ESC c: the same reset as Terminal.reset(), but in order with what is still being written. */
const FULL_RESET = [0x1b, 0x63];

/**
 * A terminal on the page. It always has the size of the session; where that is not the size that
 * fits the page it is letterboxed, or drawn smaller.
 *
 * Events: `text` and `binary` (detail: what the user typed), `title` (detail), `bell`, `clipboard` (detail:
 * a text that a program wants there), `proposal` (the size that would fit has changed; detail: whether
 * the user made it so, by the window or the font).
 */
export class TerminalView extends EventTarget {
  #host;
  #terminal;
  #search;
  #fontPx;
  /** A cell at the normal font: {font, width, height} in pixels. */
  #cell = null;
  #proposal = null;
  /** What the last proposal was made for. */
  #frameKey = '';
  #tail = new Utf8Tail();
  #observer = null;
  /** Scrolled, and not yet a whole line. */
  #scrolledPx = 0;
  /** Snapshots being written. */
  #restoring = 0;

  /**
   * @param look {theme, fontPx (null: what suits the window), screenReader}
   * @param links {openText(event, uri), openNamed(event, uri), hover(uri), leave()}
   */
  constructor(host, look, links) {
    super();
    this.#host = host;
    this.#fontPx = look.fontPx;
    this.#terminal = new Terminal({
      allowProposedApi: true,
      cols: 80,
      rows: 24,
      cursorBlink: false,
      fontFamily: FONT_FAMILY,
      fontSize: FONT_PX,
      linkHandler: {
        activate: (event, uri) => links.openNamed(event, uri),
        hover: (event, uri) => links.hover(uri),
        leave: () => links.leave(),
      },
      scrollback: SCROLLBACK_LINES,
      screenReaderMode: look.screenReader,
      ...themeOptions(look.theme),
    });
    this.#search = loadAddons(this.#terminal, {
      links,
      onClipboard: (text) => this.#restoring === 0 && this.#emit('clipboard', text),
    });
    swallowQueries(this.#terminal.parser);
    this.#terminal.open(host);
    useWebgl(this.#terminal);
    this.#forwardEvents();
    this.#observeSize();
  }

  /** The xterm.js terminal, for tests and debugging. */
  get terminal() {
    return this.#terminal;
  }

  get size() {
    return { cols: this.#terminal.cols, rows: this.#terminal.rows };
  }

  /** The size that fits the page at the normal font, or null while the view is hidden. */
  get proposal() {
    return this.#proposal;
  }

  /** Puts a session's state on a terminal of its size, in place of everything before. */
  restore(cols, rows, bytes, done) {
    this.#inOrder(() => this.#setSize(cols, rows));
    this.#tail.reset();
    const state = this.#tail.take(bytes);
    const whole = new Uint8Array(FULL_RESET.length + state.length);
    whole.set(FULL_RESET);
    whole.set(state, FULL_RESET.length);
    this.#inOrder(() => { this.#restoring++; });
    this.#terminal.write(whole, () => {
      this.#restoring--;
      done?.();
    });
  }

  output(bytes, done) {
    this.#terminal.write(this.#tail.take(bytes), done);
  }

  /** Takes effect at this place in the output. */
  resize(cols, rows) {
    this.#inOrder(() => this.#setSize(cols, rows));
  }

  set readOnly(readOnly) {
    this.#terminal.options.disableStdin = readOnly;
  }

  /** @param look as for the constructor */
  set look({ theme, fontPx, screenReader }) {
    Object.assign(this.#terminal.options, themeOptions(theme), { screenReaderMode: screenReader });
    this.#fontPx = fontPx;
    this.#measure();
  }

  /** The add-on that searches its buffer. */
  get search() {
    return this.#search;
  }

  /** The font before it is shrunk to fit, in CSS pixels. */
  get fontPx() {
    return this.#normalFont();
  }

  get selection() {
    return this.#terminal.getSelection();
  }

  selectAll() {
    this.#terminal.selectAll();
  }

  clearSelection() {
    this.#terminal.clearSelection();
  }

  /** Shown or not. Output is taken either way. */
  set visible(visible) {
    this.#host.hidden = !visible;
    this.#measure();
  }

  get host() {
    return this.#host;
  }

  close() {
    this.#observer.disconnect();
    this.#terminal.dispose();
    this.#host.remove();
  }

  focus() {
    this.#terminal.focus();
    this.#forgetKeysDown();
  }

  /** Types as if the keyboard had done it; pasted text is bracketed where the session asked for it. */
  paste(text) {
    this.#terminal.paste(text);
  }

  type(text) {
    this.#terminal.input(text, true);
  }

  /**
   * Scrolls by pixels at a place of the page. Programs that take the mouse or the whole screen get it as a wheel.
   */
  scroll(pixels, clientX, clientY) {
    if (this.mouseTaken || this.#terminal.buffer.active.type === 'alternate') {
      const wheel = { deltaY: pixels, clientX, clientY, bubbles: true, cancelable: true };
      this.#host.querySelector('.xterm-screen').dispatchEvent(new WheelEvent('wheel', wheel));
      return;
    }
    this.#scrolledPx += pixels;
    const lines = Math.trunc(this.#scrolledPx / this.#cell.height);
    this.#scrolledPx -= lines * this.#cell.height;
    this.#terminal.scrollLines(lines);
  }

  /** True while the session tells pasted text from typed. */
  get bracketedPaste() {
    return this.#terminal.modes.bracketedPasteMode;
  }

  /** True while the session gets the mouse. */
  get mouseTaken() {
    return this.#terminal.modes.mouseTrackingMode !== 'none';
  }

  /** True while the session wants cursor keys as ESC O x. */
  get applicationCursorKeys() {
    return this.#terminal.modes.applicationCursorKeysMode;
  }

  /**
   * A key that went down here and up elsewhere, as the one that switches tabs does, would make xterm.js pass over
   * text that comes without a key: of an input method, an emoji panel, a phone.
   */
  #forgetKeysDown() {
    this.#terminal.textarea.dispatchEvent(new KeyboardEvent('keyup', { key: 'Control', keyCode: 17 }));
  }

  #inOrder(act) {
    this.#terminal.write('', act);
  }

  #setSize(cols, rows) {
    if (!sameSize(this.size, { cols, rows })) {
      this.#terminal.resize(cols, rows);
    }
    this.#layout();
  }

  #forwardEvents() {
    this.#terminal.onData((text) => {
      const setOffBySnapshot = this.#restoring > 0 && FOCUS_REPORTS.includes(text);
      if (!setOffBySnapshot) {
        this.#emit('text', text);
      }
    });
    this.#terminal.onBinary((binary) => this.#emit('binary', binary));
    this.#terminal.onTitleChange((title) => this.#emit('title', title));
    this.#terminal.onCursorMove(() => this.#host.classList.contains('scrolls') && this.#keepCursorInSight());
    this.#terminal.onBell(() => this.#restoring === 0 && this.#emit('bell'));
  }

  #emit(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  /** The host's size changes with the window, the screen's with the font and the cells. */
  #observeSize() {
    this.#observer = new ResizeObserver(() => this.#measure());
    this.#observer.observe(this.#host);
    this.#observer.observe(this.#host.querySelector('.xterm-screen'));
    document.fonts?.ready.then(() => this.#measure());
  }

  #measure() {
    const area = this.#area();
    if (area.width <= 0 || area.height <= 0) {
      return;
    }
    this.#layout();
    const proposal = this.#cell && cellsThatFit(area, this.#cell);
    if (proposal && !sameSize(proposal, this.#proposal)) {
      this.#proposal = proposal;
      this.#emit('proposal', this.#isByUser());
    }
  }

  /** The user changes the window, its zoom or the font; all else is the page's own layout. */
  #isByUser() {
    const key = [innerWidth, innerHeight, devicePixelRatio, this.#normalFont()].join(' ');
    const first = this.#frameKey === '';
    const changed = key !== this.#frameKey;
    this.#frameKey = key;
    return changed && !first;
  }

  /** Chooses the font so that the session's cells fit, and learns the size of a normal cell. */
  #layout() {
    const normal = this.#normalFont();
    const options = this.#terminal.options;
    this.#learnCell(normal);
    if (this.#cell !== null) {
      const font = fontThatFits(this.#area(), this.#cell, normal, this.size);
      if (options.fontSize !== font) {
        options.fontSize = font;
      }
    }
    const fits = this.#cell !== null && sameSize(cellsThatFit(this.#area(), this.#cell), this.size);
    this.#host.classList.toggle('letterboxed', !fits);
    this.#host.classList.toggle('scrolls', options.fontSize === MIN_FONT_PX);
    this.#frame();
    this.#keepCursorInSight();
  }

  /**
   * Cells are whole pixels, so their size at one font says little about another: it is measured at
   * the normal font, which is set for that where it has changed. xterm.js measures at once.
   */
  #learnCell(normal) {
    const options = this.#terminal.options;
    if (this.#cell?.font !== normal) {
      options.fontSize = normal;
    }
    const screen = this.#host.querySelector('.xterm-screen')?.getBoundingClientRect();
    if (options.fontSize === normal && screen?.width > 0) {
      const { cols, rows } = this.size;
      this.#cell = { font: normal, width: screen.width / cols, height: screen.height / rows };
    }
  }

  /** A terminal that is larger than the page even at the smallest font scrolls to where something happens. */
  #keepCursorInSight() {
    const { cursorY } = this.#terminal.buffer.active;
    const screen = this.#host.querySelector('.xterm-screen');
    const bottom = ((cursorY + 1) / this.#terminal.rows) * screen.offsetHeight;
    this.#host.scrollTo(0, Math.max(0, bottom - this.#area().height));
  }

  /** The terminal element is as large as its cells, so that the page can show where it ends. */
  #frame() {
    const screen = this.#host.querySelector('.xterm-screen');
    const { style } = this.#terminal.element;
    style.width = `${Math.ceil(screen.offsetWidth) + SCROLL_BAR_PX}px`;
    style.height = `${Math.ceil(screen.offsetHeight)}px`;
  }

  #normalFont() {
    return this.#fontPx ?? (this.#host.offsetWidth < 560 ? SMALL_FONT_PX : FONT_PX);
  }

  /**
   * What the cells may fill: the host without its padding and the terminal's scroll bar. The host's own scroll
   * bars do not count: they come and go with the session's size, which must not follow from itself.
   */
  #area() {
    const style = getComputedStyle(this.#host);
    const pad = (...sides) => sides.reduce((sum, side) => sum + parseFloat(style[`padding${side}`]), 0);
    return {
      width: this.#host.offsetWidth - pad('Left', 'Right') - SCROLL_BAR_PX,
      height: this.#host.offsetHeight - pad('Top', 'Bottom'),
    };
  }
}

/** The session's programs choose colours for a dark screen: on a light one contrast is enforced. */
function themeOptions(theme) {
  return { theme: { ...TERMINAL_THEMES[theme] }, minimumContrastRatio: theme === 'light' ? 4.5 : 1 };
}
